"""Grades an answer to an exercise, and tells in our words why it broke its check.

A wrong value is told by the exercise's own asserts. An answer of another kind, as None or
an array of another shape, makes the check itself raise: then the answer is compared with the
solution, name for name and call for call, and told what was expected.

The check has names of its own. It gets from the answer what the solution defines, and
nothing else: an `abs`, an `np` or an `x` of the reader's cannot reach it.
"""

import ast
import contextlib
import copy
import inspect
import io
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from symtable import symtable
from typing import Any

import numpy as np

from neuralblog_site.inpage.tidy import tidied
from neuralblog_site.running.execute import Fault, execute

GIVEN, PART, CHECK = "given", "your part", "check"  # for the lines of each
WORDS = {  # what Python and NumPy say, and what we do
    r"ValueError: The truth value of an array .*":
        "it asks yes or no of a whole array: np.where, np.maximum or .all() can",
    r"ValueError: operands could not be broadcast together with shapes (\(.*?\)) (\(.*?\)).*":
        r"arrays of shape \1 and \2 do not go together",
    r"ValueError: could not broadcast input array from shape (\(.*?\)) into shape (\(.*?\)).*":
        r"an array of shape \1 does not fit where shape \2 is",
    r"ValueError: matmul: .*\(size (\d+) is different from (\d+)\)":
        r"the two sides of @ do not go together: \2 columns meet \1 rows",
    r"IndexError: index (-?\d+) is out of bounds for axis \d+ with size (\d+)":
        r"there is no place \1 on an axis of length \2: places count from 0",
    r"(?:Value|Type)Error: (\w+(?:\(.*?\))?: .+?)(?:\. .*|\.)?": r"\1",  # the library's own words
    r"TypeError: list indices must be integers or slices, not tuple":
        "a comma is missing between two rows, as in [1, 2], [3, 4]",
    r"TypeError: cannot unpack non-iterable \w+ object":
        "one value stands where several are asked for",
    r"ValueError: too many values to unpack \(expected (\d+)(?:, got \d+)?\)":
        r"there are more values than the \1 that are asked for; decimals take a point",
    r"SyntaxError: leading zeros in decimal integer literals.*":
        "decimals take a point, as in 0.5",
    r"SyntaxError: invalid decimal literal.*": "a product takes a star, as in 2 * x",
    r"TypeError: (?:\^|unsupported operand type\(s\) for \^|ufunc 'bitwise_xor').*":
        "a power is written with two stars, as in x**2",
    r"(?:Type|Attribute)Error: .*?\btuple\b.*":
        "a tuple cannot do that: take out what is in it, as in (x,) = ...",
    r"(?:Type|Attribute)Error: .*?\b(list)\b.*":
        r"a \1 cannot do that: np.array(...) makes an array of it",
    r"\w+Error: .*'NoneType'.*":
        "something in it is None, as where a `return` is missing",
    r"NameError: name '(\w+)' is not defined.*":
        r"the name \1 is not known: is it misspelled, or without its quotes or `np.`?",
    r"TypeError: can't multiply sequence by non-int .*":
        "a list is not multiplied like this: np.array(...) makes an array of it",
    r"TypeError: '[\w.]+' object is not callable.*":
        "a product takes a star, also in front of brackets, as in 2 * (x + 1)",
    r"SyntaxError: invalid character '(.)' .*":
        r"\1 is another sign than the one on the keyboard: type it again",
    r"SyntaxError: invalid syntax.*a comma.*":
        "Python cannot read it: is a comma missing?",
    r"SyntaxError: invalid syntax.*":
        "Python cannot read it: is there a sign missing, or a word too many?",
    r"RecursionError.*": "it calls itself, and never comes to an end",
    r"SystemExit.*": "it ends the program before the check has run",
    r"IndexError: (?:only integers, slices|arrays used as indices) .*":
        "a place has to be a whole number, counted from 0",
}  # fmt: skip


class Told(Exception):
    """What the reader shall read."""


class NotYet(Exception):
    """The verdict on an answer that does not pass, with what its reader is told."""


class _Held(io.StringIO):
    """Lets through what the part prints; the check's own may tell the solution, and waits."""

    def __init__(self) -> None:
        super().__init__()
        self.out = sys.stdout

    def write(self, text: str) -> int:
        frame = sys._getframe()
        while frame.f_back and frame.f_code.co_filename not in (GIVEN, PART, CHECK):
            frame = frame.f_back
        own = frame.f_code.co_filename == PART
        return self.out.write(text) if own else super().write(text)


