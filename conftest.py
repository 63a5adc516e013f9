"""pytest runs the tests, and every Python block of every page, each in the sandbox.

`check` has run the blocks as this machine does; here an older CPU runs them, with another
hash seed, and has to print the same.
"""

import os

for _library in ("OPENBLAS", "OMP", "MKL"):  # small products are faster on one thread
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import types
from pathlib import Path

import pytest
from pytest_codeblocks.plugin import TestBlock

from neuralblog_site.project.problems import Problem
from neuralblog_site.rules.check import other_settings
from neuralblog_site.running.sandbox import Sandbox, Stopped
from neuralblog_site.sources.snippets import Snippet, read

ROOT = Path(__file__).parent
SANDBOX = pytest.StashKey[Sandbox]()


def pytest_configure(config: pytest.Config) -> None:
    config.option.codeblocks = True
    config.stash[SANDBOX] = Sandbox(environment=other_settings())


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[SANDBOX].close()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Fixtures do not reach a block, which is no function; this does."""
    if isinstance(item, TestBlock) and item.obj.syntax == "python":
        item.runtest = types.MethodType(_run, item)  # type: ignore[method-assign]
        item.repr_failure = types.MethodType(_tell, item)  # type: ignore[method-assign]


def _run(item: TestBlock) -> None:
    cells = _cells(item)
    snippet, code = cells[0], _with_lines_kept(cells)
    assert code.split() == item.obj.code.split()
    item.obj.code, item.obj.expected_output = code, snippet.expected
    try:
        wrong = item.config.stash[SANDBOX].call(
            "neuralblog_site.running.pytest_block:run",
            item.obj,
            snippet.path,
            snippet.line,
            snippet.expected_line,
            limit=2 * snippet.limit,  # others run beside it
        )
    except Stopped as stopped:
        line = stopped.line("<string>")
        at = snippet.line + line - 1 if line else snippet.line
        fix = "make it end, or make it smaller"
        wrong = str(Problem(snippet.path, at, "SN14", str(stopped), fix))
    if wrong:
        raise AssertionError(wrong)


def _cells(item: TestBlock) -> list[Snippet]:
    """The snippet of a block; in a lab, all cells that continue it."""
    found = read(item.path, ROOT)
    first = next(s for s in found if s.line == item.obj.lineno + 1)
    return [s for s in found if s is first or first in s.before]


def _with_lines_kept(cells: list[Snippet]) -> str:
    """One program, with empty lines for the text between the cells.

    The plugin joins the cells, and drops the empty lines of indented blocks; here every
    line stays where it stands in the page, so that an error is told at its line.
    """
    code, first = "", cells[0].line
    for cell in cells:
        code += "\n" * (cell.line - first - code.count("\n")) + cell.code
    return code


def _tell(item: TestBlock, failure: pytest.ExceptionInfo[BaseException]) -> str:
    return str(failure.value)
