"""The Markdown extension that puts under each snippet what it printed and drew.

A Python-Markdown extension rather than a MkDocs plugin, so that any builder that reads
`mkdocs.yml` gets the same pages. It also renders formulas.
"""

import atexit
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor

from neuralblog_site.inpage import catalog
from neuralblog_site.pages import choices, snippet_html
from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import Broken, Problem, stop_at
from neuralblog_site.running.ran import note
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.exercises import as_shown
from neuralblog_site.sources.formulas import FormulaError, mathml
from neuralblog_site.sources.library_code import DIRECTIVE, source
from neuralblog_site.sources.markup import EXPLORABLE
from neuralblog_site.sources.snippets import Snippet, snippets

DOCS = ROOT / "docs"
TITLED: dict[Path, dict[str, Path]] = {}  # pages of a folder, by title, as last read
execution = Execution()  # one for all pages, so that its processes stay warm
atexit.register(execution.close)


class Snippets(Preprocessor):
    """Replaces each expected output and figure comment by what the snippet made."""

    md: Markdown

    def run(self, lines: list[str]) -> list[str]:
        """Called with the page's source lines, front matter removed."""
        if not any("```python" in line for line in lines):
            return lines
        path, first = source_of(lines)
        out: list[str] = []
        at = 0
        found = snippets("\n".join(lines), path, first)
        lines = as_shown(found, lines, first)
        stop_at(execution.verify(found))
        for number, snippet in enumerate(found):
            result = execution.result(snippet)
            note(snippet, result)
            start_of_code = snippet.line - first - 1  # the line that opens the fence
            end_of_code = start_of_code + snippet.code.count("\n") + 2
            pictures = snippet_html.figures(snippet, result, f"s{number + 1}")
            above, below = (pictures, "") if snippet.pictured_first else ("", pictures)
            out += lines[at : snippet.begin - first]
            out += self._stashed(snippet, snippet_html.opening(snippet) + above)
            out += lines[start_of_code:end_of_code]
            out += self._stashed(snippet, snippet_html.fold(snippet))
            out += self._stashed(snippet, snippet_html.output(result) + below)
            out += self._stashed(snippet, "</div>")
            at = snippet.end - first
        return out + lines[at:]

    def _stashed(self, snippet: Snippet, html: str) -> list[str]:
        """Lines that stand for a piece of HTML, as a block of its own."""
        if not html:
            return []
        return ["", " " * snippet.indent + self.md.htmlStash.store(html), ""]


class Sources(Preprocessor):
    """Replaces `<!--source: name-->` by the source of that object of the library."""

    md: Markdown

    def run(self, lines: list[str]) -> list[str]:
        """Called with the page's source lines."""
        out: list[str] = []
        for line in lines:
            match = DIRECTIVE.match(line)
            if match is None:
                out.append(line)
                continue
            try:
                code = source(match["name"])
            except LookupError as error:
                path, number = find_line(line.strip())
                fix = "name a function or class as neuralblog.module.name"
                problem = Problem(path, number, "SN23", str(error), fix)
                raise Broken([problem]) from error
            fence = ["", "```python", *code.splitlines(), "```", ""]
            if not match["open"]:
                opened = self.md.htmlStash.store(
                    snippet_html.quoted(match["name"], code)
                )
                closed = self.md.htmlStash.store("</details>")
                fence = ["", opened, *fence, closed, ""]
            out += [match["indent"] + row for row in fence]
        return out


class Explorables(Preprocessor):
    """Puts into each explorable's element the picture for those without scripts."""

    md: Markdown

    def run(self, lines: list[str]) -> list[str]:
        """Called with the page's source lines."""
        out: list[str] = []
        for line in lines:
            match = EXPLORABLE.fullmatch(line)
            if match and match["name"] in catalog.names():
                element = snippet_html.later(catalog.element(match["name"]))
                made = self.md.htmlStash.store(element)
                out += ["", match["indent"] + made, ""]
            else:
                out.append(line)
        return out


class Formulas(Postprocessor):
    """Replaces what pymdownx.arithmatex marked by MathML."""

    MARKED = re.compile(
        r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>', re.DOTALL
    )

    def run(self, text: str) -> str:
        """Called with the page's HTML."""
        return self.MARKED.sub(self._render, text)

    def _render(self, match: re.Match[str]) -> str:
        tex = html.unescape(match[2]).strip()
        block = match[1] == "div"
        try:
            made = mathml(tex, block=block)
        except FormulaError as error:
            path, line = find_line(tex)
            problem = Problem(path, line, "MA01", str(error), error.fix)
            raise Broken([problem]) from error
        return f'<div class="nb-formula">{made}</div>' if block else made


def source_of(lines: list[str]) -> tuple[str, int]:
    """The page that holds these lines, and the number of the first of them in it.

    Builders do not tell an extension which page it renders; the text tells.
    """
    text = "\n".join(lines).strip("\n")
    blank = next((n for n, line in enumerate(lines) if line.strip()), 0)
    for path in _likely(lines):
        source = path.read_text(encoding="utf-8").expandtabs(4)
        source = "\n".join(line if line.strip() else "" for line in source.split("\n"))
        at = source.find(text)
        if at >= 0:
            line = source.count("\n", 0, at) + 1
            return path.relative_to(ROOT).as_posix(), line - blank
    return "", 1


def _likely(lines: list[str]) -> Iterator[Path]:
    """The pages that may hold these lines: the one of their title, and then all.

    So a build reads each page once more, and not every page for every page.
    """
    title = next((line for line in lines if line.startswith("# ")), "")
    known = TITLED.setdefault(DOCS, {})
    if title and title not in known:
        known.update((_title(path), path) for path in DOCS.rglob("*.md"))
    if title in known and known[title].exists():
        yield known[title]
    yield from sorted(DOCS.rglob("*.md"))


def _title(path: Path) -> str:
    rows = path.read_text(encoding="utf-8").split("\n")
    return next((row for row in rows if row.startswith("# ")), "")


def find_line(text: str) -> tuple[str, int]:
    """The page and line at which a piece of text stands."""
    for path in sorted(DOCS.rglob("*.md")):
        source = path.read_text(encoding="utf-8")
        at = source.find(text)
        if at >= 0:
            return path.relative_to(ROOT).as_posix(), source.count("\n", 0, at) + 1
    return "docs", 1


class Folds(Postprocessor):
    """Puts the drawing part of each snippet under its fold."""

    def run(self, text: str) -> str:
        """Called with the page's HTML."""
        return snippet_html.folded(text)


class NeuralblogExtension(Extension):
    """`markdown_extensions: [neuralblog_site.pages.extension]`."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register every step."""
        # after normalize_whitespace (30), which eats placeholders; before fences (25)
        md.preprocessors.register(Snippets(md), "neuralblog_snippets", 28)
        md.preprocessors.register(Sources(md), "neuralblog_sources", 27)
        # after the fences (25), in which the element may be shown as text
        md.block_level_elements.append("nb-explorable")
        md.preprocessors.register(Explorables(md), "neuralblog_explorables", 22)
        # before the inline patterns (20), for which [x] would be a link
        md.treeprocessors.register(choices.Choices(md), "neuralblog_choices", 25)
        md.postprocessors.register(Formulas(md), "neuralblog_formulas", 5)
        md.postprocessors.register(Folds(md), "neuralblog_folds", 4)


def makeExtension(**options: Any) -> NeuralblogExtension:
    """What Python-Markdown calls."""
    return NeuralblogExtension(**options)  # type: ignore[no-untyped-call]
