"""Writes the tables of the page of rules; its prose stands in the page alone."""

import re
from pathlib import Path

from neuralblog_site.rules import FAMILIES, RULES

PAGE = "docs/rules.md"
BEGIN, END = "## Front matter\n", "## Green on purpose\n"


def tables() -> str:
    """The Markdown from the first rule to the last."""
    parts = []
    for name in dict.fromkeys(FAMILIES.values()):
        rows = [rule for rule in RULES.values() if FAMILIES[rule.family] == name]
        parts.append(
            f"## {name}\n\n| rule | what is wrong | how to mend it | why |\n|---|---|---|---|\n"
        )
        for rule in sorted(rows, key=lambda rule: rule.code):
            cells = (rule.what, rule.fix, rule.why)
            parts.append(f"| {rule.code} | {' | '.join(map(_cell, cells))} |\n")
        parts.append("\n")
    return "".join(parts)


def write(root: Path) -> bool:
    """Write the tables if they are not as the rules say; tell whether that was so."""
    return put(root / PAGE, BEGIN, tables(), END)


def put(page: Path, begin: str, made: str, end: str) -> bool:
    """Put a text, which begins so, into a page that has prose above it and below it.

    Tells whether the page was changed. Raises ValueError where a mark does not stand once.
    """
    text = page.read_text(encoding="utf-8")
    above, rest = text.split(begin)
    _, below = rest.split(end)
    new = above + made + end + below
    if new != text:
        page.write_text(new, encoding="utf-8", newline="\n")
    return new != text


def _cell(text: str) -> str:
    """A text that means the same inside a table."""
    text = text.replace("```", "&#96;&#96;&#96;").replace("|", "&#124;")
    pieces = re.split(r"(`[^`]+`)", text)
    pieces[::2] = [re.sub("<", "&lt;", piece) for piece in pieces[::2]]
    return "".join(pieces)