def grade(before: str, answer: str, solution: str, after: str) -> None:
    """Run an answer and its check; raise NotYet if it does not pass."""
    held, warn = _Held(), warnings.showwarning

    def show(message: Any, category: Any, filename: str, *rest: Any) -> None:
        if filename == PART:  # what the check stumbles over is told by its message
            warn(message, category, filename, *rest)

    with contextlib.redirect_stdout(held), warnings.catch_warnings():
        warnings.showwarning = show  # type: ignore[assignment]
        theirs: dict[str, Any] = {"__name__": "__main__"}
        _execute(before, theirs, GIVEN)
        given = dict(theirs)
        where, fault = PART, None
        with tidied():  # nor can a function that it replaced
            fault = _execute(answer, theirs, PART)
        if fault is None:
            where, fault = CHECK, _check(after, solution, given, theirs)
    if fault is None:
        sys.stdout.write(held.getvalue())
        return
    asserted = ""
    if where == CHECK and fault.message.startswith("AssertionError"):
        asserted = fault.message.removeprefix("AssertionError: ")
    told = explained(before, answer, solution, after, asserted)
    raise NotYet(told or asserted or _worded(fault.message, begins=True))


def _check(
    after: str, solution: str, given: dict[str, Any], theirs: dict[str, Any]
) -> Fault | None:
    """Run the check on what was given, and on what the solution defines, from the answer."""
    names = given.copy()
    for symbol in symtable(solution, PART, "exec").get_symbols():
        name = symbol.get_name()
        if (symbol.is_assigned() or symbol.is_imported()) and name in theirs:
            names[name] = theirs[name]
    return _execute(after, names, CHECK)


def _execute(code: str, namespace: dict[str, Any], name: str) -> Fault | None:
    """As `execute`, but what is not the answer's fault goes on."""
    fault = execute(code, namespace, name)
    if fault and fault.message == "KeyboardInterrupt":
        raise KeyboardInterrupt
    if fault and fault.message == "ModuleNotFoundError: No module named 'matplotlib'":
        raise ModuleNotFoundError("No module named 'matplotlib'")  # it is loaded then
    return fault


@contextlib.contextmanager
def _undrawn() -> Iterator[None]:
    """Shows what is drawn so far, and nothing that is drawn inside."""
    svg: Any = sys.modules.get("neuralblog_site.running.svg")
    if svg is None:
        yield
        return
    svg.show()
    deliver, svg.deliver = svg.deliver, lambda drawn: None
    try:
        yield
    finally:
        svg.deliver = deliver


def explained(
    before: str, answer: str, solution: str, after: str, asserted: str = ""
) -> str:
    """Why this answer does not pass, in a sentence or two; nothing if it does.

    What an assert has said already stands, unless the answer is nothing at all.
    """
    with (
        tidied(),
        contextlib.redirect_stdout(io.StringIO()),
        warnings.catch_warnings(),
        _undrawn(),
    ):
        warnings.simplefilter("ignore")
        ours, theirs = ({"__name__": "__main__"} for _ in range(2))
        for namespace, part in (ours, solution), (theirs, answer):
            _execute(before, namespace, GIVEN)
            given: dict[str, Any] = dict(namespace)
            if fault := _execute(part, namespace, PART):
                line = f"Line {fault.line}: " if "\n" in answer.strip() else ""
                if share := re.search(r"(\d+) *%\s*(?:$|[,)\]])", answer, re.MULTILINE):
                    return f"{line}{share[1]} % is written {int(share[1]) / 100}."
                return line + _worded(fault.message, begins=not line)
        try:
            _compare(answer, solution, ours, theirs, bool(asserted))
        except Told as told:
            return str(told)
        if asserted:
            power = re.search(r"[\w)] *\^ *[-\w(]", answer)
            return _worded("TypeError: ^", begins=True) if power else asserted
        fault = _check(after, solution, given, theirs)
    if fault is None:
        return ""
    said = _worded(fault.message, begins=True)
    return re.sub(r"^([\w.]+\.)?(Told|AssertionError): ", "", said)


def _compare(
    answer: str,
    solution: str,
    ours: dict[str, Any],
    theirs: dict[str, Any],
    asserted: bool,
) -> None:
    """Compare what the part has to give; have functions watched for the check."""
    for place in _places(solution):
        right = eval(place, ours)
        try:
            given = eval(place, theirs)
        except (NameError, AttributeError):
            if asserted:  # then the check needs no such name
                continue
            raise Told(f"{place} is missing: your part has to define it.") from None
        if asserted and not (given is None or isinstance(given, str)):
            if _never_returns(answer, place) and not _never_returns(solution, place):
                raise Told(f"{place} gives back nothing: a `return` is missing.")
            continue
        if "." in place and not isinstance(given, np.ndarray):
            raise Told(f"{place} has to stay an array: write {place}[:] = ...")
        _same_kind(f"{place} is", given, right)
        if inspect.isfunction(right):
            theirs[place] = _watched(place, given, right)
        if isinstance(given, type):
            for name, method in vars(right).items():
                own = vars(given).get(name)
                if inspect.isfunction(method) and inspect.isfunction(own):
                    setattr(given, name, _watched(name, own, method))


