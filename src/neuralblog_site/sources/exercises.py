"""Finds the exercises of a page that answer.

Their solution marks the part to be found, and asserts what it has to fulfil:

    # your part
    w, b = [1, 1], -0.5
    # end of your part
    assert Neuron(w, b)([0, 1]) == 1, "One input must be enough."

The part may begin with what the reader is to mend, in comments, and is asked for otherwise:

    # was: w, b = [1, 1], -2

Below it stand wrong answers, as list items, each with the message that it earns:

    - `w, b = [1, 1], -1.5`: One input must be enough.

The tests give these answers. A reader does not see them: to be told them one has to give them.

Every task, with or without such a part, says its kind in its first word: **Pencil.**
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile

from neuralblog_site.sources.snippets import Snippet

BEGIN, END, WAS = "# your part", "# end of your part", "# was:"
MARKED = re.compile(rf"\A(.*?^{BEGIN}\n)(.+?\n)({END}\n.*)\Z", re.DOTALL | re.MULTILINE)
ITEM = re.compile(r"- `(?P<answer>[^`]+)`:(?P<message>.*)")
INTRODUCED = "Wrong answers, and what they are told:"
KINDS = ("Pencil", "Code", "Explorable", "Open")
TASK = re.compile(r"^### (\d+\. .+)\n+(?:\*\*(\w+)\.\*\* )?", re.MULTILINE)


@dataclass
class Exercise:
    """A solution in three pieces, and wrong answers with their messages."""

    line: int  # of the code
    before: str
    solution: str
    after: str  # with the asserts
    wrong: list[tuple[str, str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)  # of the page, from 0

    @property
    def start(self) -> str:
        """What the reader finds in place of the dots, and has to mend; mostly nothing."""
        rows = takewhile(lambda row: row.startswith(WAS), self.solution.splitlines())
        return "".join(f"{row[len(WAS) + 1 :]}\n" for row in rows)

    @property
    def mended(self) -> str:
        """The solution below these comments."""
        return "\n".join(self.solution.splitlines()[self.start.count("\n") :])

    def program(self, answer: str) -> str:
        """What runs if the reader gives this answer."""
        return f"{self.before}{answer.rstrip()}\n{self.after}"

    def silent(self) -> int | None:
        """The row, from 0, of the first assert below the part that has no message."""
        above = (self.before + self.solution).count("\n")
        try:
            tree = ast.parse(self.after)
        except SyntaxError:  # which is told by another rule
            return None
        asserts = [node for node in ast.walk(tree) if isinstance(node, ast.Assert)]
        rows = [each.lineno for each in asserts if each.msg is None]
        return above + min(rows) - 1 if rows else None


def kinds(text: str) -> dict[str, str]:
    """The tasks of a post by their headings, and the kind of each; "" where none is said."""
    section = text.partition("\n## Exercises\n")[2].partition("\n## ")[0]
    return dict(TASK.findall(section))


def marked(snippet: Snippet) -> bool:
    """Whether it has a mark of an exercise, even a single one."""
    rows = snippet.code.splitlines()
    return BEGIN in rows or END in rows


def exercises(snippets: list[Snippet], lines: list[str]) -> Iterator[Exercise]:
    """Those whose marks can be read; the lines are those of the whole page."""
    for snippet in snippets:
        if match := MARKED.match(snippet.code):
            exercise = Exercise(snippet.line, match[1], match[2], match[3])
            inside = " " * max(snippet.indent, 1)
            goes_on = False  # whether the row may belong to the item above
            for number in range(snippet.end - 1, len(lines)):
                row = lines[number].strip()
                if row and not lines[number].startswith(inside):
                    break
                if item := ITEM.fullmatch(row):
                    exercise.wrong.append((item["answer"], item["message"].strip()))
                elif goes_on and row:
                    answer, message = exercise.wrong[-1]
                    exercise.wrong[-1] = answer, f"{message} {row}".strip()
                goes_on = bool(item) or (goes_on and bool(row))
                if goes_on or row == INTRODUCED:
                    exercise.rows.append(number)
            yield exercise


def as_shown(snippets: list[Snippet], lines: list[str], first: int = 1) -> list[str]:
    """The lines of a page, from line `first` on, with blanks where wrong answers stand."""
    whole = [""] * (first - 1) + lines
    hidden = {row for each in exercises(snippets, whole) for row in each.rows}
    rows = list(enumerate(whole))[first - 1 :]
    return ["" if row in hidden else line for row, line in rows]
