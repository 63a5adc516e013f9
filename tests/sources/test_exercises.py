"""Every exercise accepts its solution, and tells each wrong answer what is listed."""

import pytest

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.exercises import Exercise, exercises
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import snippets


def _all() -> list[Exercise]:
    found: list[Exercise] = []
    for path in [post.path for post in Site(ROOT).posts()] + [
        ROOT / "docs" / "style-guide.md"
    ]:
        text = path.read_text(encoding="utf-8")
        found += exercises(snippets(text, path.name), text.split("\n"))
    return found


ALL = _all()
WRONG = [(each, *wrong) for each in ALL for wrong in each.wrong]


def test_there_are_exercises() -> None:
    assert len(ALL) >= 3


@pytest.mark.parametrize("exercise", ALL)
def test_the_solution_passes(exercise: Exercise) -> None:
    exec(exercise.program(exercise.solution), {"__name__": "__main__"})


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG)
def test_a_wrong_answer_is_told_why(
    exercise: Exercise, answer: str, message: str
) -> None:
    with pytest.raises(AssertionError) as raised:
        exec(exercise.program(answer), {"__name__": "__main__"})
    assert str(raised.value).startswith(message)
