"""The page of all explorables: each with its question, its picture and the way to it.

What there is, the posts say; what each asks and shows, its module.
"""

from collections.abc import Iterator
from pathlib import Path

from neuralblog_site.inpage import catalog
from neuralblog_site.pages.thumbnails import card, write_picture
from neuralblog_site.sources.markup import EXPLORABLE
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import position

PICTURE = "assets/play/{}.svg"


def explorables(posts: dict[str, Page]) -> Iterator[tuple[str, str]]:
    """The name of each, and the post that it stands in, in the order of the series."""
    for slug in sorted(posts, key=lambda slug: (position(slug) or 99, slug)):
        for element in EXPLORABLE.finditer(posts[slug].body):
            yield element["name"], slug


def cards(root: str, posts: dict[str, Page]) -> str:
    """A list of them, as HTML."""
    items = ""
    for name, slug in explorables(posts):
        its = catalog.module(name)
        picture, link = root + PICTURE.format(name), f"{root}{slug}/#play-{name}"
        where = f"Part {position(slug)}" if position(slug) else ""
        items += card(picture, where, link, its.TITLE, its.QUESTION)
    return f'<ol class="nb-posts nb-cards">{items}</ol>'


def draw(out: Path, posts: dict[str, Page]) -> None:
    """Write their pictures into the built site."""
    for name in dict(explorables(posts)):
        write_picture(catalog.still(name), out / PICTURE.format(name))
