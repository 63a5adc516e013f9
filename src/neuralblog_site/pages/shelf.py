"""Puts the book and the zip beside a built site, and tells readers that they are there.

A plain build has neither. So no page links to them before they are made.
"""

from pathlib import Path

from neuralblog_site.pages import offline, paper
from neuralblog_site.pages.promises import broken_links
from neuralblog_site.project.commit import this_build
from neuralblog_site.project.problems import stop_at

LINE = (
    '<!-- nb:book --><p>To read elsewhere: <a href="../book/">the whole series on one '
    'page</a>, <a href="../{pdf}">the same to print</a> ({pages}), and <a '
    'href="../{zip}">the whole site without a network</a> ({size}).</p>'
)


def write(out: Path) -> None:
    """Make both, and the line on the page for readers. Raises Broken."""
    build = this_build()
    pages, size = paper.write(out, build), offline.write(out, build)
    told = out / "readers" / "index.html"
    line = LINE.format(pdf=paper.PRINTED, pages=pages, zip=offline.ZIP, size=size)
    text = told.read_text(encoding="utf-8")
    told.write_text(offline.TOLD.sub(line, text), encoding="utf-8")
    stop_at(broken_links(out))
    print(f"{paper.PRINTED}: {pages}; {offline.ZIP}: {size}.", flush=True)
