"""A broken link names its own cure, and the cure works when it is followed."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Tree

GOOD = Path(__file__).parents[1].joinpath("good.txt").read_text(encoding="utf-8")

# A target, its code, and the cure; what stands in backticks is to be written instead.
FAULTS = [
    ("#what-it-dos", "LK01", "did you mean `#what-it-does`?"),
    ("#What-It-Does", "LK01", "did you mean `#what-it-does`?"),
    ("#zzz", "LK01", "its headings are #what-it-does, #exercises"),
    ("../glossary.md#rellu", "LK01", "did you mean `../glossary.md#relu`?"),
    ("../glossary.md#zzz", "LK01", "its headings are #relu"),
    ("other.md#zzz", "LK01", "it has no headings: link to it without #zzz"),
    ("../api.md#relu", "LK01", "write `../api.md#neuralblog.activations.relu`"),
    ("../glosary.md", "LK01", "did you mean `../glossary.md`?"),
    ("glossary.md", "LK01", "write `../glossary.md`"),
    ("../glossary/", "LK01", "write `../glossary.md`"),
    ("../glossary/#relu", "LK01", "write `../glossary.md#relu`"),
    ("../glossary.html", "LK01", "write `../glossary.md`"),
    ("../../../../glossary.md", "LK01", "write `../glossary.md`"),
    ("moved.md#x-y", "LK01", "write `other.md#x-y`"),
    ("../../../zzz.md", "LK01", "link to a Markdown file that is there"),
    ("zzz.md", "LK01", "link to a Markdown file that is there"),
    ("../../README.md", "LK01", "name it in backticks, without a link"),
    ("www.example.org/x", "LK01", "write `https://www.example.org/x`"),
    ("", "LK01", "write where it leads between ( and )"),
    ("http://example.org/x", "LK03", "write `https://example.org/x`"),
    ("//example.org/x", "LK03", "write `https://example.org/x`"),
    ("htps://example.org/x", "LK03", "write `https://example.org/x`"),
    ("ftp://example.org/x", "LK03", "link to an https: address"),
    ("https://example]org/x", "LK03", "link to an https: address"),
    ("http://127.0.0.1:8000/", "LK03", "name it in backticks, without a link"),
    ("http://localhost/", "LK03", "name it in backticks, without a link"),
    ("/glossary/", "LK03", "write `../glossary.md`"),
    ("/glossary/#relu", "LK03", "write `../glossary.md#relu`"),
    ("/glossary.md", "LK03", "write `../glossary.md`"),
    ("/posts/other/", "LK03", "write `other.md`"),
    ("/other/", "LK03", "write `other.md`"),
    ("/assets/images/neuron.svg", "LK03", "write `../assets/images/neuron.svg`"),
    ("/", "LK03", "write `../index.md`"),
    ("/zzz/", "LK03", "link to a Markdown file that is there"),
    ("https://blog.example.org/it/other/#x-y", "LK03", "write `other.md#x-y`"),
    ("http://blog.example.org/it/other/", "LK03", "write `other.md`"),
    ("https://blog.example.org/it", "LK03", "write `../index.md`"),
]


@pytest.fixture
def site(tree: "Tree", monkeypatch: pytest.MonkeyPatch) -> "Tree":
    """The small site with a few more pages, and a public address."""
    monkeypatch.setenv("SITE_URL", "https://blog.example.org/it")
    config = (tree.root / "mkdocs.yml").read_text(encoding="utf-8")
    tree.write("mkdocs.yml", f"{config}\n# {tree.root}\n")  # which nobody has read yet
    tree.write("checks/urls.txt", "moved/ -> other/\n")
    tree.write("README.md", "# Read me\n")
    tree.write("docs/index.md", "# Posts\n")
    tree.write("docs/api.md", "# Library\n\n::: neuralblog.activations\n")
    tree.write("docs/posts/other.md", 'Words.\n\n<a id="x-y"></a>\n')
    return tree


@pytest.mark.parametrize(("target", "code", "cure"), FAULTS)
def test_a_broken_link_tells_its_cure(
    site: "Tree", target: str, code: str, cure: str
) -> None:
    text = GOOD + f"\nSee [the list]({target})."
    site.write("docs/posts/good.md", text)
    (problem,) = site.check()
    assert (problem.line, problem.code) == (text.count("\n") + 1, code)
    assert problem.fix.startswith(cure)
    if written := re.search("`(.+)`", cure):
        cured = text.replace(f"({target})", f"({written[1]})")
        site.write("docs/posts/good.md", cured)
        assert site.check() == []


def test_other_sites_may_be_linked(site: "Tree") -> None:
    for target in (
        "https://example.org/it/other/",
        "https://blog.example.org/italy/",
        "mailto:we@example.org",
        "../api.md#neuralblog.activations.relu",
    ):
        site.write("docs/posts/good.md", GOOD + f"\nSee [the list]({target}).")
        assert site.check() == [], target


def test_notes_may_name_the_readers_own_machine(site: "Tree") -> None:
    site.write("README.md", "# Read me\n\nOpen <http://127.0.0.1:8000/>.\n")
    assert site.check("README.md") == []


@pytest.mark.parametrize(
    ("address", "cure"),
    [
        ("http://example.org/x", "write `[what it is](https://example.org/x)`"),
        ("http://localhost:8000/x", "put it in backticks"),
    ],
)
def test_an_address_as_text_is_one_fault(site: "Tree", address: str, cure: str) -> None:
    for shown in (address, f"<{address}>", f"[{address}]({address})"):
        site.write("docs/posts/good.md", GOOD + f"\nSee {shown} there.")
        (problem,) = site.check()
        assert (problem.code, problem.fix) == ("LK04", cure)


def test_the_line_is_that_of_the_link(site: "Tree") -> None:
    text = GOOD + (
        "\nSee `[the list](zzz.md)`, zzz.md, [one](../zzz.md) and\n"
        "[two](../glossary.md) or\n[three](zzz.md)."
    )
    site.write("docs/posts/good.md", text)
    last = text.count("\n") + 1
    assert [p.line for p in site.check()] == [last - 2, last]
