"""The slow checks see what the fast ones cannot; tried here on a snippet or two."""

from neuralblog_site.slow import all_snippets, copied_alone, elsewhere
from neuralblog_site.snippets import Snippet

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
    assert {"README.md", "docs/contribute.md"} <= {s.path for s in all_snippets()}
