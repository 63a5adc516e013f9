"""Rules on links."""

import ast
import difflib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from neuralblog_site.rules import Finding, rule
from neuralblog_site.sources.page import LINKS, Page

MADE = re.compile(r"(\.whl|\.ipynb|\.xml|\.py)$|^/?tags/")  # by the build
READERS = ("127.0.0.1", "localhost")  # addresses of the reader's own machine
HOST = re.compile(r"(www\.)?[\w-]+(\.[\w-]+)*\.(com|org|net|edu|io|dev)(/|$)")
UNLINKED = "name it in backticks, without a link"
UNKNOWN = "link to a Markdown file that is there, or take the link away"


@rule("LK01", "a broken link", "link to the Markdown file, relative to this one")
def reaches(page: Page) -> Iterator[Finding]:
    """Files move, and headings change their words."""
    root = page.site.root if page.kind == "note" else page.site.docs
    for line, target, _ in links(page):
        parts = _split(target)
        if parts.scheme or target.startswith("/"):
            continue
        name = unquote(parts.path)
        path = (page.path.parent / name).resolve() if name else page.path
        if not target or target.endswith("#"):
            fix = "write where it leads between ( and )"
            yield line, "the link leads nowhere", fix
        elif not path.is_file():
            stems = {file.stem for file in page.site.docs.rglob("*.md")}
            made = MADE.search(name) and (path.stem in stems or path.suffix != ".ipynb")
            if made and path.is_relative_to(page.site.root.resolve()):
                continue
            host = f"write `https://{target}`" if HOST.match(name) else ""
            address = os.path.relpath(path, page.site.docs.resolve())
            fix = host or _meant(page, address, parts.fragment)
            yield line, f"there is no file {name}", fix
        elif name and not path.is_relative_to(root.resolve()):
            yield line, f"{name} is not part of the site", UNLINKED
        elif parts.fragment and path.suffix == ".md":
            other, anchor = page.site.page(path), unquote(parts.fragment)
            if anchor not in _anchors(other):
                what = f"{name or 'the page'} has no anchor #{anchor}"
                yield line, what, _nearest_anchor(other, name, anchor)


@rule("LK02", "a link to a draft", "publish the draft first, or name it without a link")
def reaches_published(page: Page) -> Iterator[Finding]:
    """A draft has no page: the link ends nowhere."""
    for line, target, _ in links(page):
        path = (page.path.parent / unquote(_split(target).path)).resolve()
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
    own = _split(str(page.site.config.get("site_url") or ""))
    base = f"{own.path.rstrip('/')}/"
    for line, target, text in links(page):
        parts = _split(target)
        host, path = parts.netloc.lower(), f"{parts.path.rstrip('/')}/"
        if text == target:  # LK04 tells it
            continue
        if parts.hostname in READERS:
            if page.kind != "note":
                what = f"{target} is on the reader's own machine"
                yield line, what, UNLINKED
        elif host and host == own.netloc and path.startswith(base):
            fix = _meant(page, path.removeprefix(base), parts.fragment)
            yield line, f"{target} is an absolute link into the site", fix
        elif host and parts.scheme != "https":
            near = difflib.get_close_matches(parts.scheme, ["https"])
            what = f"{target} is not an encrypted link"
            cure = f"write `https:{target.removeprefix(f'{parts.scheme}:')}`"
            far = parts.scheme and not near
            yield line, what, "link to an https: address" if far else cure
        elif target.startswith("/"):
            fix = _meant(page, parts.path, parts.fragment)
            yield line, f"{target} is an absolute link into the site", fix
        elif "@" in parts.netloc:
            fix = "leave out what is before `@`"
            yield line, f"{target} holds a name or a password", fix
        elif told := re.search(r"[?&](utm_\w+|fbclid|gclid|mc_eid)=", target):
            fix = f"delete `{told[0][1:]}` and its value"
            yield line, "an address that says who sent the reader", fix
        elif parts.scheme == "https" and (not host or re.search(r"\s", target)):
            yield line, f"{target} is no address", "write `https://`, and no spaces"
        elif parts.scheme == "mailto" and "@" not in target:
            yield line, f"{target} is no address", "write `mailto:name@example.org`"
        elif parts.scheme not in ("", "https", "mailto"):
            yield line, f"{target} is no link to a page", "link to an https: address"


