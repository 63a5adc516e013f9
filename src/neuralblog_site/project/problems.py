"""The one form in which everything that is wrong is told: a line each.

Machines get the same in two others: the annotations of a pull request, and JSON.
"""

import difflib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field


@dataclass(frozen=True, order=True)
class Problem:
    """`path:line: CODE what is wrong - how to fix it`, and more lines if they help."""

    path: str
    line: int
    code: str
    what: str
    fix: str
    more: str = field(default="", compare=False)

    def __str__(self) -> str:
        text = f"{self.path}:{self.line}: {self.code} {self.what} - {self.fix}"
        return text + (f"\n{self.more}" if self.more else "")


def annotation(problem: Problem, level: str = "error") -> str:
    """A command that puts the problem next to its line in a pull request on GitHub."""
    where = ("file", problem.path), ("line", str(problem.line)), ("title", problem.code)
    properties = ",".join(f"{name}={_escaped(text, ':,')}" for name, text in where)
    said = f"{problem.what} - {problem.fix}\n{problem.more}".rstrip()
    return f"::{level} {properties}::{_escaped(said)}"


def as_json(problems: Iterable[tuple[Problem, str]]) -> str:
    """A list of objects: the fields of each problem, and its `level`."""
    rows = [asdict(problem) | {"level": level} for problem, level in problems]
    return json.dumps(rows, indent=1, ensure_ascii=False)


def meant(word: object, known: Iterable[str], otherwise: str) -> str:
    """How to mend a word that is not known: by the one that is most like it, if any is."""
    near = difflib.get_close_matches(str(word), list(known), 1)
    return f"did you mean `{near[0]}`?" if near else otherwise


def _escaped(text: str, more: str = "") -> str:
    """A text that ends neither the command nor the property that it stands in."""
    for mark in "%\r\n" + more:  # the percent first: all others become one
        text = text.replace(mark, f"%{ord(mark):02X}")
    return text


class Broken(Exception):
    """Stops a build: holds the problems that a person has to mend first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def stop_at(problems: list[Problem]) -> None:
    """Raise `Broken` if there are any."""
    if problems:
        raise Broken(problems)
