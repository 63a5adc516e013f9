"""The page of all explorables: each with its question, its picture and the way to it.

What there is, the posts say; what each asks and shows, its module.
"""

import re
from collections.abc import Iterator
from html import escape
from pathlib import Path

from neuralblog_site.inpage import catalog
from neuralblog_site.pages.thumbnails import write_picture
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import position

ELEMENT = re.compile(
    r'^ *<nb-explorable name="([a-z-]+)"></nb-explorable>', re.MULTILINE
)
PICTURE = "assets/play/{}.svg"


def explorables(posts: dict[str, Page]) -> Iterator[tuple[str, str]]:
    """The name of each, and the post that it stands in, in the order of the series."""
    for slug in sorted(posts, key=lambda slug: (position(slug) or 99, slug)):
        for name in ELEMENT.findall(posts[slug].body):
            yield name, slug


def cards(root: str, posts: dict[str, Page]) -> str:
    """A list of them, as HTML."""
    items = ""
    for name, slug in explorables(posts):
        its = catalog.module(name)
        picture = f'<img src="{root}{PICTURE.format(name)}" alt="" loading="lazy">'
        where = (
            f'<p class="nb-meta">Part {position(slug)}</p>' if position(slug) else ""
        )
        link = f'<a href="{root}{slug}/#play-{name}">{escape(its.TITLE)}</a>'
        items += f"<li>{picture}{where}{link}<p>{escape(its.QUESTION)}</p></li>"
    return f'<ol class="nb-posts nb-cards">{items}</ol>'


def draw(out: Path, posts: dict[str, Page]) -> None:
    """Write their pictures into the built site."""
    for name, _ in explorables(posts):
        write_picture(catalog.still(name)[0], out / PICTURE.format(name))