def _never_returns(answer: str, name: str) -> bool:
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == name
        and not any(isinstance(inner, ast.Return) for inner in ast.walk(node))
        for node in ast.parse(answer).body
    )


def _places(solution: str) -> Iterator[str]:
    """The names and attributes that the solution gives a value."""
    for statement in ast.parse(solution).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            targets = list(statement.targets)
            while targets:
                target = targets.pop(0)
                if isinstance(target, ast.Tuple | ast.List):
                    targets[:0] = target.elts
                elif isinstance(target, ast.Subscript):
                    targets.insert(0, target.value)
                else:
                    yield ast.unparse(target)


def _watched(
    name: str, theirs: Callable[..., Any], ours: Callable[..., Any]
) -> Callable[..., Any]:
    """The reader's function, whose results have to be of the kind that ours are."""

    def call(*given: Any) -> Any:
        try:
            inspect.signature(theirs).bind(*given)
        except ValueError:  # a function that does not say what it takes
            pass
        except TypeError:
            takes = ", ".join(inspect.signature(ours).parameters)
            raise Told(f"{name} has to take ({takes}).") from None
        same = copy.deepcopy(given)
        try:
            result = theirs(*given)
        except Told:  # by a call from inside
            raise
        except Exception as error:
            raise Told(_stopped(name, error, same)) from None
        try:
            right = ours(*same)
        except Exception:  # it leans on what the check has changed by now
            return result
        _same_kind(f"{name} gives back", result, right)
        return result

    return call


def _stopped(name: str, error: Exception, given: tuple[Any, ...]) -> str:
    shapes = [np.shape(one) for one in given if isinstance(one, np.ndarray)]
    what = f" for an array of shape {max(shapes, key=len)}" if any(shapes) else ""
    numbers = [str(one) for one in given if isinstance(one, int | float)]
    what += " and ".join([what and "", *numbers]) if what else ""
    return f"{name} stops{what}: {_worded(f'{type(error).__name__}: {error}')}"


def _same_kind(what: str, given: Any, right: Any) -> None:
    is_, expected = _kind(given), _kind(right)
    if is_ != expected:
        raise Told(
            f"{what} {_said(is_)}, expected {_said(expected)}.{_hint(what, is_, expected)}"
        )


Kind = str | tuple[int, ...]  # a shape stands for numbers


def _kind(value: Any) -> Kind:
    if value is None or isinstance(value, str):
        return "None" if value is None else "a text"
    if isinstance(value, type) or callable(value):
        return "a class" if isinstance(value, type) else "a function"
    if isinstance(
        value, list | tuple | np.ndarray | np.generic | int | float | complex
    ):
        try:
            array = np.asarray(value)
        except ValueError:  # rows of different lengths
            uneven = "" if isinstance(value, tuple) else " of different length"
            return f"{len(value)} things{uneven}"  # type: ignore[arg-type]
        if array.dtype.kind in "biuf":
            return array.shape
        if array.dtype.kind == "c":
            return "complex"
        return "a list of texts" if array.dtype.kind == "U" else "a list"
    return f"a {type(value).__name__}"


def _said(kind: Kind) -> str:
    if isinstance(kind, str):
        return kind
    if len(kind) > 1:
        return f"an array of shape {kind}"
    return f"a row of {kind[0]}" if kind else "one number"


def _hint(what: str, given: Kind, right: Kind) -> str:
    """At the mistake that is made most often."""
    if right == "a function":
        return f" Begin with `def {what.split()[0]}(`."
    if given == "None":
        return " Is a `return` missing?" if what.endswith("back") else ""
    if given == "a text":
        listed = right == "a list of texts"
        return " Write [...] around it." if listed else " Leave out the quotes."
    if given == "a function":
        return " Call it, with (...)."
    if isinstance(given, str) or isinstance(right, str):
        return ""
    if given == right[::-1]:
        return " Is it transposed?"
    if [n for n in given if n != 1] == [n for n in right if n != 1]:
        if len(given) < len(right):
            return " An axis of length 1 is missing."
        return " Take the axis of length 1 away."
    if len(given) > len(right) > 0:
        return " Along which axis should it shrink?"
    return ""


def _worded(message: str, *, begins: bool = False) -> str:
    """In our words, where we have some; as a sentence, where it begins one."""
    message = message.strip().split("\n")[-1]
    for pattern, words in WORDS.items():
        if match := re.fullmatch(pattern, message):
            words = words[0].upper() + words[1:] if begins else words
            said = match.expand(words)
            return said if said.endswith("?") else f"{said}."
    return message
