"""Rules on pictures, their descriptions, and raw HTML."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from neuralblog_site.project.places import ROOT
from neuralblog_site.rules import Finding, rule
from neuralblog_site.rules.front_matter import nearest
from neuralblog_site.rules.picture_files import STILL, picture_faults
from neuralblog_site.sources.markup import EXPLORABLE, unlisted
from neuralblog_site.sources.page import AUTOLINK, Page

MARKS = r"(?<!\w)\*\*?\w[^*]*\*|\$[^$ ][^$]*\$|`|\]\("
PLAIN = "write plain words: it is read aloud"
ALLOWED = {"abbr", "br", "dfn", "kbd", "mark", "small", "sub", "sup", "wbr"}
REFUSED = {
    *("script", "iframe", "object", "embed", "style", "form", "base", "link", "meta"),
}
EMPTY = {
    *("image", "picture", "figure", "plot", "graph", "chart", "photo", "diagram"),
    *("alt", "todo", "a", "an", "the", "of", "this"),
    *("screenshot", "screen", "shot", "at", "am", "pm", "from"),
}


@rule(
    "IM01",
    "no description, or one that says nothing",
    "say what is seen, in a sentence",
)
def described(page: Page) -> Iterator[Finding]:
    """Those who cannot see the picture read or hear it instead."""
    for snippet in page.snippets:
        for line, alt in zip(snippet.figure_lines, snippet.figures, strict=True):
            if _says_nothing(alt):
                yield line, f"the figure comment {alt!r} says too little"
            elif found := re.search(MARKS, alt):
                yield line, f"marks in a figure comment: {found[0]!r}", PLAIN
    for line, image in page.placed("//img", "src"):
        source, alt = image.get("src", ""), image.get("alt")
        decorates = alt == "" and image.get("aria-hidden") == "true"
        if not decorates and _says_nothing(alt or "", unquote(source)):
            yield line, f"the description {alt or ''!r} says too little"
        elif found := re.search(MARKS, alt or ""):
            yield line, f"marks in a description: {found[0]!r}", PLAIN


@rule(
    "IM02",
    "a picture that is missing, remote, too large, or no picture",
    "put it into docs/assets/images, as .svg, .png, .jpg or .webp, "
    "with at most 200 KB and 2000 pixels a side",
)
def usable(page: Page) -> Iterator[Finding]:
    """The site shows nothing from elsewhere, and nothing that makes readers wait."""
    for line, image in page.placed("//img[@src]", "src"):
        if _elsewhere(source := str(image.get("src"))):
            yield line, f"the picture {source} is on another site"
    for path, (line, source) in shown(page).items():
        if not path.is_file():
            yield line, f"there is no picture {source}"
    yield from _faults(page, "IM02")


@rule(
    "IM03",
    "a picture that says where it was taken, or where it was saved",
    "save it without metadata, and amend the commit",
)
def private(page: Page) -> Iterator[Finding]:
    """A telephone writes the place of your home into a photo, and the site hands it on.

    A later commit does not take it out of the history.
    """
    yield from _faults(page, "IM03")


@rule("IM04", "a picture that moves", STILL)
def still(page: Page) -> Iterator[Finding]:
    """Nobody can stop it while reading, and paper shows one moment of it.

    An SVG may move for those who have not asked for less motion.
    """
    yield from _faults(page, "IM04")


@rule("HT01", "raw HTML", "write it in Markdown", ("post", "lab", "page"))
def plain(page: Page) -> Iterator[Finding]:
    """Scripts and styles of strangers stay out.

    Posts may have abbr, br, dfn, kbd, mark, small, sub, sup, wbr and the site's own
    `nb-` elements; other pages more, but no script, style, frame or handler either.
    """
    told: set[str | None] = set()
    post = page.kind in ("post", "lab")
    around = 0  # the end of a refused element, which is told as a whole
    parser = _Tags()
    parser.feed(AUTOLINK.sub("", "\n".join(page.prose)))
    for line, said in parser.declared:
        yield line, f"the tag <{said}>", "delete it"
    for number, (line, tag, attributes) in enumerate(parser.found):
        if tag in REFUSED or (
            post and tag not in ALLOWED and not tag.startswith("nb-")
        ):
            told.update(value or "" for _, value in attributes)
            if number >= around:
                around = parser.ends.get(number, 0)
                yield line, f"the tag <{tag}>"
            continue
        for name, value in attributes:
            handler = name.startswith("on") or (post and name == "style")
            if handler or (value or "").strip().lower().startswith("javascript:"):
                told.add(value)
                yield line, f"the attribute {name} of <{tag}>"
    for name, value in _given(page):  # by braces, as in `{: onclick="..." }`
        if value not in told:
            written = rf"\b{re.escape(name)}\s*=\s*[\"']?{re.escape(value)}|\{{[^}}]*\b{re.escape(name)}\b"
            yield page.search(written), f"the attribute {name}"
    for name in ("href", "src", "on"):
        for value in page.html.xpath(f"//@*[starts-with(name(), '{name}')]"):
            runs = str(value).strip().lower().startswith(("javascript:", "data:text"))
            if runs and value not in told:
                yield page.find(str(value)), "a link that runs a script"


@rule(
    "HT03",
    "a tag or a comment that is not closed, or that holds nothing",
    "close it",
    ("post", "lab", "page"),
)
def closed(page: Page) -> Iterator[Finding]:
    """What follows may be swallowed by it, or is shown as it."""
    parser = _Tags()
    parser.feed(AUTOLINK.sub("", "\n".join(page.prose)))
    for number, (line, tag, _) in enumerate(parser.found):
        known = tag in ALLOWED or tag.startswith("nb-")
        if known and tag not in ("br", "wbr") and number not in parser.ends:
            yield line, f"<{tag}> is not closed", f"write `</{tag}>` after it"
    for line, tag in parser.stray:
        if tag in ALLOWED:
            yield line, f"</{tag}> closes nothing", f"write `<{tag}>` before it"
    for number, line, inner in parser.crossed:
        tags = {parser.found[number][1], parser.found[inner][1]}
        if inner in parser.ends and tags <= ALLOWED:
            what = f"<{parser.found[inner][1]}> ends outside of where it began"
            yield line, what, "close first what was opened last"
    for number, last in parser.last.items():
        line, tag, _ = parser.found[number]
        if tag in ALLOWED and not all(map(str.strip, page.lines[line - 1 : last])):
            yield line, f"<{tag}> around paragraphs", "write it inside of each"
    for number, row in enumerate(page.prose, 1):
        empty = re.search(
            rf"<({'|'.join(ALLOWED)})\b[^<>]*></\1>", page.lines[number - 1]
        )
        if empty and empty[0] in row:
            yield number, f"nothing in {empty[0]}", "write it, or delete it"
        if "<!--" in row:
            yield number, "a comment that is not closed", "write `-->` after it"
        elif re.search(r"<!(-(?!-)|[\u2013\u2014])", row):
            fix = "write `<!-- ... -->`, with two hyphens"
            yield number, "a comment that is shown as text", fix


@rule(
    "HT02",
    "an explorable that there is not, or an element with something in it",
    'write `<nb-explorable name="NAME"></nb-explorable>` on a line of its own',
)
def explorable(page: Page) -> Iterator[Finding]:
    """The build puts its picture there; a name that it does not know leaves a hole."""
    scripts = ROOT / "web" / "explorables"
    there = sorted(path.stem for path in scripts.glob("*.js"))
    for line, row in enumerate(page.prose, 1):
        if unknown := re.search(r"<(nb-(?!explorable\b)[\w-]+)", row):
            yield line, f"there is no element <{unknown[1]}>"
        if "<nb-explorable" not in row:
            continue
        match = EXPLORABLE.fullmatch(row)
        if match is None:
            yield line, "an element that is not written as the build reads it"
        elif match["name"] not in there:
            what = f"there is no explorable {match['name']!r}"
            yield line, what, nearest(match["name"], there)


def _given(page: Page) -> Iterator[tuple[str, str]]:
    """Attributes of a rendered page that it may not have, but for a table's alignment."""
    for element in page.html.iter("*"):
        styled = page.kind != "page" and element.tag not in ("td", "th")
        for name in [*unlisted(element), *(["style"] if styled else [])]:
            # an underscore stands for what is no name
            if name in element.attrib and name[0] != "_":
                yield name, str(element.get(name))


