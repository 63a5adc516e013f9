"""Prints the book with Chromium, which knows pages, but does not say what stands on which.

So it is printed with numbers left open, the PDF is asked where each part begins, and it
is printed again, until it says of itself what is true.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import lxml.html
from playwright.sync_api import Browser, Page

from neuralblog_site.pages import book, book_check
from neuralblog_site.pages.book_chapter import Chapter, read
from neuralblog_site.project.chromium import launched
from neuralblog_site.project.commit import SITE_URL, Build
from neuralblog_site.project.problems import Problem, stop_at

PRINTED = "book/neuralblog.pdf"
PATIENCE = 600_000  # milliseconds for five megabytes, on a busy machine
ROUNDS = 5  # a number may move what is behind it to another page
WIDTH, HEIGHT = 604, 948  # what the margins of book.css leave of A4, in CSS pixels
PHONE = 390
OBJECT = re.compile(rb"\n(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
DATE = re.compile(rb"\(D:\d{14}[+-]\d\d'\d\d'\)")
TOO_LARGE = """([width, height]) => {
  const told = [];
  for (const part of document.querySelectorAll("main *:not(svg *, math *)")) {
    const box = part.getBoundingClientRect();
    const wide = box.right > width + 1 || part.scrollWidth > part.clientWidth + 1;
    const shown = box.width && getComputedStyle(part).display !== "inline";
    const tall = part.matches("svg, img, figure") && box.height > height;
    if (shown && (wide || tall)) {
      const chapter = part.closest("main > section")?.id ?? "front";
      told.push(`${chapter}: ${part.localName} ${part.textContent.trim().slice(0, 60)}`);
    }
  }
  return told;
}"""


def write(out: Path, build: Build) -> str:
    """Write the book into a built site, as a page and as a PDF. Raises Broken."""
    chapters = read(out)
    with launched() as browser:
        pages, pdf = printed(out, chapters, build, browser)
    text = book.joined(chapters, build, pages)
    stop_at([*book_check.problems(text, chapters), *problems(text, pdf)])
    (out / book.PLACE).write_text(text, encoding="utf-8")
    (out / PRINTED).write_bytes(pdf)
    return f"PDF, {Printed(pdf).n_pages} pages, {len(pdf) / 1e6:.0f} MB"


def printed(
    out: Path, chapters: list[Chapter], build: Build, browser: Browser
) -> tuple[Mapping[str, int], bytes]:
    """The PDF, and on which of its pages each thing is that it links to."""
    draft = out / "book" / "draft.html"
    draft.parent.mkdir(exist_ok=True)
    pages: Mapping[str, int] = {}
    try:
        for _ in range(ROUNDS):
            text = book.joined(chapters, build, pages, SITE_URL)
            draft.write_text(text, encoding="utf-8")
            pdf = _print(browser.new_page(), draft)
            pages, before = Printed(pdf).places(), pages
            if pages == before:
                return pages, _dated(pdf, build)
    finally:
        draft.unlink()
    what = f"its page numbers still change after {ROUNDS} rounds"
    stop_at([Problem(PRINTED, 1, "IN08", what, "see what moves in book.css")])
    raise AssertionError


def _print(page: Page, draft: Path) -> bytes:
    """Print, after a look at whether all of it fits on a phone and on the paper."""
    page.set_viewport_size({"width": PHONE, "height": HEIGHT})
    page.goto(draft.absolute().as_uri(), timeout=PATIENCE)
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > PHONE:
        what = f"{wide} px wide on a phone of {PHONE} px"
        stop_at([Problem(PRINTED, 1, "IN08", what, "let it wrap, in book.css")])
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.emulate_media(media="print")
    large = page.evaluate(TOO_LARGE, [WIDTH, HEIGHT])
    fix = "make it smaller, or give it room in book.css"
    stop_at([Problem(PRINTED, 1, "IN08", f"too large: {x}", fix) for x in large])
    pdf = page.pdf(prefer_css_page_size=True, tagged=True, outline=True)
    page.close()
    return pdf


def _dated(pdf: bytes, build: Build) -> bytes:
    """With the time of the commit, not of the printing, so that its bytes tell a change."""
    digits = re.sub(r"\D", "", build.time)[:12]
    return DATE.sub(f"(D:{digits:0<14}+00'00')".encode(), pdf)


class Printed:
    """What a PDF of Chromium says about itself, in the part of it that is plain text."""

    def __init__(self, pdf: bytes) -> None:
        self._objects: dict[bytes, bytes] = dict(OBJECT.findall(pdf))
        [self._root] = re.findall(rb"/Type /Catalog\n.*?endobj", pdf, re.DOTALL)
        tree = self._below(self._found(rb"/Pages (\d+)", self._root)[0])
        self._number = {page: n for n, page in enumerate(tree, 1)}
        self.n_pages = len(self._number)

    def places(self) -> dict[str, int]:
        """On which page each thing is that something links to."""
        [names] = self._found(rb"/Dests (\d+)", self._root)
        found = re.findall(rb"/([^\s/]+) \[(\d+) 0 R", self._objects[names])
        return {name.decode(): self._number[page] for name, page in found}

    def outline(self) -> list[int]:
        """On which page each heading is, in their order."""
        [top] = self._found(rb"/Outlines (\d+)", self._root)
        return [self._number[page] for page in self._headings(top)]

    def _below(self, node: bytes) -> Iterator[bytes]:
        """The pages of a part of the tree that they are kept in."""
        kids = self._found(rb"/Kids \[(.*?)\]", self._objects[node])
        if not kids:
            yield node
        for kid in self._found(rb"(\d+) 0 R", b"".join(kids)):
            yield from self._below(kid)

    def _headings(self, node: bytes) -> Iterator[bytes]:
        """The pages of the headings below one."""
        for child in self._found(rb"/First (\d+)", self._objects[node]):
            while child:
                said = self._objects[child]
                yield from self._found(rb"/Dest \[(\d+)", said)
                yield from self._headings(child)
                child = b"".join(self._found(rb"/Next (\d+)", said))

    @staticmethod
    def _found(what: bytes, text: bytes) -> list[bytes]:
        return re.findall(what, text, re.DOTALL)


def problems(text: str, pdf: bytes) -> Iterator[Problem]:
    """Page numbers that are not those of the headings, as the PDF's outline has them."""
    told = Printed(pdf)
    outline, found = told.outline(), told.places()
    tree = lxml.html.fromstring(text)
    headings = tree.xpath("//main//*[self::h1 or self::h2 or self::h3]")
    if len(outline) != len(headings):
        what = f"{len(headings)} headings, but {len(outline)} in its outline"
        yield Problem(PRINTED, 1, "IN08", what, "see which heading is hidden")
        return
    at = dict(zip(headings, outline, strict=True))
    for heading, page in at.items():
        name = heading.get("id") or ""
        if found.get(name, page) != page:
            what = f"#{name} is told to be on page {found[name]}, and is on {page}"
            yield Problem(PRINTED, 1, "IN08", what, book_check.FIX)
    begins = [page for heading, page in at.items() if heading.tag == "h1"]
    if begins != sorted(set(begins)):
        what = f"two parts begin on one page: {begins}"
        yield Problem(PRINTED, 1, "IN08", what, book_check.FIX)