@rule("LK04", "an address as text", "write `[what it is](address)`")
def named(page: Page) -> Iterator[Finding]:
    """Nobody can click it, and a screen reader spells it out."""
    for text in page.texts:
        for address in re.findall(r"(?:https?://|www\.)[^\s<>)\]]+", text):
            https = re.sub(r"^(http://|https://|)", "https://", address.rstrip(".,;:"))
            fix = f"write `[what it is]({https})`"
            if _split(https).hostname in READERS:
                if page.kind == "note":
                    continue
                fix = "put it in backticks"
            whole = rf"{re.escape(address)}(?![\w/])"
            line = page.search(rf"(?<!\]\()(?<!\]: ){whole}")
            line = line if line > page.front.end + 1 else page.search(whole)
            yield line, f"the address {address} is text", fix


def links(page: Page) -> Iterator[tuple[int, str, str]]:
    """Every link of the page: its line, where it leads, and what it says."""
    for line, link in page.placed(LINKS, "href"):
        yield line, str(link.get("href")), link.text_content()


def _split(target: str) -> SplitResult:
    """The parts of an address; of what is none, a scheme that nobody knows."""
    try:
        return urlsplit(target)
    except ValueError:
        return SplitResult("?", "", "", "", "")


def _meant(page: Page, address: str, anchor: str) -> str:
    """How to write the link to what an address, or a file's name, seems to mean."""
    docs = page.site.docs
    asset = docs / unquote(address).lstrip("/")
    if asset.is_file():
        return f"write `{_written(page, asset, anchor)}`"
    files = {path.relative_to(docs): path for path in sorted(docs.rglob("*.md"))}
    named = {name.with_suffix("").as_posix(): path for name, path in files.items()}
    stems = {path.stem: path for path in files.values()}  # a post before a lab
    wanted = re.sub(r"(\.md|\.html|/index\.html)?/*$", "", unquote(address))
    wanted = wanted.strip("/") or "index"
    moves = dict(re.findall(r"(\S+)/ -> (\S+)/", "\n".join(page.site.words("urls"))))
    stem = wanted.rpartition("/")[2]
    stem = moves.get(stem, stem)
    exact = named.get(wanted) or named.get(f"posts/{wanted}") or stems.get(stem)
    if exact:
        return f"write `{_written(page, exact, anchor)}`"
    near = difflib.get_close_matches(stem, stems, 1)
    return f"did you mean `{_written(page, stems[near[0]])}`?" if near else UNKNOWN


def _written(page: Page, path: Path, anchor: str = "") -> str:
    """The path to a file, relative to the page's own."""
    name = os.path.relpath(path.resolve(), page.path.parent.resolve())
    return Path(name).as_posix() + (f"#{anchor}" if anchor else "")


def _anchors(page: Page) -> set[str]:
    """What a link to the page can point to; of a module, each function and class."""
    found = set(page.ids)
    for module in re.findall(r"^::: (\S+)$", page.text, re.MULTILINE):
        path = page.site.root / "src" / (module.replace(".", "/") + ".py")
        tree = ast.parse(path.read_text(encoding="utf-8")) if path.exists() else None
        kinds = ast.FunctionDef | ast.ClassDef
        parts = [n.name for n in tree.body if isinstance(n, kinds)] if tree else []
        found.update([module, *(f"{module}.{name}" for name in parts)])
    return found


def _nearest_anchor(page: Page, name: str, anchor: str) -> str:
    """How to mend a link to an anchor that the page does not have."""
    known = sorted(_anchors(page))
    if ends := [a for a in known if a.endswith(f".{anchor}")]:
        return f"write `{name}#{ends[0]}`"
    if near := difflib.get_close_matches(anchor.lower(), known, 1):
        return f"did you mean `{name}#{near[0]}`?"
    headings = page.html.xpath("//*[self::h2 or self::h3]/@id")[:8]
    if headings:
        return f"its headings are {', '.join(f'#{h}' for h in headings)}"
    return f"it has no headings: link to it without #{anchor}"
