"""Executes one snippet in a fresh namespace. The build and the page both use it.

Errors carry the line of the post, since the snippet is compiled under the post's
name and numbered from the line at which it stands there.
"""

import ast
import contextlib
import io
import linecache
import sys
import traceback
import warnings
from dataclasses import dataclass, field
from typing import Any

OUTPUT_LIMIT = 200_000


@dataclass
class Fault:
    """What a snippet raised: the post's line, that line's text, and the message."""

    line: int
    source: str
    message: str
    callers: list[int] = field(default_factory=list)  # lines that led there


@dataclass
class Result:
    """What one run of a snippet printed, drew, left behind, or raised."""

    stdout: str = ""
    figures: list[str] = field(default_factory=list)
    fault: Fault | None = None
    unshown: int = 0  # figures drawn, but never given to plt.show()
    poor: list[tuple[str, str]] = field(default_factory=list)  # figures, with the cure
    warned: str = ""
    files: list[str] = field(default_factory=list)  # left in the snippet's folder


class _Limited(io.StringIO):
    def write(self, text: str) -> int:
        if self.tell() + len(text) > OUTPUT_LIMIT:
            raise RuntimeError(f"printed more than {OUTPUT_LIMIT:,} characters")
        return super().write(text)


def run_cells(cells: list[tuple[str, int]], filename: str) -> list[Result]:
    """Run the cells of a notebook in one namespace, up to the first that fails."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    results: list[Result] = []
    for code, line in cells:
        results.append(_run_cell(code, namespace, filename, line))
        if results[-1].fault is not None:
            break
    return results


def _run_cell(code: str, namespace: dict[str, Any], filename: str, line: int) -> Result:
    out, err = _Limited(), _Limited()
    result = Result()
    with (
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("error")
        result.fault = execute(code, namespace, filename, line)
        result.figures, result.poor, result.unshown = _drawn()
    result.stdout, result.warned = out.getvalue(), err.getvalue()
    return result


def execute(
    code: str,
    namespace: dict[str, Any],
    filename: str,
    line: int = 1,
    *,
    show_last: bool = False,
) -> Fault | None:
    """Execute code in a namespace; give back what stopped it, if anything did.

    With `show_last`, a last line that is an expression is shown, as a notebook does.
    """
    padded = "\n" * (line - 1) + code
    linecache.cache[filename] = (len(padded), None, padded.splitlines(True), filename)
    try:
        tree = ast.parse(padded, filename)
        shown = ast.Interactive([])
        last = tree.body[-1:] if show_last and not padded.rstrip().endswith(";") else []
        if last and isinstance(last[0], ast.Expr):
            shown.body.append(tree.body.pop())
        exec(compile(tree, filename, "exec", dont_inherit=True), namespace)
        exec(compile(shown, filename, "single", dont_inherit=True), namespace)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are faults too
        return _fault(error, filename, line)
    return None


def _fault(error: BaseException, filename: str, line: int) -> Fault:
    if isinstance(error, SyntaxError) and error.filename == filename:
        where = error.lineno or line
        return Fault(where, _line(filename, where), f"SyntaxError: {error.msg}")
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame.lineno or line for frame in frames if frame.filename == filename]
    where = inside[-1] if inside else line
    message = traceback.format_exception_only(error)[-1].strip()
    return Fault(where, _line(filename, where), message, inside[:-1])


def _line(filename: str, number: int) -> str:
    return linecache.getline(filename, number).strip()


def _drawn() -> tuple[list[str], list[tuple[str, str]], int]:
    """Figures that the snippet showed, their faults, and the number of those not shown."""
    if "matplotlib.pyplot" not in sys.modules:
        return [], [], 0
    from matplotlib import pyplot

    from neuralblog_site.running import svg

    shown, faults = list(svg.shown), list(svg.faults)
    svg.shown.clear()
    svg.faults.clear()
    return shown, faults, len(pyplot.get_fignums())
