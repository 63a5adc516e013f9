"""Writes the Atom feed: one entry per post, newest first.

Ids are made from the slugs, so that they stay when the site moves. Addresses are
absolute where the site's address is known; else they are relative to the feed, as Atom
allows, and nothing is invented. Source: RFC 4287 (2005).
"""

import uuid
import xml.etree.ElementTree as ET
from pathlib import Path

from neuralblog_site.sources.page import Page
from neuralblog_site.sources.series import position
from neuralblog_site.sources.site import Site

ATOM = "http://www.w3.org/2005/Atom"
NAME = "feed.xml"
SPACE = uuid.UUID("6b3f4d0e-9a56-5b0e-8f5f-3c5d2a1e7b90")  # of this blog, drawn once


def write_feed(out: Path, site: Site, address: str = "") -> Path:
    """Write the feed into a built site, whose address may be unknown (empty)."""
    posts = sorted(
        (post for post in site.posts() if not post.draft), key=_moment, reverse=True
    )
    ET.register_namespace("", ATOM)
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": "en"})
    _add(feed, "title", str(site.config["site_name"]))
    _add(feed, "subtitle", str(site.config["site_description"]))
    _add(feed, "id", f"urn:uuid:{SPACE}")
    _add(feed, "updated", _moment(posts[0]) if posts else "2026-11-01T00:00:00Z")
    _add(feed, "link", rel="self", type="application/atom+xml", href=address + NAME)
    _add(feed, "link", rel="alternate", type="text/html", href=address or "./")
    _add(feed, "icon", f"{address}assets/images/favicon.png")
    _add(feed, "rights", str(site.config["copyright"]))
    _add(feed, "generator", "neuralblog")
    for post in posts:
        _entry(feed, post, address)
    path = out / NAME
    ET.indent(feed)
    ET.ElementTree(feed).write(path, encoding="utf-8", xml_declaration=True)
    return path


def _entry(feed: ET.Element, post: Page, address: str) -> None:
    entry = _add(feed, "entry")
    _add(entry, "title", post.title)
    _add(entry, "id", f"urn:uuid:{uuid.uuid5(SPACE, post.slug)}")
    _add(
        entry, "link", rel="alternate", type="text/html", href=f"{address}{post.slug}/"
    )
    _add(entry, "published", _moment(post))
    _add(entry, "updated", _moment(post))
    for key in _list(post, "authors"):
        about = post.site.authors.get(key, {})
        _add(_add(entry, "author"), "name", str(about.get("name", key)))
    for label in [*_list(post, "categories"), *_list(post, "tags")]:
        _add(entry, "category", term=label)
    _add(entry, "summary", post.meta.get("description", ""))


def _add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{tag}", attributes)
    element.text = text or None
    return element


def _moment(post: Page) -> str:
    """Its day, and an hour that keeps posts of one day apart, in the series' order."""
    hour, drawn = position(post.slug) or 0, uuid.uuid5(SPACE, post.slug).int % 3600
    return f"{post.meta.get('date', '')}T{hour:02}:{drawn // 60:02}:{drawn % 60:02}Z"


def _list(post: Page, name: str) -> list[str]:
    given = post.meta.get(name)
    return list(map(str, given)) if isinstance(given, list) else []
