"""What a page has to hold its claims up: the numbers of its snippets, and its references."""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from neuralblog_site.sources.page import Page

WRITTEN = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
PRINTED = re.compile(rf"(?<![\w.])({WRITTEN}(?:e[-+]?\d+)?)( ?%)?")
WORD = r"[^\W\d_][\w'-]+"
AUTHORS = re.compile(rf"([A-Z].+?{WORD}(?: \(eds\))?)(?:\. (?!{WORD}, )|, (?=[*\"“]))")


class Fact(NamedTuple):
    """A number that a snippet holds."""

    rank: int  # 0 printed, 1 asserted, 2 set by the code: the less, the better
    value: float
    line: int


@lru_cache(1000)  # pages; `serve` reads them anew after each edit
def facts(page: Page) -> list[Fact]:
    """The numbers that the snippets of a page print, assert and set, without signs."""
    return list(_facts(page))


def _facts(page: Page) -> Iterator[Fact]:
    for snippet in page.snippets:
        rows = (snippet.expected or "").splitlines()
        for line, row in enumerate(rows, snippet.expected_line):
            for written, percent in PRINTED.findall(row):
                value = number(written)
                yield Fact(0, value, line)
                if percent:
                    yield Fact(0, value / 100, line)
    for _, tree in page.trees:
        for statement in ast.walk(tree):
            asserts = isinstance(statement, ast.Assert)
            for node in ast.walk(statement) if asserts else [statement]:
                match node:
                    case ast.Constant(int() | float() as value):
                        yield Fact(1 if asserts else 2, float(value), node.lineno)


def number(written: str) -> float:
    """The value of a number as a text has it."""
    return float(written.replace(",", ""))


class Reference(NamedTuple):
    """An entry of a page's references."""

    names: list[str]
    text: str

    @property
    def label(self) -> str:
        """Its authors, as a text names them."""
        second = f" and {self.names[-1]}" if len(self.names) == 2 else " et al."
        return self.names[0] + second * (len(self.names) > 1)

    def cited(self, text: str) -> str:
        """How a text cites it, with the year; empty where it does not."""
        named = re.search(rf"\b{self.names[0]}\b", text)
        years = reversed(re.findall(r"(?<![\d-])(?:1[5-9]|20)\d\d(?![\d-])", self.text))
        return next((f"{self.label} {y}" for y in years if named and y in text), "")


def references(page: Page) -> Iterator[Reference]:
    """The list at the end of a page."""
    below = "\n".join(page.lines).partition("\n## References\n")[2]
    for said in re.split(r"^- ", below.partition("\n## ")[0], flags=re.MULTILINE):
        yield from reference(said)


def reference(said: str) -> Iterator[Reference]:
    """What a list or a footnote names, if it begins with its authors."""
    said = " ".join(said.split())
    if authors := AUTHORS.match(said):
        names = authors[1].removesuffix(" (eds)").split(", ")
        yield Reference([name.split(" ")[-1] for name in names], said)
