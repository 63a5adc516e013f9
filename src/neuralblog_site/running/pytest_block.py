"""Runs one block of pytest-codeblocks in the sandbox, and tells where it failed.

The plugin runs blocks inside pytest's own process, where one endless loop or one
`sys.exit` takes everything down, and it names the block but not the line.
"""

import traceback
import warnings
from dataclasses import replace
from types import SimpleNamespace

from pytest_codeblocks.main import CodeBlock
from pytest_codeblocks.plugin import TestBlock

from neuralblog_site.project.problems import Problem
from neuralblog_site.running.comparison import difference
from neuralblog_site.running.error_messages import told


def run(block: CodeBlock, path: str, line: int, expected_line: int) -> str:
    """Run a block whose code starts at `line`; give back what went wrong, if it did."""
    warnings.simplefilter("error")
    try:
        TestBlock.runtest(SimpleNamespace(obj=block, name=f"{path}:{line}"))
    except SystemExit as error:
        fix = "a post's program runs to its end"
        return str(replace(_problem(path, line, error), code="SN13", fix=fix))
    except RuntimeError as error:
        if error.__context__ is None:
            texts = str(error).split("Expected output\n```\n")[-1]
            row, _, _ = difference(*texts.split("```\nbut got\n```\n"))
            what = "does not print what the page says, on an older CPU"
            fix = f"mend it, or `neuralblog-site update {path}`; `check` tells which"
            at = expected_line + row
            return str(Problem(path, at, "SN07", what, fix, str(error)))
        return str(_problem(path, line, error.__context__))
    return ""


def _problem(path: str, line: int, error: BaseException) -> Problem:
    frames = [
        f for f in traceback.extract_tb(error.__traceback__) if f.filename == "<string>"
    ]
    inside = frames[-1].lineno if frames else getattr(error, "lineno", None)
    code, message, fix = told(traceback.format_exception_only(error)[-1].strip())
    return Problem(path, line - 1 + (inside or 1), code, f"raises {message}", fix)
