"""The four promises, checked on the pages as they were built.

1. Every block that looks like Python or shell was executed in this build.
2. Nothing is skipped or hidden.
3. Every snippet that prints shows its output; every figure shown is described.
4. One post is one page, one entry of the feed and one of the archive.

Links lead somewhere, what was published once is still there, and the pages are made
of nothing but what `markup.py` lists.

Blocks are found by what a reader sees, not by marks that our own extension leaves, and
told apart by equality with what was run, printed, or written in the sources.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from textwrap import dedent
from urllib.parse import unquote, urlsplit

import lxml.html
from lxml.html import HtmlElement

from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import Problem, stop_at
from neuralblog_site.running.ran import Entry, read
from neuralblog_site.sources import addresses
from neuralblog_site.sources.addresses import address_of
from neuralblog_site.sources.library_code import LIBRARY, source
from neuralblog_site.sources.markup import faults
from neuralblog_site.sources.page import PYTHON, Page, looks_like_python
from neuralblog_site.sources.site import Site

EXAMPLES = "Examples:\n"  # of a docstring
SHELL = ("sh", "bash", "shell", "zsh")
SHOWN = ("markdown", "yaml", "toml", "json", "html", "css", "bibtex", "console")
HIDDEN = (
    "ancestor-or-self::*[@hidden or @aria-hidden='true' "
    "or contains(translate(@style, ' ', ''), 'display:none')]"
)
ARCHIVED = "//main//a/@href | //article//a/@href"


@dataclass
class Promises:
    """What was counted, and what is broken."""

    blocks: int = 0
    executed: int = 0
    skipped: int = 0
    outputs: int = 0
    figures: int = 0
    posts: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def summary(self) -> str:
        """One line for every build."""
        return (
            f"{self.blocks} blocks look like code, {self.executed} of them ran; "
            f"{self.skipped} are skipped or hidden; {self.outputs} outputs and "
            f"{self.figures} described figures are shown; {self.posts} posts are "
            "pages and entries of feed and archive."
        )


def verify_built(out: Path, notes: Path) -> None:
    """Print what was counted in a built site. Raises Broken if a promise is."""
    promises = check_built(out, read(notes))
    print(f"  {promises.summary}", flush=True)
    stop_at(promises.problems)


def check_built(out: Path, noted: set[Entry], root: Path = ROOT) -> Promises:
    """Check a built site against its sources and against what this build ran."""
    site, promises = Site(root), Promises()
    places = {page: f"{address_of(page)}index.html" for page in site.pages()}
    sources = {place.removeprefix("./"): page for page, place in places.items()}
    codes = {_squeezed(entry.code): entry for entry in noted}
    ran: dict[str, dict[int, Entry]] = {}
    for entry in noted:
        ran.setdefault(entry.page, {})[entry.line] = entry
    links, archive = Links(out), set[str]()
    for page, tree in read_trees(out):
        links.note(page, tree)
        if page.startswith("archive/"):
            archive.update(map(str, tree.xpath(ARCHIVED)))
        if origin := sources.get(page):
            there = ran.get(origin.name, {})
            promises.problems += _shown(tree, origin, there, promises)
        promises.problems += _blocks(tree, page, origin, codes, promises)
        promises.problems += _figures(tree, page, promises)
        for line, what in faults(tree):
            fix = "write it in Markdown, or list it in sources/markup.py"
            promises.problems.append(Problem(page, line, "IN07", what, fix))
    promises.problems += links.broken()
    promises.problems += _one_of_each(out, archive, site, promises)
    cures = {p.line: p.fix for p in addresses.problems(site) if p.code == "UR02"}
    for row in addresses.listed((root / addresses.NAME).read_text(encoding="utf-8")):
        if not (out / row.address / "index.html").exists():
            what = f"{row.address} is no page of the site"
            origin = sources.get(f"{row.address}index.html")
            draft = origin is not None and origin.draft
            again = "take `draft: true` away" if draft else "build again"
            fix = cures.get(row.line, again)
            problem = Problem(addresses.NAME, row.line, "IN05", what, fix)
            promises.problems.append(problem)
    promises.problems.sort()
    return promises


def _blocks(
    tree: HtmlElement,
    page: str,
    origin: Page | None,
    codes: dict[str, Entry],
    promises: Promises,
) -> Iterator[Problem]:
    """Promises 1 and 2, on one page."""
    fences = origin.fences if origin is not None else []
    shown = {_squeezed(fence.text) for fence in fences if fence.info in SHOWN}
    before = ""  # what the block above printed
    for block in tree.iter("pre"):
        text = _squeezed(block.text_content())
        ran = text in codes
        language = _language(block)
        if ran or text in _library():
            before = codes[text].stdout if ran else ""
        elif text == _squeezed(before):
            continue  # what the block above it printed
        elif text in shown:
            continue
        if not (ran or language in PYTHON + SHELL or looks_like_python(text + "\n")):
            continue
        promises.blocks += 1
        promises.executed += ran or text in _library()
        line, first = block.sourceline or 1, text.split("\n")[0][:60]
        if not ran and text not in _library():
            what = f"a block that looks like code was not run: {first!r}"
            yield Problem(page, line, "IN01", what, "show it as a ```python snippet")
        if block.xpath(HIDDEN):
            promises.skipped += 1
            what = f"a hidden block: {first!r}"
            yield Problem(page, line, "IN02", what, "show it, or fold it with `???`")


def _figures(tree: HtmlElement, page: str, promises: Promises) -> Iterator[Problem]:
    """Promise 3, for the figures of one page."""
    for figure in tree.iter("figure"):
        drawn = figure.xpath(".//svg[not(ancestor::svg)] | .//img")
        for picture in drawn:
            label = picture.get("aria-label") or picture.get("alt") or ""
            if label.strip():
                promises.figures += 1
            else:
                line = figure.sourceline or 1
                what, fix = "a figure without a description", "write its figure comment"
                yield Problem(page, line, "IN03", what, fix)


def _shown(
    tree: HtmlElement, origin: Page, ran: dict[int, Entry], promises: Promises
) -> Iterator[Problem]:
    """Promise 3, for what the snippets of a source print and draw."""
    blocks = [_squeezed(block.text_content()) for block in tree.iter("pre")]
    figures = tree.xpath("//figure[.//svg or .//img]")
    for snippet in origin.snippets:
        entry = ran.get(snippet.line)
        if entry is None or _squeezed(entry.code) not in blocks:
            what = f"the snippet of line {snippet.line} is not on the page, or not run"
            fix = "see that the Markdown extension is on"
            yield Problem(origin.name, snippet.line, "IN01", what, fix)
        elif entry.stdout:
            at = blocks.index(_squeezed(entry.code)) + 1
            if _squeezed(entry.stdout) not in blocks[at : at + 1]:
                what, fix = "its output is not below it", "build the page again"
                yield Problem(origin.name, snippet.line, "IN03", what, fix)
            promises.outputs += 1
    drawn = sum(e.figures for e in ran.values())
    if len(figures) < drawn:
        what = f"its snippets drew {drawn} figures, the page shows {len(figures)}"
        yield Problem(origin.name, 1, "IN03", what, "build the page again")


def _one_of_each(
    out: Path, archive: set[str], site: Site, promises: Promises
) -> Iterator[Problem]:
    """Promise 4."""
    posts = {page.slug: page for page in site.posts()}
    entry = "//*[local-name()='entry']/*[local-name()='link']"
    feed = _entries(out / "feed.xml", entry)
    fed, archived = Counter(map(_end, feed)), Counter(map(_end, archive))
    fix = "give each post its own slug, and build again"
    for slug, page in posts.items():
        counts = {
            "page": (out / slug / "index.html").exists(),
            "entry of the feed": fed[slug],
            "entry of the archive": archived[slug],
        }
        wrong = [f"{count:d} x {name}" for name, count in counts.items() if count != 1]
        promises.posts += not wrong
        if wrong:
            what = f"the post has {', '.join(wrong)}, not one"
            yield Problem(page.name, 1, "IN04", what, fix)
    for link in [k for k in feed if _end(k) not in posts]:
        yield Problem("feed.xml", 1, "IN04", f"no post belongs to {link}", fix)
    if len(posts) != len(site.posts()):
        yield Problem("docs/posts", 1, "IN04", "two posts have one slug", fix)


def read_trees(out: Path) -> Iterator[tuple[str, HtmlElement]]:
    """Every page of a built site, with its place there, one after another.

    All trees at once would need gigabytes.
    """
    for path in sorted(out.rglob("*.html")):
        text = path.read_bytes().decode("utf-8") or "<p></p>"
        yield path.relative_to(out).as_posix(), lxml.html.fromstring(text)


class Links:
    """Where the built pages lead, whatever builder made them, and where they can be met."""

    def __init__(self, out: Path) -> None:
        self.out = out.resolve()
        self.ids: dict[Path, set[str]] = {}
        self.found: list[tuple[str, str, int]] = []  # a page, a link and its line

    def note(self, page: str, tree: HtmlElement) -> None:
        """Take down what a page has."""
        self.ids[self.out / page] = set(map(str, tree.xpath("//@id")))
        if page == "404.html":  # it is shown at any address, so its links start there
            return
        for element in tree.xpath("//*[@href or @src]"):
            link = str(element.get("href") or element.get("src"))
            parts = urlsplit(link)
            if not (parts.scheme or parts.netloc or element.tag == "base"):
                self.found.append((page, link, element.sourceline or 1))

    def broken(self) -> Iterator[Problem]:
        """Those that lead to nothing."""
        for page, link, line in self.found:
            path, parts = self.out / page, urlsplit(link)
            target = (path.parent / unquote(parts.path)).resolve()
            target = path if not parts.path else target
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            lost = anchor and target in self.ids and anchor not in self.ids[target]
            if lost or not target.exists():
                what = f"the link {link} leads to nothing"
                yield Problem(page, line, "IN06", what, "mend it where it is written")


def broken_links(out: Path) -> list[Problem]:
    """The links of all pages of a built site that lead to nothing."""
    links = Links(out)
    for page, tree in read_trees(out):
        links.note(page, tree)
    return list(links.broken())


@cache
def _library() -> set[str]:
    """Every function and class of the library, as pages quote it.

    And the examples in their docstrings, which tests/test_examples.py runs.
    """
    found = set()
    for path in sorted(LIBRARY.glob("*.py")):
        module = f"neuralblog.{path.stem}"
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            inside = node.body if isinstance(node, ast.ClassDef) else []
            for part in (node, *inside):
                if isinstance(part, ast.FunctionDef | ast.ClassDef):
                    middle = "" if part is node else f".{getattr(node, 'name', '')}"
                    name = f"{module}{middle}.{part.name}"
                    for docstrings in (False, True):  # in posts, and on the API page
                        found.add(_squeezed(source(name, docstrings=docstrings)))
                    _, _, examples = (ast.get_docstring(part) or "").partition(EXAMPLES)
                    found.add(_squeezed(dedent(examples)))
    return found - {""}


def _language(block: HtmlElement) -> str:
    """The language that the block's classes tell."""
    chain = [block, *block.iterancestors(), *block.iter("code")]
    classes = " ".join(
        str(e.get("class") or "") for e in chain if isinstance(e.tag, str)
    )
    named = [c.removeprefix("language-") for c in classes.split() if "language-" in c]
    return named[0] if named else ""


def _entries(path: Path, query: str) -> list[str]:
    if not path.exists():
        return []
    tree = lxml.etree.fromstring(path.read_bytes())
    return [str(element.get("href")) for element in tree.xpath(query)]


def _end(link: str) -> str:
    return link.partition("#")[0].rstrip("/").rpartition("/")[2]


def _squeezed(text: str) -> str:
    """A text as it looks: without the spaces and empty lines at its ends."""
    return "\n".join(row.rstrip() for row in text.strip().splitlines())
