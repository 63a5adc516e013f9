"""Exercises are read from a page; each accepts its solution, and tells wrong answers why."""

import re

import pytest

from neuralblog_site.inpage.grading import NotYet, explained, grade
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.exercises import (
    BEGIN,
    INTRODUCED,
    KINDS,
    Exercise,
    as_shown,
    exercises,
    kinds,
)
from neuralblog_site.sources.series import SERIES
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import snippets

PAGE = """\
??? success "Solution"
    ```python
    from neuralblog import relu

    # your part
    z = 3.0
    # end of your part
    assert relu(z) == 3, "Expected 3."
    ```

    Some words.

    - `z = -3.0`: Expected
      3.
    - `z = 0.3`: Expected 3.

    Words that belong to no answer.

    - `z = 9`:
- `z = 1`: This one is below the box.

```python
# your part
print("no end")
```
"""


def _read(text: str, name: str = "page.md") -> list[Exercise]:
    return list(exercises(snippets(text, name), text.split("\n")))


PLACES = [post.path for post in Site(ROOT).posts()] + [
    ROOT / f"docs/{page}.md" for page in ("museum", "style-guide")
]
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PLACES}
ALL = {name: _read(text, f"{name}.md") for name, text in TEXTS.items()}
SOLUTIONS = [
    pytest.param(each, id=f"{name}-{each.line}")
    for name, found in ALL.items()
    for each in found
]
WRONG = [
    pytest.param(each, *wrong, id=f"{name}-{each.line}-{number}")
    for name, found in ALL.items()
    for each in found
    for number, wrong in enumerate(
        [*each.wrong, *([(each.start, "")] if each.start else [])], 1
    )
]


def test_an_exercise_is_read_in_three_pieces() -> None:
    (exercise,) = _read(PAGE)
    assert exercise.line == 3
    assert exercise.before == "from neuralblog import relu\n\n# your part\n"
    assert exercise.solution == "z = 3.0\n"
    assert exercise.after == '# end of your part\nassert relu(z) == 3, "Expected 3."\n'


def test_wrong_answers_go_on_over_lines_and_end_with_the_box() -> None:
    (exercise,) = _read(PAGE)
    assert exercise.wrong == [
        ("z = -3.0", "Expected 3."),
        ("z = 0.3", "Expected 3."),
        ("z = 9", ""),
    ]


def test_a_reader_does_not_see_the_wrong_answers() -> None:
    text = PAGE.replace("Some words.", INTRODUCED)
    lines = as_shown(snippets(text, first=10), text.split("\n"), 10)
    assert len(lines) == len(text.split("\n"))
    shown = " ".join(filter(None, lines))
    assert INTRODUCED not in shown and "z = -3.0" not in shown and "z = 9" not in shown
    assert lines[10:16] == [""] * 6 and "- `z = 1`: This one" in shown
    assert "Words that belong to no answer." in shown and "Expected 3." in shown


def test_an_answer_takes_the_place_of_the_solution() -> None:
    (exercise,) = _read(PAGE)
    assert exercise.program(exercise.solution) in PAGE.replace("\n    ", "\n")
    assert "z = 1\n# end" in exercise.program("z = 1\n\n")


def test_the_part_may_begin_with_what_is_to_be_mended() -> None:
    was = "# was: def f(z):\n    # was:     return z\n    # was:\n    "
    (exercise,) = _read(PAGE.replace("z = 3.0", f"{was}z = 3.0"))
    assert exercise.start == "def f(z):\n    return z\n\n"
    assert exercise.mended == "z = 3.0"
    (exercise,) = _read(PAGE)
    assert not exercise.start and exercise.mended == "z = 3.0"


def test_an_assert_without_a_message_is_found() -> None:
    (exercise,) = _read(PAGE)
    assert exercise.silent() is None
    exercise.after += "for z in 1, 2:\n    assert relu(z)\n"
    assert (
        exercise.program(exercise.solution)
        .split("\n")[exercise.silent() or 0]
        .endswith("assert relu(z)")
    )


def test_there_are_exercises_and_questions() -> None:
    for name, text in TEXTS.items():
        marks = [line for line in text.split("\n") if line.strip() == BEGIN]
        assert len(ALL[name]) == len(marks), name
    posts = {post.path.stem for post in Site(ROOT).posts()}
    assert sum(len(found) for name, found in ALL.items() if name in posts) >= 60
    questions = [TEXTS[name].count('!!! question "Check yourself"') for name in posts]
    assert sum(questions) >= 50
    assert min(questions) >= 3


def test_the_first_word_of_a_task_is_its_kind() -> None:
    text = (
        "### 1. Above\n\n**Open.** No.\n\n## Exercises\n\n### 1. One\n\n**Code.** Do.\n"
    )
    text += "\n### 2. Two\n\nDo **Open.** it.\n\n## References\n\n### 3. Below\n\n**Open.** No.\n"
    assert kinds(text) == {"1. One": "Code", "2. Two": ""}


@pytest.mark.parametrize("slug", [part.slug for part in SERIES])
def test_a_post_of_the_series_has_every_kind(slug: str) -> None:
    told = kinds(TEXTS[slug])
    assert set(told.values()) == set(KINDS), told


@pytest.mark.parametrize("slug", [part.slug for part in SERIES])
def test_what_is_done_by_hand_answers_and_what_is_open_does_not(slug: str) -> None:
    for heading, kind in kinds(TEXTS[slug]).items():
        task = TEXTS[slug].partition(f"\n### {heading}\n")[2]
        task = re.split(r"^#{2,3} ", task, maxsplit=1, flags=re.MULTILINE)[0]
        if kind in ("Explorable", "Open"):
            assert (BEGIN in task) == (kind == "Explorable"), heading


@pytest.mark.parametrize("exercise", SOLUTIONS)
def test_the_solution_passes(exercise: Exercise) -> None:
    exec(exercise.program(exercise.solution), {"__name__": "__main__"})
    grade(exercise.before, exercise.solution, exercise.solution, exercise.after)


@pytest.mark.parametrize(("exercise", "answer", "message"), WRONG)
def test_a_wrong_answer_is_told_why(
    exercise: Exercise, answer: str, message: str
) -> None:
    with pytest.raises(NotYet) as raised:
        grade(exercise.before, answer, exercise.solution, exercise.after)
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize("exercise", SOLUTIONS)
@pytest.mark.parametrize("other", ["None", "__import__('numpy').ones((3, 1, 7))"])
def test_an_answer_of_another_kind_is_told_in_our_words(
    exercise: Exercise, other: str
) -> None:
    answer = ""
    for line in exercise.solution.splitlines():
        if made := re.match(r"( *def \w+)\(", line):
            answer += f"{made[1]}(*given): return {other}\n"
        elif line.startswith("class "):
            answer += f"{line}\n"
        elif targets := re.match(r"(\w.*?) = ", line):
            values = ", ".join([other] * (targets[1].count(",") + 1))
            answer += f"{targets[1]} = {values}\n"
    told = explained(exercise.before, answer, exercise.solution, exercise.after)
    assert answer and told
    assert not re.match(r"(\w+\.)*\w*(Error|Exception)\b", told), told
