"""Whether the book says what the pages say that it was made of, and nothing else."""

from collections import Counter
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import lxml.html
from lxml.html import HtmlElement

from neuralblog_site.pages.book import PLACE
from neuralblog_site.pages.book_chapter import (
    FIGURES,
    FRAME,
    NAMED,
    SNIPPETS,
    Chapter,
    said,
    take_out,
)
from neuralblog_site.project.problems import Problem

FIX = "mend pages/book_chapter.py, and make the book again"
LINES = (
    "self::p or self::li or self::dt or self::dd or self::td or self::th or self::pre"
)


def problems(text: str, chapters: list[Chapter]) -> Iterator[Problem]:
    """What the book lacks, or says otherwise than the pages that it was made of."""
    tree = lxml.html.fromstring(text)
    names = [str(name) for name in tree.xpath("//@id")]
    inside = [str(link)[1:] for link in tree.xpath("//a/@href") if link[0] == "#"]
    used = [str(link)[1:] for link in tree.xpath("//use/@*") if link[0] == "#"]
    used += [name for value in tree.xpath("//@*") for name in NAMED.findall(value)]
    for name in sorted(name for name, n in Counter(names).items() if n > 1):
        yield _problem(f"two things are called {name}")
    for name in sorted({*inside, *used} - {*names}):
        yield _problem(f"the link #{name} leads to nothing")
    order = [str(name) for name in tree.xpath("//main/section/@id")]
    if order != [chapter.slug for chapter in chapters]:
        yield _problem(f"its parts are {', '.join(order)}")
        return
    for chapter, made in zip(chapters, tree.xpath("//main/section"), strict=True):
        for what, count in COMPARED.items():
            lost = count(chapter.article) - count(made)
            more = count(made) - count(chapter.article)
            for item in (*lost, *more):
                how = "lacks" if item in lost else "has, and the page has not,"
                yield _problem(f"{chapter.slug} {how} {what} {str(item)[:80]!r}")


def _problem(what: str) -> Problem:
    return Problem(PLACE, 1, "IN08", what, FIX)


def _snippets(article: HtmlElement) -> Counter[tuple[str, ...]]:
    return Counter(
        tuple(block.text_content() for block in snippet.iter("pre"))
        for snippet in article.xpath(SNIPPETS)
    )


def _figures(article: HtmlElement) -> Counter[tuple[str, ...]]:
    """Each picture by its description, and all that is drawn: everything but names."""
    drawn = article.xpath(f"{FIGURES} | .//img")
    found = [[v for e in p.iter() for k, v in e.items() if k != "id"] for p in drawn]
    told = [str(p.get("aria-label") or p.get("alt")) for p in drawn]
    parts = zip(told, found, strict=True)
    return Counter((text, *(v for v in row if "#" not in v)) for text, row in parts)


def _lines(article: HtmlElement) -> Counter[str]:
    """Every piece of text, but for what only the page or only the book says."""
    ours = deepcopy(article)
    take_out(ours.xpath(f"{FRAME} | .//*[contains(@class, 'nb-book')]"))
    rows = ours.xpath(f".//*[{LINES} or self::summary or self::h2 or self::h3]")
    return Counter(said(row) for row in rows)


COMPARED: dict[str, Callable[[HtmlElement], Counter[Any]]] = {
    "the snippet": _snippets,
    "the figure": _figures,
    "the text": _lines,
}
