"""The slow checks see what the fast ones cannot; tried here on a snippet or two."""

from pathlib import Path

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import Snippet
from neuralblog_site.upkeep.slow import (
    contents,
    copied_alone,
    differing,
    elsewhere,
    whole_tests,
)

GOOD = "from neuralblog import relu\n\nprint(relu(2.0))\n"


def snippet(code: str, expected: str | None) -> Snippet:
    """A snippet on line 7 of a page."""
    return Snippet("page.md", 7, code, expected=expected)


def test_a_copied_snippet_runs_with_the_wheel_alone() -> None:
    wheel = "import neuralblog\n\nprint('installed' in neuralblog.__file__)\n"
    trials = [
        snippet(GOOD, "2.0\n"),
        snippet(wheel, "True\n"),
        snippet(GOOD, "3.0\n"),
        snippet("open('left', 'w').close()\n", None),
        snippet("print(relu(2.0))\n", "2.0\n"),
    ]
    found = copied_alone(trials)
    assert [problem.code for problem in found] == ["SN06", "SN07", "SN16"]


def test_another_machine_prints_the_same() -> None:
    assert elsewhere([snippet(GOOD, "2.0\n")]) == []
    features = "print(__import__('os').environ['NPY_DISABLE_CPU_FEATURES'])\n"
    (problem,) = elsewhere([snippet(features, "none\n")])
    assert problem.code == "SN07"


def test_all_posts_are_tried() -> None:
    assert {"README.md", "docs/contribute.md"} <= {
        s.path for s in Site(ROOT).snippets()
    }


def test_two_builds_are_compared_file_by_file(tmp_path: Path) -> None:
    for name, number in (("here", 1), ("there", 2)):
        page = tmp_path / name / "cnn" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f'<div data-seconds="{number}">')
        (tmp_path / name / "same.css").write_text("a {}")
    (tmp_path / "there" / "more.js").write_text("")
    here, there = contents(tmp_path / "here"), contents(tmp_path / "there")
    assert differing(here, here) == []
    assert differing(here, there) == ["cnn/index.html", "more.js"]


def test_what_runs_in_part_elsewhere_runs_whole(tmp_path: Path) -> None:
    """The real ones take a while; here, a test that only looks at SLOW."""
    (tmp_path / "tests").mkdir()
    test = tmp_path / "tests" / "test_random_cases.py"
    test.write_text("import os\n\n\ndef test(): assert os.environ['SLOW'] == '1'\n")
    assert whole_tests(tmp_path, ["test_random_cases"]) == 0
    test.write_text("def test(): assert False\n")
    assert whole_tests(tmp_path, ["test_random_cases"]) == 1