@lru_cache(1000)  # pages, as the facts of them
def shown(page: Page) -> dict[Path, tuple[int, str]]:
    """The files of the pictures that a page shows: the line, and how each is named."""
    found: dict[Path, tuple[int, str]] = {}
    for line, image in page.placed("//img[@src]", "src"):
        source = str(image.get("src"))
        if not _elsewhere(source):
            path = page.path.parent / unquote(urlsplit(source).path)
            found.setdefault(path.resolve(), (line, source))
    return found


def _elsewhere(source: str) -> bool:
    return bool(urlsplit(source).scheme) or source.startswith("//")


def _faults(page: Page, code: str) -> Iterator[Finding]:
    """What of this rule is wrong with the files that a page shows."""
    for path, (line, source) in shown(page).items():
        if path.is_file():
            for fault, what, fix in picture_faults(path):
                if fault == code:
                    yield line, f"{source} {what}", fix


class _Tags(HTMLParser):
    """Collects every tag that opens, with its line, and how many its element ends."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str, list[tuple[str, str | None]]]] = []
        self.ends: dict[int, int] = {}
        self.last: dict[int, int] = {}  # the lines where they end
        self.crossed: list[tuple[int, int, int]] = []  # closed before what is inside
        self.stray: list[tuple[int, str]] = []
        self.declared: list[tuple[int, str]] = []  # `<!DOCTYPE html>`, `<?php ?>`

    def handle_decl(self, decl: str) -> None:
        self.declared.append((self.getpos()[0], f"!{decl[:20]}"))

    def handle_pi(self, data: str) -> None:
        self.declared.append((self.getpos()[0], f"?{data[:20]}"))

    def unknown_decl(self, data: str) -> None:
        self.declared.append((self.getpos()[0], f"![{data[:20]}"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((self.getpos()[0], tag, attrs))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)  # browsers do not read its `/`

    def handle_endtag(self, tag: str) -> None:
        for number in range(len(self.found) - 1, -1, -1):
            if self.found[number][1] == tag and number not in self.ends:
                inside = range(number + 1, len(self.found))
                self.ends[number], line = len(self.found), self.getpos()[0]
                self.last[number] = line
                self.crossed += [
                    (number, line, n) for n in inside if n not in self.ends
                ]
                return
        self.stray.append((self.getpos()[0], tag))


def around(page: Page, line: int) -> int:
    """The last line of what HTML opens in this line, in which no Markdown is read."""
    parser = _Tags()
    parser.feed(AUTOLINK.sub("", "\n".join(page.prose)))
    opened = {n for n, (at, *_) in enumerate(parser.found) if at == line}
    return max((parser.last.get(n, line) for n in opened), default=line)


def _says_nothing(alt: str, source: str = "") -> bool:
    words = re.findall(r"[^\W\d]+", alt.lower())
    named = Path(source).name.lower() in alt.lower() if source else False
    return len(words) < 4 or named or EMPTY.issuperset(words)
