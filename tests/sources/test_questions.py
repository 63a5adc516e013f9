"""A question that asks to predict is read with its choices."""

from neuralblog_site.sources.questions import Choice, questions

PAGE = """\
!!! question "Predict first"
    How many?

    - [ ] None
        - A reply.
    - [x] One

Words.

    !!! question "Predict first"
        Inside of another block?
"""


def test_questions_and_their_choices() -> None:
    first, second = questions(PAGE.split("\n"), PAGE.split("\n"))
    assert (first.line, first.mark, first.title) == (1, "!!!", '"Predict first"')
    assert first.asks and first.end == 8
    assert first.choices == [Choice(4, " ", replied=True), Choice(6, "x")]
    assert (second.line, second.indent, second.choices) == (10, 4, [])
