"""Published addresses stay: `checks/urls.txt` lists them, and may only grow.

A line is `address/`, or `old/ -> new/` where a page has moved; then a page that leads
on is written at the old place.
"""

import html
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from neuralblog_site.problems import Problem
from neuralblog_site.rules.page import Page, Site

NAME = "checks/urls.txt"
BASE = os.environ.get(
    "NEURALBLOG_BASE", "HEAD"
)  # what was published before this change
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
    pages = [site.page(path) for path in sorted(site.docs.rglob("*.md"))]
    known = {entry.address for entry in _entries(site)}
    return [
        a for page in pages if not page.draft and (a := address_of(page)) not in known
    ]


def enter(site: Site) -> list[str]:
    """Append what is missing; give it back."""
    new = missing(site)
    if new:
        with (site.root / NAME).open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{address}\n" for address in new)
    return new


def problems(site: Site) -> Iterator[Problem]:
    """What is wrong between the list, the pages, and what was published before."""
    pages = {address_of(site.page(path)) for path in site.docs.rglob("*.md")}
    entries = _entries(site)
    for address in missing(site):
        fix = "run `neuralblog-site update`, which adds it"
        yield Problem(NAME, 1, "UR01", f"{address} is not in the list", fix)
    for entry in entries:
        if not entry.target and entry.address not in pages:
            fix = f"write `{entry.address} -> new/` with its new address"
            what = f"there is no page for {entry.address}"
            yield Problem(NAME, entry.line, "UR02", what, fix)
        elif entry.target and (entry.address in pages or entry.target not in pages):
            what = (
                f"{entry.address} -> {entry.target} is no way from an old page to a new"
            )
            yield Problem(NAME, entry.line, "UR02", what, "name a page that exists")
    known = {entry.address for entry in entries}
    for entry in listed(_published(site.root)):
        if entry.address not in known:
            fix = f"put it back, as `{entry.address} -> new/` if the page has moved"
            yield Problem(NAME, 1, "UR03", f"{entry.address} was taken away", fix)


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


def _published(root: Path) -> str:
    """The list as it was before this change; empty where git does not tell."""
    command = ["git", "show", f"{BASE}:{NAME}"]
    try:
        run = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return run.stdout if run.returncode == 0 else ""
