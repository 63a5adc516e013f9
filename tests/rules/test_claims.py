"""What nothing holds up is counted for each post, and the count may only shrink."""

import re
from typing import TYPE_CHECKING

import pytest

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree

GOOD = (ROOT / "tests" / "good.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("recorded", "lines", "told"),
    [
        ("", 2, "is neither measured nor cited - print or assert it"),
        ("good 1", 2, ": 2 such claims here, checks/claims.txt allows 1 - print"),
        ("good 2", 0, ""),
        ("good 3", 1, "allows 3 - write `good 2` there"),
    ],
)
def test_one_more_is_told_and_one_less_too(
    tree: "Tree", recorded: str, lines: int, told: str
) -> None:
    tree.write("checks/claims.txt", f"# a remark\n{recorded}\n")
    tree.write("docs/posts/good.md", GOOD.replace("The end.", "It is 77.5, not 88.5."))
    found = tree.check()
    assert [problem.code for problem in found] == ["CL01"] * lines
    assert all(told in str(problem) for problem in found)
    assert tree.check(without="CL01") == []


def test_what_is_all_held_needs_no_line(tree: "Tree") -> None:
    tree.write("checks/claims.txt", "good 1\n")
    (problem,) = tree.check()
    assert str(problem).endswith("allows 1 - take its line out")


def test_only_posts_are_recorded_and_each_with_a_number_above_zero() -> None:
    slugs = {page.slug for page in Site(ROOT).posts()}
    for row in Site(ROOT).words("claims"):
        match = re.fullmatch(r"([a-z-]+) [1-9]\d*", row)
        assert match and match[1] in slugs, row
