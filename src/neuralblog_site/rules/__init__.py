"""The rules that every page keeps, in one table: what is wrong, the cure, and why.

A rule is a function from a page to findings: `(line, what)` or `(line, what, fix)`.
Its docstring says why the rule exists. The table also writes the page of rules.
Imports project, sources, running.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module

from neuralblog_site.project.problems import Problem
from neuralblog_site.sources.page import Page

Finding = tuple[int, str] | tuple[int, str, str]
Judge = Callable[[Page], Iterable[Finding]]
KINDS = ("post", "lab", "page", "note")
FAMILIES = {
    "front_matter": "Front matter",
    "text": "Text",
    "lookalikes": "Text",
    "unfinished": "Text",
    "claims": "Text",
    "fences": "Snippets",
    "code": "Snippets",
    "pictures": "Pictures and HTML",
    "links": "Links",
    "leftovers": "Left over from elsewhere",
}


@dataclass(frozen=True)
class Rule:
    """A row of the table. `judge` is missing where the run of a snippet tells."""

    code: str
    what: str
    fix: str
    why: str
    family: str
    judge: Judge | None = None
    kinds: tuple[str, ...] = KINDS
    warns: bool = False  # is counted, but no fault until it counts

    def problems(self, page: Page) -> Iterator[Problem]:
        """What the rule finds on a page."""
        if self.judge is None or page.kind not in self.kinds:
            return
        for line, what, *fix in self.judge(page):
            yield Problem(page.name, line, self.code, what, fix[0] if fix else self.fix)


RULES: dict[str, Rule] = {}


def rule(
    code: str,
    what: str,
    fix: str,
    kinds: tuple[str, ...] = KINDS,
    warns: bool = False,
) -> Callable[[Judge], Judge]:
    """Enter a function into the table."""

    def enter(judge: Judge) -> Judge:
        family = judge.__module__.rpartition(".")[2]
        why = " ".join((judge.__doc__ or "").split())
        _enter(Rule(code, what, fix, why, family, judge, kinds, warns))
        return judge

    return enter


def told_by_running(code: str, what: str, fix: str, why: str) -> None:
    """Enter a rule that `running` applies to what a snippet did."""
    _enter(Rule(code, what, fix, why, "code"))


def _enter(made: Rule) -> None:
    if made.code in RULES:
        raise ValueError(f"two rules are called {made.code}")
    RULES[made.code] = made


for _family in FAMILIES:
    import_module(f"{__name__}.{_family}")
RULES = dict(sorted(RULES.items()))
