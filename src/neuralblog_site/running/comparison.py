"""Compares what a snippet did with what the page says of it."""

from collections.abc import Iterator
from itertools import zip_longest

from neuralblog_site.project.problems import Problem
from neuralblog_site.running.error_messages import told
from neuralblog_site.running.execute import Result
from neuralblog_site.sources.snippets import Snippet


def problems(snippet: Snippet, result: Result) -> Iterator[Problem]:
    """What it raised, or each thing that it did and the page does not say."""
    path, line, fault = snippet.path, snippet.line, result.fault
    if fault is not None:
        code, message, fix = told(fault.message)
        what = f"raises {message}, at: {fault.source}"
        yield Problem(path, fault.line, code, what, fix)
        return
    update = f"mend it, or accept the new output with `neuralblog-site update {path}`"
    if snippet.expected is not None and snippet.expected != result.stdout:
        where, expected, got = difference(snippet.expected, result.stdout)
        what = f"printed {got!r}, but the page says {expected!r}"
        yield Problem(path, snippet.expected_line + where, "SN07", what, update)
    if snippet.expected is None and result.stdout and not snippet.in_lab:
        what = "prints, but the page shows no output"
        yield Problem(path, line, "SN08", what, update)
    if result.files:
        what = f"writes into the reader's folder: {', '.join(result.files)}"
        fix = "write to io.BytesIO, or into a tempfile.TemporaryDirectory()"
        yield Problem(path, line, "SN16", what, fix)
    if result.warned:
        what = f"writes to stderr: {result.warned.strip().splitlines()[-1]}"
        yield Problem(path, line, "SN20", what, "mend what it complains about")
    for what, fix in result.poor:
        yield Problem(path, line, "SN31", what, fix)
    drawn, described = len(result.figures), len(snippet.figures)
    if result.unshown:
        what = f"draws {result.unshown} figures that it does not show"
        yield Problem(path, line, "SN21", what, "call plt.show() after each")
    elif drawn != described:
        what = f"shows {drawn} figures, but {described} are described"
        fix = "write one `<!--figure: what it shows-->` above or below it for each"
        yield Problem(path, line, "SN21", what, fix)


def difference(expected: str, got: str) -> tuple[int, str, str]:
    """The first row in which two texts that are not the same differ, and how it reads."""
    rows = zip_longest(expected.splitlines(), got.splitlines(), fillvalue="")
    for row, (old, new) in enumerate(rows):
        if old != new:
            return row, old, new
    last = len(expected.splitlines()) - 1
    return last, expected[-1:], got[-1:]  # they differ in the last line's end
