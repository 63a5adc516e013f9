"""No exercise takes what a lazy reader tries: a zero, a constant, an argument left out."""

import ast
import os
from collections.abc import Iterator

import pytest

from neuralblog_site.inpage.grading import NotYet, _places, grade
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.exercises import Exercise, exercises, kinds
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import snippets

VALUES = ("0", "1", "None", "float('nan')", "''", "[]")
# What takes the place of a function `f`, that was called with `given`.
CALLS = {
    "first result": "kept.setdefault('result', f(*given))",
    "minus": "tuple(-each for each in r) if isinstance(r := f(*given), tuple) else -r",
    **{value: value for value in VALUES},
}
FROZEN = "f(*given[:{0}], kept.setdefault({0}, deepcopy(given[{0}])), *given[{0} + 1:])"
WRAPPED = """
def lazy(f):
    from copy import deepcopy
    kept = {{}}
    return lambda *given: {call}
{name} = lazy({name})
"""
RIGHT = {  # (page, name, what): it passes, and may
    ("network", "b", "1"): "w = -1, 1 and b = 1 is one of many lines",
    ("network", "b", "0"): "the sums are 0 and 1, and a step says no at 0",
    ("backpropagation", "two", "0"): "this is the answer",
    ("backpropagation", "backward", "None"): "it has nothing to give back",
    ("generalization", "odd", "0"): "this is the answer",
    ("inspection", "best", "1"): "this is the answer",
    ("gradients", "complex_step", "one h"): "the smallest step serves all",
}
# Called once, with random numbers, since a reader mends what stands there.
ONCE = {("museum", "spread"), ("museum", "slopes"), ("museum", "winners")}
ONCE |= {("backpropagation", "backward"), ("optimizers", "rate_at")}
ANY_GENERATOR = {("training", "dropout", "rng")}
TYPED = {  # (page, name): it may be typed, since
    ("generalization", "changes"): "nobody types 499 numbers",
    ("gradients", "x"): "any table of more than one row is right",
}
SLOW = {("training", "saved"), ("generalization", "share"), ("inspection", "others")}

Lazy = tuple[str, str, str]  # what it is about, what is done, and the code


def _found() -> Iterator[tuple[str, str, Exercise]]:
    paths = [post.path for post in Site(ROOT).posts()] + [ROOT / "docs/museum.md"]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        lines = text.split("\n")
        for each in exercises(snippets(text, path.name), lines):
            above = [row for row in lines[: each.line] if row.startswith("### ")]
            kind = kinds(text).get(above[-1][4:], "") if above else ""
            yield path.stem, kind, each


def _lazy(exercise: Exercise) -> Iterator[Lazy]:
    """All that may be put below the solution, to spoil it."""
    tree = ast.parse(exercise.solution).body
    functions = {
        node.name: [argument.arg for argument in node.args.args]
        for node in tree
        if isinstance(node, ast.FunctionDef)
    }
    classes = {node.name for node in tree if isinstance(node, ast.ClassDef)}
    for name in dict.fromkeys(_places(exercise.solution)):
        if name in functions:
            calls = CALLS | {
                f"{what} {argument}": form.format(at)
                for at, argument in enumerate(functions[name])
                for what, form in (("gives", "given[{0}]"), ("one", FROZEN))
            }
            for what, call in calls.items():
                yield name, what, WRAPPED.format(name=name, call=call)
        elif "." in name:
            yield from ((name, what, f"\n{name}[:] = {what}\n") for what in "01")
        elif name not in classes:
            yield from ((name, what, f"\n{name} = {what}\n") for what in VALUES)


def _may(page: str, name: str, what: str) -> bool:
    frozen = what == "first result" or what.startswith("one ")
    return (
        (page, name, what) in RIGHT
        or (frozen and (page, name) in ONCE)
        or (page, name, what.removeprefix("one ")) in ANY_GENERATOR
    )


FOUND = [
    pytest.param(*each, id=f"{each[0]}-{each[2].line}")
    for each in _found()
    if "SLOW" in os.environ
    or not SLOW & {(each[0], name) for name in _places(each[2].solution)}
]


@pytest.mark.parametrize(("page", "kind", "exercise"), FOUND)
def test_a_lazy_answer_does_not_pass(page: str, kind: str, exercise: Exercise) -> None:
    passed = []
    for name, what, code in _lazy(exercise):
        answer = exercise.solution + code
        try:
            grade(exercise.before, answer, exercise.solution, exercise.after)
        except NotYet:
            continue
        if not _may(page, name, what):
            passed.append((name, what))
    assert not passed


@pytest.mark.parametrize(("page", "kind", "exercise"), FOUND)
def test_what_is_to_be_computed_is_not_typed(
    page: str, kind: str, exercise: Exercise
) -> None:
    """As many digits as a print shows do not stand in for an expression."""
    typed = []
    for node in ast.parse(exercise.solution).body if kind == "Code" else []:
        if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Call):
            continue
        (target,) = (ast.unparse(each) for each in node.targets)
        code = f"\nimport numpy\n{target} = numpy.round({target}, 3)\n"
        try:
            answer = exercise.solution + code
            grade(exercise.before, answer, exercise.solution, exercise.after)
        except NotYet:
            continue
        if (page, target) not in TYPED:
            typed.append(target)
    assert not typed
