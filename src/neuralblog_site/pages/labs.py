"""Labs are notebooks: executed once per change, and shown in the dress of a post.

mkdocs-jupyter executes and converts them. Its page carries half a megabyte of styles and
scripts, so here the same cells, with what the notebook printed and drew, are rendered
the way of every other page. The executed notebook lies beside the page.
"""

import functools
import os
import posixpath
import re
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from markdown import Markdown
from nbconvert.preprocessors import ExecutePreprocessor

from neuralblog_site.pages import downloads
from neuralblog_site.pages.install_line import in_a_notebook
from neuralblog_site.project.keeping import digest
from neuralblog_site.project.places import ROOT
from neuralblog_site.running.execute import Result
from neuralblog_site.running.results import CACHE, Execution
from neuralblog_site.running.sandbox import ONE_THREAD
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import read

LABS = ROOT / "docs" / "labs"
EXECUTED = CACHE.parent / "labs"
DOWNLOAD = (
    '<p><a href="{0}.ipynb" download>Download this lab as a notebook</a>, '
    "with everything it printed and drew.</p>"
)


def remember_executions() -> None:
    """Make nbconvert run a notebook only if something changed since it last did."""
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    os.environ["MPLBACKEND"] = "module://neuralblog_site.running.svg"
    execute = ExecutePreprocessor.preprocess
    if hasattr(execute, "__wrapped__"):  # `serve` builds more than once
        return

    @functools.wraps(execute)
    def preprocess(self: Any, notebook: Any, resources: Any, *more: Any) -> Any:
        entry = _entry(notebook)
        if not entry.exists():
            self.extra_arguments = ["--log-level=ERROR"]
            execute(self, notebook, resources, *more)
            entry.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(_same_every_time(notebook), entry)
        return nbformat.read(entry, as_version=4), resources

    setattr(ExecutePreprocessor, "preprocess", preprocess)  # noqa: B010 (typed as final)


def execute() -> None:
    """Run every lab that changed since it last ran."""
    for source in sorted(LABS.glob("*.md")):
        _executed(source)


def finish_labs(out: Path, markdown: Markdown | None) -> None:
    """Render every lab like a post, and put its executed notebook beside it.

    Without `markdown` the builder has rendered the labs itself, like any page.
    """
    for source in sorted(LABS.glob("*.md")):
        page = out / "labs" / source.stem / "index.html"
        text = page.read_text(encoding="utf-8")
        if "<!-- nb:head -->" not in text:  # finished, and not edited since
            continue
        executed, entry = _executed(source)
        _offer(nbformat.read(entry, as_version=4), page.parent / f"{source.stem}.ipynb")
        if markdown is not None:
            _keep_results(source, executed)
            markdown.reset()
            content = markdown.convert(Site(ROOT).page(source).body)
            text = _replaced(text, _linked(content))
        offer = DOWNLOAD.format(source.stem)
        page.write_text(text.replace("</article>", offer + "</article>", 1), "utf-8")


def _offer(notebook: Any, path: Path) -> None:
    """Write the notebook as readers take it along: it installs, and its links lead here."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            lines = downloads.without_boxes(cell.source.splitlines())
            cell.source = downloads.plain("\n".join(lines), "labs")
    first = nbformat.v4.new_code_cell(in_a_notebook(path.stem), id="install")
    notebook.cells.insert(0, first)
    nbformat.write(notebook, path)


def _executed(source: Path) -> tuple[Any, Path]:
    remember_executions()
    notebook = jupytext.read(source)
    entry = _entry(notebook)
    return ExecutePreprocessor().preprocess(notebook, {})[0], entry


def _entry(notebook: Any) -> Path:
    sources = [cell.source for cell in notebook.cells]
    ours = Path(__file__).read_text(encoding="utf-8")
    return EXECUTED / f"{digest(Execution().version(), ours, *sources)}.ipynb"


def _same_every_time(notebook: Any) -> Any:
    """The notebook without the times, random names and pauses of this run."""
    notebook.metadata.pop("jupytext", None)
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("execution", None)
        cell["id"] = f"cell-{number}"
        if "outputs" in cell:
            cell.outputs = _joined(cell.outputs)
    return notebook


def _joined(outputs: list[Any]) -> list[Any]:
    """One text for what was printed in a row: a kernel sends it in pieces, by the clock."""
    made: list[Any] = []
    for output in outputs:
        last = made[-1] if made else {}
        if output.output_type == "stream" and output.name == last.get("name"):
            last["text"] += output.text
        else:
            made.append(output)
    return made


def _keep_results(source: Path, notebook: Any) -> None:
    """Store what the notebook showed where the Markdown extension looks for it."""
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    execution = Execution()
    for cell, snippet in zip(cells, read(source, ROOT), strict=True):
        result = Result()
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stdout":
                result.stdout += output.text
            elif "image/svg+xml" in output.get("data", {}):
                result.figures.append("".join(output.data["image/svg+xml"]))
            else:
                kind = output.get("name", output.output_type)
                raise ValueError(
                    f"{source}:{snippet.line}: a lab shows {kind}: {output}"
                )
        execution.keep(snippet, result)


def _replaced(page: str, content: str) -> str:
    """Put content into a page instead of the notebook, its styles and its scripts."""
    article = re.search(r"<article[^>]*>", page)
    assert article is not None
    end = page.index("</article>", page.index("jupyter-wrapper"))
    return page[: article.end()] + content + page[end:]


def _linked(content: str) -> str:
    """Turn links to source files into links to their pages."""
    return re.sub(r'href="([^":]*?)([^"/:]+)\.md(#[^"]*)?"', _link, content)


def _link(match: re.Match[str]) -> str:
    folder, stem, anchor = match[1], match[2], match[3] or ""
    place = posixpath.normpath(posixpath.join("labs", folder, stem))
    place = place.removeprefix("posts/")
    return f'href="../../{place}/{anchor}"'
