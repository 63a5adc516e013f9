"""Makes of a post's source a notebook and a script that can be downloaded.

A notebook knows no boxes: a question becomes a quote, a solution folds, and so does its
code. Links lead to the site, if its address is known.
"""

import json
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from neuralblog_site.inpage import catalog
from neuralblog_site.pages.install_line import in_a_notebook
from neuralblog_site.project.commit import SITE_URL
from neuralblog_site.project.keeping import store
from neuralblog_site.running.execute import Result
from neuralblog_site.sources.exercises import as_shown
from neuralblog_site.sources.library_code import DIRECTIVE, source
from neuralblog_site.sources.markup import EXPLORABLE
from neuralblog_site.sources.snippets import EXPECTED, Snippet, fences, snippets

OUTPUT = re.compile(rf"^ *{EXPECTED}\s*```text\n.*?```", re.DOTALL | re.MULTILINE)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
QUOTE = re.compile(DIRECTIVE.pattern, re.MULTILINE)
PICTURE = re.compile(r"!\[([^]]*)\]\([^)]*\)")
LINK = re.compile(r"\[([^]]*)\]\((?!https?:|#)([^)\s]*)\)")
ATTRIBUTES = re.compile(r"(?<=\S) ?\{ ?[#.:][^}\n]*\}$", re.MULTILINE)  # of headings
BOX = re.compile(r'(?P<mark>!!!|\?\?\?\+?) (?P<kind>[a-z]+)(?: "(?P<title>[^"]*)")?')
OPEN, CLOSE = "<details><summary>{}</summary>", "</details>"
EMPTY = re.compile(r"<details><summary>(.*)</summary>\s*</details>\s*")


class Cell(NamedTuple):
    """A piece of a post: text, or code with what it printed and drew."""

    kind: str  # "markdown" or "code"
    text: str
    hidden: bool = False  # code that is the solution of an exercise
    result: Result | None = None


def write(text: str, stem: Path, run: Callable[[Snippet], Result]) -> None:
    """Write `stem.ipynb` and `stem.py` for a post's Markdown; `run` gives what code shows."""
    found = list(cells(text, stem.name, run))
    notebook = json.dumps(to_notebook(found), indent=1, ensure_ascii=False)
    store(stem.with_suffix(".ipynb"), f"{notebook}\n".encode())
    store(stem.with_suffix(".py"), to_script(found).encode())


def cells(text: str, slug: str, run: Callable[[Snippet], Result]) -> Iterator[Cell]:
    """How to install, then each snippet, and the text between."""
    yield Cell("code", in_a_notebook(slug))
    found = snippets(text)
    lines = without_boxes(as_shown(found, text.splitlines()))
    blocks = (fence for fence in fences(lines) if fence.info == "python")
    at, fold = 0, ""
    for fence, snippet in zip(blocks, found, strict=True):
        said, fold = _closed(plain("\n".join(lines[at : fence.start])), fold)
        if said:
            yield Cell("markdown", said)
        yield Cell("code", snippet.code.rstrip("\n"), bool(fold), run(snippet))
        at = fence.end + 1
    yield Cell("markdown", _closed(plain("\n".join(lines[at:])), fold)[0])


def to_notebook(found: Iterable[Cell]) -> dict[str, Any]:
    """The cells in the Jupyter format 4.5, the same in every build."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: list[dict[str, Any]] = []
    for number, (kind, text, hidden, result) in enumerate(found):
        metadata = {"jupyter": {"source_hidden": True}} if hidden else {}
        cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": metadata}
        ran: dict[str, Any] = {}
        if kind == "code":
            ran = {"execution_count": None, "outputs": _outputs(result)}
        made.append({**cell, "source": text.splitlines(keepends=True), **ran})
    about = {"metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return {"cells": made, **about}


def to_script(found: Iterable[Cell]) -> str:
    """The cells as Python, with text as comments, as many editors can run cells."""
    made = []
    for kind, text, _, _ in found:
        if kind == "markdown" or text.startswith("%"):
            text = "\n".join(f"# {line}".rstrip() for line in text.splitlines())
        made.append(f"# %%{' [markdown]' if kind == 'markdown' else ''}\n{text}\n")
    return "\n".join(made)


def without_boxes(lines: list[str]) -> list[str]:
    """The lines of a page, with quotes and folds in place of boxes."""
    made: list[str] = []
    while lines:
        line, *lines = lines
        box = BOX.fullmatch(line.rstrip())
        if box is None:
            made.append(line)
            continue
        inside = []
        while lines and (lines[0].startswith("    ") or not lines[0].strip()):
            inside.append(lines.pop(0)[4:])
        body = without_boxes(inside)
        title = box["title"] or box["kind"].capitalize()
        if box["mark"] == "!!!" and not any(fences(body)):
            quote = [f"**{title}**", "", *"\n".join(body).strip().splitlines()]
            made += [*(f"> {row}".rstrip() for row in quote), ""]
        else:
            made += [OPEN.format(title), "", *body, "", CLOSE, ""]
    return made


def plain(markdown: str, folder: str = "posts") -> str:
    """Text for a notebook: no outputs and figures, which its cells have, no attributes."""

    def link(match: re.Match[str]) -> str:
        path, _, anchor = match[2].partition("#")
        place = posixpath.normpath(posixpath.join(folder, path)).removesuffix(".md")
        address = (
            f"{SITE_URL}{place.removeprefix('posts/')}/{'#' * bool(anchor)}{anchor}"
        )
        return f"[{match[1]}]({address})" if SITE_URL else match[1]

    text = COMMENT.sub("", QUOTE.sub(_quoted, OUTPUT.sub("", markdown)))
    text = PICTURE.sub(r"*(A picture: \1)*", text)
    text = ATTRIBUTES.sub("", LINK.sub(link, EXPLORABLE.sub(_named, text)))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _closed(text: str, fold: str) -> tuple[str, str]:
    """A cell's text with its folds closed, and the title of the one that code stands in."""
    if fold:  # what was left open above
        text = f"{OPEN.format(fold)}\n\n{text}"
        text = EMPTY.sub("", text, count=1) if EMPTY.match(text) else text
    begun = re.findall(r"<details><summary>(.*)</summary>", text)
    fold = begun[-1] if len(begun) > text.count(CLOSE) else ""
    text += f"\n\n{CLOSE}" if fold else ""
    return EMPTY.sub(r"**\1**\n", text).strip(), fold


def _quoted(directive: re.Match[str]) -> str:
    return f"```python\n{source(directive['name'])}\n```"


def _named(element: re.Match[str]) -> str:
    title = catalog.module(element["name"]).TITLE
    said = f"*(On the page there is something to play with here: {title}.)*"
    return element["indent"] + said


def _outputs(result: Result | None) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    if result and result.stdout:
        text = result.stdout.splitlines(keepends=True)
        made.append({"output_type": "stream", "name": "stdout", "text": text})
    for svg in result.figures if result else ():
        data = {"image/svg+xml": svg.splitlines(keepends=True)}
        made.append({"output_type": "display_data", "metadata": {}, "data": data})
    return made
