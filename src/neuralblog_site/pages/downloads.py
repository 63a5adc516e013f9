"""Makes of a post's source a notebook and a script that can be downloaded."""

import json
import re
from pathlib import Path
from typing import Any

from neuralblog_site.sources.snippets import EXPECTED, fences

OUTPUT = re.compile(re.escape(EXPECTED) + r"\s*```text\n.*?```", re.DOTALL)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
SITE_LINK = re.compile(r"\[([^]]*)\]\((?!https?:)[^)]*\)")


def write(text: str, stem: Path) -> None:
    """Write `stem.ipynb` and `stem.py` for a post's Markdown."""
    found = cells(text)
    stem.parent.mkdir(parents=True, exist_ok=True)
    notebook = json.dumps(to_notebook(found), indent=1, ensure_ascii=False)
    stem.with_suffix(".ipynb").write_text(notebook + "\n", encoding="utf-8")
    stem.with_suffix(".py").write_text(to_script(found), encoding="utf-8")


def cells(text: str) -> list[tuple[str, str]]:
    """("code" or "markdown", its text) for each snippet, and for the text between."""
    lines = text.splitlines()
    found, at = [], 0
    for fence in fences(lines):
        if fence.info == "python":
            found.append(("markdown", _plain("\n".join(lines[at : fence.start]))))
            found.append(("code", fence.text.rstrip("\n")))
            at = fence.end + 1
    found.append(("markdown", _plain("\n".join(lines[at:]))))
    return [cell for cell in found if cell[1]]


def to_notebook(found: list[tuple[str, str]]) -> dict[str, Any]:
    """The cells in the Jupyter format 4.5, the same in every build."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: list[dict[str, Any]] = []
    for number, (kind, text) in enumerate(found):
        source = text.splitlines(keepends=True)
        cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
        ran: dict[str, Any] = {}
        if kind == "code":
            ran = {"execution_count": None, "outputs": []}
        made.append({**cell, "source": source, **ran})
    about = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return {"cells": made, **about}


def to_script(found: list[tuple[str, str]]) -> str:
    """The cells as Python, with text as comments, as many editors can run cells."""
    made = []
    for kind, text in found:
        if kind == "markdown":
            text = "\n".join(f"# {line}".rstrip() for line in text.splitlines())
        made.append(f"# %%{' [markdown]' if kind == 'markdown' else ''}\n{text}\n")
    return "\n".join(made)


def _plain(text: str) -> str:
    """Without outputs and figures, which a notebook makes, and links into the site."""
    text = COMMENT.sub("", OUTPUT.sub("", text))
    return re.sub(r"\n{3,}", "\n\n", SITE_LINK.sub(r"\1", text)).strip()
