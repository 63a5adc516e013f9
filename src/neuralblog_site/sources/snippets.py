"""Finds the snippets of a post, with the output and the figures that belong to each.

A snippet is a ```python fence. What belongs to it stands next to it, with nothing but
blank lines between: below it an expected output, and below or above it one
`<!--figure: ...-->` comment per figure. The picture stands where its comment stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FENCE = re.compile(r"^(?P<indent> *)(?P<mark>`{3,}|~{3,})(?P<info>[^`]*)$")
EXPECTED = "<!--pytest-codeblocks:expected-output-->"
CONTINUED = "<!--pytest-codeblocks:cont-->"
FIGURE = re.compile(r"<!--\s*figure:(?P<alt>.*?)-->", re.DOTALL)
DRAW = "# draw"  # the line of code from which on a snippet draws
SETUP = re.compile(r"(import|from)\b|#|$")  # lines that come before anything is done


@dataclass
class Fence:
    """A fenced block: lines `start` to `end` (counted from 0, the marks included)."""

    info: str
    start: int
    end: int
    indent: int
    text: str
    mark: str  # what opens it


@dataclass
class Snippet:
    """A Python fence with all that belongs to it. Lines count from 1."""

    path: str
    line: int  # of the first line of code
    code: str
    indent: int = 0
    expected: str | None = None
    expected_line: int = 0  # of the first line of the expected output
    figures: list[str] = field(default_factory=list)  # alt texts, in order
    figure_lines: list[int] = field(default_factory=list)
    before: list["Snippet"] = field(default_factory=list)  # a lab's earlier cells
    pictured_first: bool = False  # its figures stand above the code
    begin: int = 0  # the first line of everything that belongs to it
    end: int = 0  # the first line after that

    @property
    def code_end(self) -> int:
        """The first line after the code."""
        return self.line + self.code.count("\n")

    @property
    def drawing(self) -> int:
        """How many lines at its end draw; all of them, where only imports come before."""
        rows = [row.strip() for row in self.code.splitlines()]
        if DRAW not in rows:
            return 0
        at = rows.index(DRAW)
        whole = all(SETUP.match(row) for row in rows[:at])
        return len(rows) - (0 if whole else at)

    @property
    def in_lab(self) -> bool:
        """Whether it is a cell of a lab, which shows its output and asserts it."""
        return "/labs/" in self.path

    @property
    def trains(self) -> bool:
        """Whether it trains a network, and so may take longer."""
        return re.search(r"\btrain\(", self.program) is not None

    @property
    def limit(self) -> float:
        """Seconds after which a run is killed: five times what a snippet may take."""
        return 200.0 if self.in_lab else 50.0 if self.trains else 15.0

    @property
    def program(self) -> str:
        """What runs: in a lab, the cells before it too."""
        return "".join([cell.code for cell in self.before] + [self.code])


def fences(lines: list[str]) -> Iterator[Fence]:
    """Every fenced block of a page, whatever its language."""
    opened: re.Match[str] | None = None
    start = 0
    for number, line in enumerate(lines):
        match = FENCE.match(line.rstrip())
        if opened is None:
            opened, start = match, number
        elif (
            match
            and match["mark"].startswith(opened["mark"])
            and not match["info"].strip()
        ):
            indent = len(opened["indent"])
            body = [_dedent(row, indent) for row in lines[start + 1 : number]]
            text = "".join(row + "\n" for row in body)
            info, mark = opened["info"].strip(), opened["mark"]
            yield Fence(info, start, number, indent, text, mark)
            opened = None


def snippets(text: str, path: str = "", first: int = 1) -> list[Snippet]:
    """The snippets of a page whose line `first` is the first line of `text`."""
    lines = text.splitlines()
    blocks = {fence.start: fence for fence in fences(lines)}
    found: list[Snippet] = []
    for block in blocks.values():
        if block.info == "python":
            snippet = Snippet(path, first + block.start + 1, block.text, block.indent)
            above = found[-1].end - first if found else 0
            snippet.begin = _precede(snippet, lines, block.start, above, first)
            snippet.pictured_first = bool(snippet.figures)
            snippet.end = _attach(snippet, lines, block.end + 1, blocks, first)
            if continues(lines, block.start) and found:
                snippet.before = [*found[-1].before, found[-1]]
            found.append(snippet)
    return found


def read(path: Path, root: Path) -> list[Snippet]:
    """The snippets of a file; paths are told relative to the root."""
    name = path.relative_to(root).as_posix()
    return snippets(path.read_text(encoding="utf-8"), name)


def _precede(
    snippet: Snippet, lines: list[str], at: int, above: int, first: int
) -> int:
    """Take the figure comments right above line `at`, down from `above`; give the begin."""
    begin = at
    while at > above:
        line = lines[at - 1].strip()
        start = at - 1
        if line.endswith("-->") and line != CONTINUED:
            while start > above and "<!--" not in lines[start]:
                start -= 1
            match = FIGURE.fullmatch(" ".join(lines[start:at]).strip())
            if match is None:
                break
            snippet.figures.insert(0, " ".join(match["alt"].split()))
            snippet.figure_lines.insert(0, first + start)
            begin = start
        elif line and line != CONTINUED:
            break
        at = start
    return first + begin


def _attach(
    snippet: Snippet, lines: list[str], at: int, blocks: dict[int, Fence], first: int
) -> int:
    """Take the output and figure comments that start at line `at`; give the end."""
    end = at
    while at < len(lines):
        line = lines[at].strip()
        if not line:
            at += 1
        elif line == EXPECTED and snippet.expected is None:
            start = _skip_blank(lines, at + 1)
            if start not in blocks:
                break
            snippet.expected = blocks[start].text
            snippet.expected_line = first + start + 1
            at = end = blocks[start].end + 1
        elif line.startswith("<!--") and (last := _comment_end(lines, at)) is not None:
            match = FIGURE.fullmatch(" ".join(lines[at : last + 1]).strip())
            if match is None or snippet.pictured_first:
                break
            snippet.figures.append(" ".join(match["alt"].split()))
            snippet.figure_lines.append(first + at)
            at = end = last + 1
        else:
            break
    return first + end


def continues(lines: list[str], start: int) -> bool:
    """Whether a fence that starts at line `start` goes on with the one before it."""
    above = (row.strip() for row in reversed(lines[:start]) if row.strip())
    return next(above, "") == CONTINUED


def _comment_end(lines: list[str], at: int) -> int | None:
    return next((n for n in range(at, len(lines)) if "-->" in lines[n]), None)


def _skip_blank(lines: list[str], at: int) -> int:
    while at < len(lines) and not lines[at].strip():
        at += 1
    return at


def _dedent(line: str, indent: int) -> str:
    return line[min(indent, len(line) - len(line.lstrip(" "))) :]
