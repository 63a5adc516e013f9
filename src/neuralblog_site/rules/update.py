"""`neuralblog-site update`: write below each snippet what it prints now.

Touches nothing else of a file, and writes it as a whole or not at all.
"""

import difflib
import os
import re
from pathlib import Path

from neuralblog_site.project.problems import Problem
from neuralblog_site.rules import RULES, documentation
from neuralblog_site.rules.check import Named, given, other_machine, unstable
from neuralblog_site.running.results import Execution
from neuralblog_site.sources import addresses
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import EXPECTED, Snippet

REFUSED = {"SN06", "SN14", "SN15", "SN16", "SN20"}  # such runs are no outputs to keep


def updated(
    page: Page, here: Execution, elsewhere: Execution | None = None
) -> tuple[str, list[Problem]]:
    """The page's text with what its snippets print, and why some were left alone."""
    lines = list(page.lines)
    problems: list[Problem] = []
    read = [p for code in ("SN09", "SN28") for p in RULES[code].problems(page)]
    for snippet in reversed(page.snippets):  # the lines above keep their numbers
        inside = range(snippet.line, snippet.code_end)
        wrong = [p for p in read if p.line in inside]
        if not wrong:
            wrong = [p for p in here.problems(snippet) if p.code in REFUSED]
        if not wrong and elsewhere is not None:
            wrong = list(unstable([snippet], here, elsewhere))
        problems += wrong
        if not wrong:
            _write_output(lines, snippet, here.result(snippet).stdout)
    text = "\n".join(lines)
    problems += RULES["SN09"].problems(_reread(page, text))
    return text, sorted(set(problems))


def _reread(page: Page, text: str) -> Page:
    """The page as it would be with another text."""
    other = Page(page.path, page.site, page.name)
    other.text, other.lines = text, text.split("\n")
    return other


def _write_output(lines: list[str], snippet: Snippet, output: str) -> None:
    """Put the output where the snippet's expected output stands, or below its code."""
    rows = output.splitlines()
    if snippet.expected == output or (snippet.expected is None and not rows):
        return
    marks = re.findall(r"^\s*(`{3,})", output, re.MULTILINE)
    mark = "`" * max(3, *(len(found) + 1 for found in marks), 3)
    if snippet.expected is None:
        start = end = snippet.line + snippet.code.count("\n")
        block = ["", EXPECTED, "", f"{mark}text", *rows, mark]
    else:
        first, end = snippet.expected_line - 2, snippet.expected_line
        end += snippet.expected.count("\n")
        start = max(n for n in range(first) if lines[n].strip() == EXPECTED)
        block = [EXPECTED, *lines[start + 1 : first], f"{mark}text", *rows, mark]
        while not rows and end < len(lines) and not lines[end].strip():
            end += 1
    indent = " " * snippet.indent
    lines[start:end] = [indent + row if row else row for row in block if rows]


def write(path: Path, old: bytes, text: str) -> None:
    """Replace a file by a text, in one step, with the line ends that it had."""
    if b"\r\n" in old:
        text = text.replace("\n", "\r\n")
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_bytes(text.encode())
        draft.chmod(path.stat().st_mode)
        if path.read_bytes() != old:
            raise ValueError(f"{path.name} was changed meanwhile: nothing was written")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def run(paths: list[Named], root: Path) -> int:
    """The command: show each change as a diff; 1 if something was left alone."""
    site = Site(root)
    pages, problems = given(paths, site)
    changed = 0
    with Execution() as here, other_machine() as elsewhere:
        for page in pages:
            if page.kind in ("lab", "note") or not page.snippets:
                continue
            text, wrong = updated(page, here, elsewhere)
            problems += wrong
            if text == page.text or any(p.code == "SN09" for p in wrong):
                continue
            try:
                write(page.path, page.data, text)
            except (OSError, ValueError) as error:
                problems.append(Problem(page.name, 1, "FL01", str(error), "try again"))
                continue
            changed += 1
            rows = (page.text.splitlines(), text.splitlines())
            changes = difflib.unified_diff(*rows, page.name, page.name, lineterm="")
            print(*changes, sep="\n")
    if documentation.write(root):
        print(f"{documentation.PAGE}: written from the table of rules")
    for address in addresses.enter(site):
        print(f"{addresses.NAME}: added {address}")
    for problem in sorted(problems):
        print(problem)
    print(f"{changed} of {len(pages)} pages updated, {len(problems)} problems.")
    return 1 if problems else 0
