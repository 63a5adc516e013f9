"""Finds the questions of a page that ask the reader to predict, or to check themselves."""

import re
from dataclasses import dataclass, field

TITLE = "Predict first"
CHECK = "Check yourself"  # answered by the replies below its choices, not by a snippet
CHOICE = re.compile(r"\[(?P<mark>[^\]]?)\]\s*(?P<text>\S.*)?", re.DOTALL)
OPENED = re.compile(r"^(?P<indent> *)(?P<mark>[!?]{3}\+?) +question\b *(?P<rest>.*)$")
ITEM = re.compile(r"^(?P<indent> *)[-*+] +(?P<text>.*)$")


@dataclass
class Choice:
    """One item of a question, and whether there is a reply below it."""

    line: int
    mark: str  # a blank, or x for what is right; - without brackets
    replied: bool = False


@dataclass
class Question:
    """One block: where it opens, how, what it asks, and its choices."""

    line: int
    mark: str  # `!!!`, or what folds
    title: str  # in its quotes
    indent: int
    end: int = 0  # the first line below it
    asks: bool = False  # whether it has a text
    choices: list[Choice] = field(default_factory=list)


def questions(prose: list[str], lines: list[str]) -> list[Question]:
    """The questions in a page's prose, whose lines have blanks for all that is no prose."""
    found = []
    for at, row in enumerate(prose):
        if match := OPENED.match(row):
            title, indent = match["rest"].strip(), len(match["indent"])
            question = Question(at + 1, match["mark"], title, indent)
            _read(question, lines, at + 1)
            found.append(question)
    return found


def _read(question: Question, lines: list[str], at: int) -> None:
    inside = question.indent + 4
    while at < len(lines) and (
        not lines[at].strip() or lines[at].startswith(" " * inside)
    ):
        item = ITEM.match(lines[at])
        if item and len(item["indent"]) < inside + 2:
            choice = CHOICE.match(item["text"])
            question.choices.append(Choice(at + 1, choice["mark"] if choice else "-"))
        elif item and question.choices:
            question.choices[-1].replied = True
        elif lines[at].strip() and not question.choices:
            question.asks = True
        at += 1
    question.end = at + 1
