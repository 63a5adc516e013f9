"""`new` writes a post that is green at once, whatever the title."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from neuralblog_site.rules.scaffold import TEMPLATE, run, slug_of, write
from neuralblog_site.rules.unfinished import SCAFFOLD
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree


@pytest.mark.parametrize(
    "title",
    ["The Heaviside step", "Glossary", "Archive", "Étude: 2 neurones & 1 `relu`!"],
)
def test_a_new_post_is_green(
    tree: "Tree", runs: tuple[Execution, Execution], title: str
) -> None:
    path = write(title, "neuralblog", Site(tree.root))
    name = path.relative_to(tree.root).as_posix()
    assert {p.code for p in tree.check(name, *runs)} == {"TX05"}  # which only warns
    assert tree.check() == []


def test_the_sentences_to_be_replaced_are_those_of_the_template() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    assert all(sentence in text for sentence in SCAFFOLD)


def test_a_new_author_is_entered_once(tree: "Tree") -> None:
    for title in "One", "Two":
        name = 'Ada "the first" Lovelace'
        path = write(title, name, Site(tree.root))
        assert "authors: [ada-the-first-lovelace]" in path.read_text("utf-8")
        found = tree.check(path.relative_to(tree.root).as_posix())
        assert {p.code for p in found} == {"TX05"}
    assert list(Site(tree.root).authors) == ["neuralblog", "ada-the-first-lovelace"]


def test_slugs_are_plain() -> None:
    assert slug_of("What's a neuron?") == "whats-a-neuron"
    assert slug_of("Über  Gewichte") == "uber-gewichte"
    assert slug_of("神経") == ""
    assert len(slug_of("long " * 99)) <= 60


@pytest.mark.parametrize(
    ("title", "author", "why"),
    [
        ("神経", "neuralblog", "the title needs a letter"),
        ("Title", "!", "the author needs a name"),
        ("Title", None, "say who writes"),
        ("good!", "Ada", "docs/posts/good.md exists already: edit it, or give another"),
    ],
)
def test_what_cannot_be_named_is_told(
    tree: "Tree",
    capsys: pytest.CaptureFixture[str],
    title: str,
    author: str | None,
    why: str,
) -> None:
    before = sorted(tree.root.rglob("*"))
    assert run(partial(write, title), author, tree.root) == 1
    assert why in capsys.readouterr().out
    assert sorted(tree.root.rglob("*")) == before


def test_what_comes_next_is_told(
    tree: "Tree", capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(partial(write, "The Heaviside step"), "neuralblog", tree.root) == 0
    said = capsys.readouterr().out
    assert "Wrote docs/posts/the-heaviside-step.md" in said
    assert Path(tree.root, "docs/posts/the-heaviside-step.md").exists()
