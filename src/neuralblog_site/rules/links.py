"""Rules on links."""

import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from neuralblog_site.rules import Finding, rule
from neuralblog_site.rules.page import LINKS, Page

MADE = re.compile(r"(\.whl|\.ipynb|\.xml|\.py)$|^/?tags/")  # by the build


@rule("LK01", "a broken link", "link to the Markdown file, relative to this one")
def reaches(page: Page) -> Iterator[Finding]:
    """Files move, and headings change their words."""
    for line, target in _links(page):
        parts = urlsplit(target)
        if parts.scheme or target.startswith("/"):
            continue
        name = unquote(parts.path)
        path = (page.path.parent / name).resolve() if name else page.path
        if not path.is_relative_to(page.site.root.resolve()):
            yield line, f"{target} is outside of the project"
        elif not path.is_file():
            if not MADE.search(name):
                yield line, f"there is no file {name}"
        elif (
            parts.fragment
            and path.suffix == ".md"
            and unquote(parts.fragment) not in page.site.page(path).ids
        ):
            yield line, f"{name or 'the page'} has no anchor #{parts.fragment}"


@rule("LK02", "a link to a draft", "publish the draft first, or name it without a link")
def reaches_published(page: Page) -> Iterator[Finding]:
    """A draft has no page: the link ends nowhere."""
    for line, target in _links(page):
        path = (page.path.parent / unquote(urlsplit(target).path)).resolve()
        there = path.suffix == ".md" and path.is_file()
        if there and path != page.path.resolve() and page.site.page(path).draft:
            yield line, f"{target} is a draft"


@rule(
    "LK03",
    "an `http:` link, or an absolute link into the site",
    "use https:, or a path relative to this file",
)
def portable(page: Page) -> Iterator[Finding]:
    """The address of the site is not fixed, and `http:` can be changed on its way."""
    own = str(page.site.config.get("site_url") or "")
    for line, target in _links(page):
        if urlsplit(target).hostname in ("127.0.0.1", "localhost"):
            continue  # what a reader's own machine serves
        if urlsplit(target).scheme == "http":
            yield line, f"{target} is not encrypted"
        elif target.startswith("/") or (own and target.startswith(own)):
            yield line, f"{target} is an absolute link into the site"
        elif urlsplit(target).scheme not in ("", "https", "mailto"):
            yield line, f"{target} is no link to a page"


@rule("LK04", "an address as text", "write `[what it is](address)`")
def named(page: Page) -> Iterator[Finding]:
    """Nobody can click it, and a screen reader spells it out."""
    for text in page.texts():
        for address in re.findall(r"(?:https?://(?!127\.0)|www\.)[^\s<>)\]]+", text):
            line = page.search(rf"(?<!\]\()(?<!\]: ){re.escape(address)}")
            yield line, f"the address {address} is text"


def _links(page: Page) -> Iterator[tuple[int, str]]:
    """Every link of the page, with its line."""
    for line, link in page.placed(LINKS, "href"):
        yield line, str(link.get("href"))
