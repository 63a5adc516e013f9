"""The one form in which everything that is wrong is told: a line each."""

from dataclasses import dataclass, field


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


class Broken(Exception):
    """Stops a build: holds the problems that a person has to mend first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems
