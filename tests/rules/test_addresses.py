"""Published addresses stay: the list only grows, and what moves leads on."""

import subprocess
from typing import TYPE_CHECKING

from neuralblog_site import addresses
from neuralblog_site.rules.page import Site

if TYPE_CHECKING:
    from conftest import Tree


def told(tree: "Tree", rows: str) -> list[tuple[int, str]]:
    """What is wrong with a list."""
    tree.write(addresses.NAME, rows)
    return [(p.line, p.code) for p in addresses.problems(Site(tree.root))]


def test_pages_and_list_agree(tree: "Tree") -> None:
    assert told(tree, "# list\nglossary/\ngood/\n") == []
    assert told(tree, "glossary/\n") == [(1, "UR01")]
    assert told(tree, "glossary/\ngood/\ngone/\n") == [(3, "UR02")]
    assert told(tree, "glossary/\ngood/\nold/ -> good/\n") == []
    assert told(tree, "glossary/\ngood/\nold/ -> gone/\n") == [(3, "UR02")]
    assert told(tree, "glossary/\ngood/ -> glossary/\n") == [(2, "UR02")]


def test_new_pages_are_entered_once(tree: "Tree") -> None:
    tree.write(addresses.NAME, "good/\n")
    assert addresses.enter(Site(tree.root)) == ["glossary/"]
    assert addresses.enter(Site(tree.root)) == []
    assert list(addresses.problems(Site(tree.root))) == []


def test_a_draft_has_no_address(tree: "Tree") -> None:
    page = tree.root / "docs/posts/good.md"
    page.write_text(page.read_text().replace("slug:", "draft: true\nslug:"))
    assert addresses.missing(Site(tree.root)).count("good/") == 0


def test_what_was_published_is_not_taken_away(tree: "Tree") -> None:
    tree.write(addresses.NAME, "glossary/\ngood/\nold/ -> good/\n")
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    for command in (["init", "-q"], ["add", "checks"], ["commit", "-q", "-m", "x"]):
        subprocess.run(["git", *identity, *command], cwd=tree.root, check=True)
    assert told(tree, "glossary/\ngood/\nold/ -> glossary/\n") == []
    assert told(tree, "glossary/\ngood/\n") == [(1, "UR03")]


def test_an_old_address_leads_on(tree: "Tree") -> None:
    tree.write(addresses.NAME, "good/\nvery/old/ -> good/\n")
    addresses.write_forwards(tree.root / "out", Site(tree.root))
    page = (tree.root / "out/very/old/index.html").read_text(encoding="utf-8")
    assert 'content="0; url=../../good/"' in page
    assert list((tree.root / "out").iterdir()) == [tree.root / "out/very"]
