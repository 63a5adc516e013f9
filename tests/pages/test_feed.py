"""The feed is valid Atom, and every address that it holds is one that we know."""

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from neuralblog_site.pages.feed import ATOM, write_feed
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree

GOOD = Path(__file__).parents[1].joinpath("good.txt").read_text(encoding="utf-8")
# The parts of RFC 4287 that a feed of ours can break, as RELAX NG.
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))
IN = f"{{{ATOM}}}"


def feed(site: Site, out: Path, address: str = "") -> ET.Element:
    """Write the feed, hold it against the schema, and read it."""
    path = write_feed(out, site, address)
    SCHEMA.assertValid(etree.parse(path))
    return ET.parse(path).getroot()


def test_the_feed_of_this_site_is_valid(tmp_path: Path) -> None:
    root = feed(Site(ROOT), tmp_path)
    entries = root.findall(f"{IN}entry")
    posts = list((ROOT / "docs" / "posts").glob("*.md"))
    assert len(entries) == len(posts)
    ids = [element.text for element in root.iter(f"{IN}id")]
    assert len(ids) == len(set(ids)) == len(posts) + 1
    days = [element.findtext(f"{IN}published") or "" for element in entries]
    assert days == sorted(set(days), reverse=True)  # no two at one moment
    assert root.findtext(f"{IN}updated") == days[0]


def test_no_address_is_invented(tree: "Tree") -> None:
    site = Site(tree.root)
    relative = feed(site, tree.root)
    assert [e.get("href") for e in relative.iter(f"{IN}link")] == [
        "feed.xml",
        "./",
        "good/",
    ]
    absolute = feed(site, tree.root, "https://example.org/blog/")
    assert [e.get("href") for e in absolute.iter(f"{IN}link")] == [
        "https://example.org/blog/feed.xml",
        "https://example.org/blog/",
        "https://example.org/blog/good/",
    ]
    same = [[e.text for e in root.iter(f"{IN}id")] for root in (relative, absolute)]
    assert same[0] == same[1]  # readers do not see old posts as new when the site moves


def test_an_entry_has_all_that_a_reader_program_shows(tree: "Tree") -> None:
    tree.write("docs/posts/good.md", GOOD.replace("# A good", "# A `good` & <small>"))
    entry = feed(Site(tree.root), tree.root).find(f"{IN}entry")
    assert entry is not None
    assert entry.findtext(f"{IN}title") == "A good & <small> post"
    assert entry.findtext(f"{IN}author/{IN}name") == "We"
    assert (entry.findtext(f"{IN}published") or "").startswith("2026-11-22T00:")
    terms = [element.get("term") for element in entry.findall(f"{IN}category")]
    assert terms == ["From neuron to CNN", "neurons"]
    assert (entry.findtext(f"{IN}summary") or "").startswith("A small post in which")


def test_drafts_stay_out(tree: "Tree") -> None:
    draft = GOOD.replace("slug: good", "slug: good\ndraft: true")
    tree.write("docs/posts/good.md", draft)
    assert feed(Site(tree.root), tree.root).findall(f"{IN}entry") == []
