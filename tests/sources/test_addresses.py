"""Published addresses stay: the list only grows, and what moves leads on."""

import subprocess
from typing import TYPE_CHECKING

import pytest

from neuralblog_site.rules.check import run
from neuralblog_site.sources import addresses
from neuralblog_site.sources.site import Site

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


LIST = "./\nglossary/\ngood/\nold/ -> good/\n"


def git(tree: "Tree", *command: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", *identity, *command], cwd=tree.root, check=True)


@pytest.fixture
def published(tree: "Tree") -> "Tree":
    """The small site with a list that was published."""
    tree.write("docs/index.md", "# Posts\n")
    tree.write(addresses.NAME, LIST)
    for command in (["init", "-q"], ["add", "checks"], ["commit", "-q", "-m", "x"]):
        git(tree, *command)
    return tree


def test_what_was_published_is_not_taken_away(published: "Tree") -> None:
    assert told(published, LIST.replace("-> good", "-> glossary")) == []
    assert told(published, LIST.replace("old/ -> good/\n", "")) == [(3, "UR03")]
    assert told(published, LIST.replace("\ngood/\n", "\n")) == [(1, "UR01")]


# Posts that are written, the list, the line that is told, its cure, and the cured list.
CHANGES = {
    "new, renamed": ("good new", LIST + "draft/\n", "5: UR02", "write `new/` in its place", LIST + "new/\n"),
    "new, renamed, updated": ("good new", LIST + "draft/\nnew/\n", "5: UR02", "delete the line", LIST + "new/\n"),
    "new, deleted": ("good", LIST + "draft/\n", "5: UR02", "delete the line", LIST),
    "renamed": ("better", LIST, "3: UR02", "write `good/ -> better/`, and `better/` on a line of its own", "./\nglossary/\ngood/ -> better/\nbetter/\nold/ -> good/\n"),
    "renamed, updated": ("better", LIST + "better/\n", "3: UR02", "write `good/ -> better/`", "./\nglossary/\ngood/ -> better/\nold/ -> good/\nbetter/\n"),
    "renamed, replaced": ("better", "./\nglossary/\nbetter/\nold/ -> better/\n", "3: UR03", "add `good/ -> better/`", "./\nglossary/\nbetter/\nold/ -> better/\ngood/ -> better/\n"),
    "renamed, taken away": ("better", "./\nglossary/\nold/ -> better/\n", "3: UR03", "add `good/ -> better/`, and `better/` on a line of its own", "./\nglossary/\nold/ -> better/\ngood/ -> better/\nbetter/\n"),
    "deleted": ("", LIST, "3: UR02", "write `good/ -> ./` (or another page, if `./` is not the one that comes closest)", "./\nglossary/\ngood/ -> ./\nold/ -> good/\n"),
    "deleted, taken away": ("", "./\nglossary/\nold/ -> ./\n", "3: UR03", "add `good/ -> ./`", "./\nglossary/\nold/ -> ./\ngood/ -> ./\n"),
    "a forward taken away": ("good", "./\nglossary/\ngood/\n", "3: UR03", "add `old/ -> good/`", LIST),
    "a misspelled forward": ("good", LIST.replace("-> good", "-> god"), "4: UR02", "write `old/ -> good/`", LIST),
    "a forward to nowhere": ("good", LIST.replace("-> good", "-> zzz"), "4: UR02", "write `old/ -> ./`", LIST.replace("-> good/", "-> ./")),
    "a forward in circles": ("good", LIST.replace("-> good", "-> old"), "4: UR02", "write `old/ -> ./`", LIST.replace("-> good/", "-> ./")),
    "a forward from a page": ("good old", LIST, "4: UR02", "write `old/` alone", LIST.replace(" -> good/", "")),
    "a misspelled address": ("good", LIST.replace("good/\n", "good\n", 1), "3: UR02", "write `good/` in its place", LIST),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_gives_one_line_and_its_cure(published: "Tree", change: str) -> None:
    posts, rows, where, cure, cured = CHANGES[change]
    text = published.root / "docs/posts/good.md"
    good = text.read_text(encoding="utf-8")
    text.unlink()
    for slug in posts.split():
        post = good.replace("slug: good", f"slug: {slug}")
        published.write(f"docs/posts/{slug}.md", post)
    published.write(addresses.NAME, rows)
    (problem,) = addresses.problems(Site(published.root))
    assert f"{problem.line}: {problem.code}" == where
    assert problem.fix.startswith(cure)
    assert told(published, cured) == []


def test_a_slug_that_is_taken_is_one_fault(
    tree: "Tree", capsys: pytest.CaptureFixture[str]
) -> None:
    good = (tree.root / "docs/posts/good.md").read_text(encoding="utf-8")
    tree.write("docs/posts/other.md", good.replace("slug: good", "slug: other"))
    tree.write(addresses.NAME, "glossary/\ngood/\nother/\n")
    assert run([], tree.root, run_snippets=False) == 0
    capsys.readouterr()
    tree.write("docs/posts/other.md", good)
    assert run([], tree.root, run_snippets=False) == 1
    (line, _) = capsys.readouterr().out.splitlines()
    assert "FM09 the slug `good` is taken by" in line


def test_published_is_what_others_have(published: "Tree") -> None:
    git(published, "update-ref", "refs/remotes/origin/HEAD", "HEAD")
    published.write(addresses.NAME, LIST + "draft/\n")
    git(published, "commit", "-q", "-a", "-m", "on a branch")
    (problem,) = addresses.problems(Site(published.root))
    assert problem.fix.startswith("delete the line")


def test_an_old_address_leads_on(tree: "Tree") -> None:
    tree.write(addresses.NAME, "good/\nvery/old/ -> good/\n")
    addresses.write_forwards(tree.root / "out", Site(tree.root))
    page = (tree.root / "out/very/old/index.html").read_text(encoding="utf-8")
    assert 'content="0; url=../../good/"' in page
    assert list((tree.root / "out").iterdir()) == [tree.root / "out/very"]
