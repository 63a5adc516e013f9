"""Leaves out of a built site what none of its pages can use: first visits stay light.

Material's style sheets know many more parts than we have, and Pygments marks every
name and bracket of a program, to which we give no color of their own.
"""

import re
import shutil
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

import tinycss2  # type: ignore[import-untyped]

from neuralblog_site.inpage.assemble import REMARK, tight
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.page import stamp

PLAIN = re.compile(r'<span class="(?:bp|kc|n|nn|o|ow|p|sa|vm|w)">([^<]*)</span>')
STRING = re.compile(r'(?:<span class="s[i2]">[^<]*</span>)+')  # with {braces}
CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
NOT_OURS = re.compile(  # ours takes in Material's, and has colors of its own
    r'<link rel="stylesheet" href="[^"]*/(?:main|palette|_mkdocstrings)[^"]*">'
)
SET = (
    r"[a-z]+[-_][\w-]+"  # a class that a script may set: "warning" is just a word there
)
OFF = re.compile(  # see mkdocs.yml
    r"md-(annotation|mermaid|source|status|tag-icon|version)|\.md-tooltip(?!2)|tabbed"
    r"|\[(data-linenos|dir=rtl|role=columnheader)|\bkbd\b"
)


def slim_page(text: str) -> str:
    """A page without marks that show nothing, and without what only its writers read."""
    text = STRING.sub(_one_string, PLAIN.sub(r"\1", text))
    before, article, after = re.split(r"(<article.*</article>)", text, flags=re.DOTALL)
    return _tight(NOT_OURS.sub("", before)) + article + _tight(after)


def _tight(text: str) -> str:
    """Without blanks around lines, and without the remarks of scripts."""
    return re.sub(r"\n//[^\n]*", "", re.sub(r"\s*\n\s*", "\n", text))


def slim_scripts(out: Path) -> None:
    """Leave the remarks out of our own, and what indents them."""
    for script in out.glob("assets/js/*.js"):
        script.write_bytes(REMARK.sub(b"", script.read_bytes()))


def slim_styles(out: Path) -> None:
    """Join Material's rules and ours, for what stands in a page or a script of the site."""
    folder = out / "assets" / "stylesheets"
    material = min(folder.rglob("main.*.css"))  # Zensical has a modern one beside it
    ours = out / "assets" / "css" / "neuralblog.css"
    scripts = [*out.glob("assets/**/*.js"), *ROOT.glob("web/**/*.js")]
    known = frozenset(in_pages(out, _classes) | _words(scripts, SET))
    named = frozenset(_words([*scripts, *ROOT.glob("web/**/*.css")], r"--[\w-]+"))
    sheets = "".join(sheet.read_text("utf-8") for sheet in (material, ours))
    ours.write_bytes(_slimmed(sheets, known, named))
    shutil.rmtree(folder)


def in_pages(out: Path, what: Callable[[str], set[str]]) -> set[str]:
    """All that is found in the pages of a built site; one that is as it was stays read."""
    pages = [(path, stamp(path)) for path in out.rglob("*.html")]
    return set().union(*(_in_page(what, *page) for page in pages))


@lru_cache(10_000)
def _in_page(
    what: Callable[[str], set[str]], path: Path, edited: tuple[int, int]
) -> set[str]:
    return what(path.read_text(encoding="utf-8"))


def _classes(text: str) -> set[str]:
    return set(" ".join(re.findall(r'class="([^"]*)"', text)).split())


@lru_cache(4)
def _slimmed(sheets: str, known: frozenset[str], named: frozenset[str]) -> bytes:
    """The rules that a site needs which knows such classes, and names such variables."""
    slim = _slim(_rules(sheets), known)
    asked = named.union(re.findall(r"var\((--[\w-]+)", slim))
    used = frozenset(name for name in asked if not OFF.search(name))
    return tight(_slim(_rules(slim), known, used).encode())


def _one_string(parts: re.Match[str]) -> str:
    return f'<span class="s2">{re.sub("<[^>]*>", "", parts[0])}</span>'


def _words(paths: Iterable[Path], word: str = r"[\w-]+") -> set[str]:
    texts = (path.read_text(encoding="utf-8") for path in paths)
    return {found for text in texts for found in re.findall(word, text)}


def _rules(text: str) -> list[Any]:
    return list(tinycss2.parse_stylesheet(text, True, True))


def _slim(
    rules: list[Any], known: frozenset[str], values: frozenset[str] | None = None
) -> str:
    """The rules whose classes are known; of Material's variables, those in `values`."""
    made = []
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = re.split(r",(?![^(\[]*[)\]])", tinycss2.serialize(rule.prelude))
            used = [selector for selector in selectors if _used(selector, known)]
            content = tinycss2.serialize(rule.content)
            if values is not None and "--md" in content:
                declared = tinycss2.parse_blocks_contents(rule.content, True, True)
                kept = [d for d in declared if d.name[:4] != "--md" or d.name in values]
                content = tinycss2.serialize(kept)
            if used and content.strip():
                made.append(f"{','.join(used)}{{{content}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports"):
            inside = tinycss2.parse_rule_list(rule.content, True, True)
            inner = _slim(inside, known, values)
            prelude = tinycss2.serialize(rule.prelude)
            made.append(f"@{rule.at_keyword}{prelude}{{{inner}}}" if inner else "")
        else:
            made.append(rule.serialize())
    return "".join(made)


def _used(selector: str, known: frozenset[str]) -> bool:
    required = re.sub(r":(?:not|is|where|has)\(.*?\)", "", selector)
    return not OFF.search(selector) and known.issuperset(CLASS.findall(required))
