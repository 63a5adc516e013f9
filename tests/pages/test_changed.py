"""The page that shows reviewers what a pull request changes."""

import subprocess
from typing import TYPE_CHECKING

import lxml.html
import pytest

from neuralblog_site.pages import changed
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree


def git(tree: "Tree", *command: str) -> None:
    known = ("-c", "user.name=We", "-c", "user.email=we@localhost")
    subprocess.run(["git", *known, *command], cwd=tree.root, check=True)


def test_what_changed_is_linked(tree: "Tree", monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("same", "old"):
        tree.write(f"docs/posts/{name}.md", f"---\nslug: {name}\n---\n\n# Words\n")
    git(tree, "init", "-q")
    git(tree, "add", "docs")
    git(tree, "commit", "-qm", "before")
    monkeypatch.setenv("NEURALBLOG_BASE", "HEAD^1")
    (tree.root / "docs/posts/old.md").unlink()
    for name in ("new", "later"):
        tree.write(f"docs/posts/{name}.md", f"---\nslug: {name}\n---\n\n# A <b> & so\n")
    tree.write("docs/glossary.md", "# Glossary\n\nMore.\n")
    tree.write("docs/assets/images/neuron.svg", "<svg></svg>")
    git(tree, "add", "docs")
    git(tree, "commit", "-qm", "after")
    built = ("new/index.html", "glossary/index.html")
    for link in built:
        tree.write(f"site/{link}", "a page")
    assert sorted(changed.write(tree.root / "site", Site(tree.root))) == sorted(built)
    page = lxml.html.parse(tree.root / "site" / "changed.html")
    assert page.xpath("//li//text()") == [
        *("changed: ", "Glossary"),
        *("new: ", "docs/posts/later.md", " (not in this build: a draft?)"),
        *("new: ", "A <b> & so"),
        *("taken away: ", "docs/posts/old.md"),
    ]
    links = page.xpath("//a/@href")
    assert links == ["glossary/index.html", "new/index.html", "index.html"]


def test_nothing_changed(tree: "Tree", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEURALBLOG_BASE", raising=False)
    git(tree, "init", "-q")
    git(tree, "add", "docs")
    git(tree, "commit", "-qm", "before")
    tree.write("site/index.html", "a page")
    assert changed.write(tree.root / "site", Site(tree.root)) == []
    assert "No page." in (tree.root / "site" / "changed.html").read_text("utf-8")
