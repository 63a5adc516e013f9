"""The page that lists what the posts claim, with what holds it up."""

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from weakref import WeakKeyDictionary

from neuralblog_site.sources.claims import Claim, claims, linked
from neuralblog_site.sources.evidence import Fact, facts
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import position

Told = tuple[list[Path], list[list[Fact]] | None, list[Claim]]
TOLD: WeakKeyDictionary[Page, Told] = WeakKeyDictionary()
HEAD = "<thead><tr><th>line</th><th>claim</th><th>held by</th></tr></thead>"


def listed(root: str, pages: Iterable[Page]) -> str:
    """The posts, in the order of the series, each with its claims, as HTML."""
    posts = sorted(pages, key=lambda page: position(page.slug) or 99)
    total = _counts(claim for page in posts for claim in _told(page))
    sections = "".join(_section(root, page, _told(page)) for page in posts)
    return f"<p>All posts together: {total}.</p>{sections}"


def _told(page: Page) -> list[Claim]:
    """The claims of a page, found anew if it was edited, or what may hold them."""
    links, holding, found = TOLD.get(page, ([], None, []))
    there = [facts(page.site.page(path)) for path in links if path.exists()]
    if holding != there:
        links, found = linked(page), list(claims(page))
        TOLD[page] = links, [facts(page.site.page(path)) for path in links], found
    return found


def _section(root: str, page: Page, told: list[Claim]) -> str:
    title = escape(page.title)
    link = f'<a href="{root}{page.slug}/">{title}</a>'
    bare = [claim for claim in told if not claim.held]
    held = [claim for claim in told if claim.held]
    items = "".join(f"<li>Line {n}: {text}</li>" for n, text, _ in _rows(bare))
    openly = f"<p>Neither measured nor cited:</p><ul>{items}</ul>" if bare else ""
    rows = "".join(
        f"<tr><td>{line}</td><td>{text}</td><td>{by}</td></tr>"
        for line, text, by in _rows(held)
    )
    table = f"<table>{HEAD}<tbody>{rows}</tbody></table>"
    folded = (
        f"<details><summary>What holds {len(held)} claims</summary>{table}</details>"
    )
    heading = f'<h2 id="{page.slug}">{link}</h2>'
    return f"{heading}<p>{_counts(told)}.</p>{openly}{folded if held else ''}"


def _counts(told: Iterable[Claim]) -> str:
    kinds = [
        "measured" if c.measured else "cited" if c.held else "neither" for c in told
    ]
    return ", ".join(f"{kinds.count(k)} {k}" for k in ("measured", "cited", "neither"))


def _rows(told: list[Claim]) -> Iterator[tuple[int, str, str]]:
    """A row for each sentence: its line, its text with the claims bold, what holds them."""
    for sentence, same in groupby(told, key=lambda claim: claim.sentence):
        each = list(same)
        text = escape(sentence, quote=False)
        for said in sorted({escape(c.said, quote=False) for c in each}, key=len):
            whole = rf"(?<![\w.,>]){re.escape(said)}(?!\w)"
            text = re.sub(whole, rf"<b>{said}</b>", text, count=1)
        by = dict.fromkeys(claim.held for claim in each)
        yield each[0].line, text, escape("; ".join(by), quote=False)
