"""Published addresses stay: `checks/urls.txt` lists them, and may only grow.

A line is `address/`, or `old/ -> new/` where a page has moved; then a page that leads
on is written at the old place.
"""

import difflib
import html
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from neuralblog_site.project.commit import git
from neuralblog_site.project.problems import Problem
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.site import Site

NAME = "checks/urls.txt"
FORWARD = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>This page has moved</title>
<meta http-equiv="refresh" content="0; url={0}">
<link rel="canonical" href="{0}">
<main><h1>This page has moved</h1><p>It is <a href="{0}">here</a> now.</p></main>
</html>
"""


class Address(NamedTuple):
    """A line of the list."""

    line: int
    address: str
    target: str  # "" if the page is still there


def listed(text: str) -> list[Address]:
    """The addresses of a list."""
    found = []
    for number, row in enumerate(text.splitlines(), 1):
        address, _, target = row.partition("#")[0].partition("->")
        if address.strip():
            found.append(Address(number, address.strip(), target.strip()))
    return found


def address_of(page: Page) -> str:
    """Where a source's page is, from the site's root: `activations/`, or `./`."""
    if page.kind == "post":
        return f"{page.slug}/"
    name = page.path.relative_to(page.site.docs).with_suffix("").as_posix()
    return f"{name}/" if name != "index" else "./"


def missing(site: Site) -> list[str]:
    """Addresses of pages that the list does not have yet."""
    known = {entry.address for entry in _entries(site)}
    there = [address_of(page) for page in site.pages() if not page.draft]
    return [address for address in there if address not in known]


def enter(site: Site) -> list[str]:
    """Append what is missing; give it back."""
    new = missing(site)
    if new:
        with (site.root / NAME).open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{address}\n" for address in new)
    return new


def problems(site: Site) -> Iterator[Problem]:
    """What is wrong between the list, the pages, and what was published before."""
    change = _Change(site)
    for code, found in ("UR02", change.lost()), ("UR03", change.taken()):
        for line, what, fix in found:
            yield Problem(NAME, line, code, what, fix)
    for address in change.new:
        if address not in change.told:
            fix = "run `neuralblog-site update`, which adds it"
            yield Problem(NAME, 1, "UR01", f"{address} is not in the list", fix)


class _Change:
    """The list and the pages, next to the list that was published."""

    def __init__(self, site: Site) -> None:
        self.pages = [address_of(page) for page in site.pages()]
        self.entries, self.new = _entries(site), missing(site)
        self.ways = {entry.address: entry.target for entry in self.entries}
        before = git(site.root, "show", f"{published(site.root)}:{NAME}")
        self.before = listed(before) or self.entries  # where git does not tell
        self.seen = {entry.address for entry in self.before}
        self.told: set[str] = set()  # pages that the cure of another line enters

    def lost(self) -> Iterator[tuple[int, str, str]]:
        """Lines of the list that lead to no page."""
        for line, address, target in self.entries:
            end = self._end(target)
            if not target and address not in self.pages:
                yield line, f"there is no page for {address}", self._cure(address)
            elif target and address in self.pages:
                what = f"{address} is a page, and leads away from it"
                yield line, what, f"write `{address}` alone"
            elif target and end not in self.pages and end not in self.ways:
                near = difflib.get_close_matches(end, self.pages, 1) or ["./"]
                fix = f"write `{address} -> {near[0]}` (or the page that comes closest)"
                yield line, f"{address} -> {target} leads to no page", fix

    def taken(self) -> Iterator[tuple[int, str, str]]:
        """Published lines that are not in the list any more."""
        known = {*self.ways, *self.new}
        last = max((entry.line for entry in self.entries), default=1)
        for line, address, target in self.before:
            if address not in known:
                stays = target in self.pages
                row = f"`{address} -> {target}`" if stays else self._leading_on(address)
                fix = f"add `{address}`" if address in self.pages else f"add {row}"
                yield min(line, last), f"{address} was taken away", fix

    def _end(self, target: str) -> str:
        """Where a forward ends; nowhere if it leads in circles."""
        passed = set()
        while self.ways.get(target):
            if target in passed:
                return ""
            passed.add(target)
            target = self.ways[target]
        return target

    def _cure(self, address: str) -> str:
        """What to do with the line of a page that is gone."""
        if address in self.seen:
            return f"write {self._leading_on(address)}"
        heir = self._heir(address, self.new)
        fix = f"write `{heir}` in its place" if heir else "delete the line"
        return f"{fix}: {address} was never published"

    def _leading_on(self, address: str) -> str:
        """The line that leads from a published page that is gone to a new one."""
        heir = self._heir(address, [p for p in self.pages if p not in self.seen])
        also = f", and `{heir}` on a line of its own" if heir in self.new else ""
        heir = heir or "./"
        return (
            f"`{address} -> {heir}`{also} (or another page, if `{heir}` is not the one "
            "that comes closest)"
        )

    def _heir(self, address: str, pages: list[str]) -> str:
        """The page with the most similar address, which the cure enters."""
        near = difflib.get_close_matches(address, pages, 1, 0)
        self.told.update(near)
        return near[0] if near else ""


def write_forwards(out: Path, site: Site) -> None:
    """Write a page that leads on at each old address."""
    for entry in _entries(site):
        if entry.target:
            folder = out / entry.address
            folder.mkdir(parents=True, exist_ok=True)
            target = html.escape("../" * entry.address.count("/") + entry.target)
            (folder / "index.html").write_text(FORWARD.format(target), encoding="utf-8")


def _entries(site: Site) -> list[Address]:
    return listed((site.root / NAME).read_text(encoding="utf-8"))


def published(root: Path) -> str:
    """The commit that is published: NEURALBLOG_BASE, where it is set.

    Else the one at which this branch left the main one, or the last one.
    """
    named = os.environ.get("NEURALBLOG_BASE")
    return named or git(root, "merge-base", "HEAD", "origin/HEAD").strip() or "HEAD"
