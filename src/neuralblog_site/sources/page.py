"""A page as its parsers see it.

Nothing here judges. Lines are counted from 1, as an editor counts them.
"""

import ast
import html
import re
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lxml.html
from lxml.html import HtmlElement

from neuralblog_site.sources.front_matter import FrontMatter
from neuralblog_site.sources.snippets import Fence, Snippet, fences, snippets

if TYPE_CHECKING:
    from neuralblog_site.sources.site import Site

COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
CODE = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
INNER = r"(?:\\.|[^\\\n]|\n(?! *\n))+?"  # of a formula, which has no blank line
FORMULA = re.compile(  # as pymdownx.arithmatex reads them
    rf"^[ >]*\$\$({INNER})\$\$ *$|^[ >]*\\\[({INNER})\\\] *$"
    rf"|^[ >]*\\begin\{{([a-z]+\*?)\}}({INNER})\\end\{{\3\}} *$"
    rf"|(?<!\\)\$(?!\s)(?:\\.|[^\\$\n]|\n(?! *\n))+?(?<!\s)\$|(?<!\\)\\\({INNER}\\\)",
    re.DOTALL | re.MULTILINE,
)
AUTOLINK = re.compile(r"<(https?:|mailto:)[^>\s]*>|<[\w.+-]+@[\w.-]+>|(?<=\]\()<[^>]*>")
ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
PYTHON = ("py", "py3", "python", "python2", "python3", "ipython", "pycon", "sage")
ELSEWHERE = (  # in a program of another language that Python can read, too
    r"^ *((console|document|window|Math|JSON|System|std|fmt)[.:]|(alert|printf|puts|require)\()"
    r"|^ *\w+ <- |;[^\S\n]*// "
)
LINKS = "//a[@href][not(@class='headerlink' or starts-with(@class, 'footnote-'))]"
PARSED = ("pre", "code", "script", "style", "svg", "math")  # not prose


def stamp(path: Path) -> tuple[int, int]:
    """What differs once a file has been edited."""
    told = path.stat()
    return told.st_mtime_ns, told.st_size


class Page:
    """One Markdown source. `name` is how its path is told."""

    def __init__(self, path: Path, site: "Site", name: str = "") -> None:
        self.path, self.site = path, site
        self.name = name or path.relative_to(site.root).as_posix()
        self.stamp = stamp(path)
        self.data = path.read_bytes()
        self.text = self.data.decode("utf-8", "replace").lstrip("\ufeff")
        self.text = self.text.replace("\r\n", "\n").replace("\0", " ")
        self.lines = self.text.split("\n")

    @cached_property
    def kind(self) -> str:
        """post, lab, page (of the site) or note (a Markdown file for contributors)."""
        if not self.path.is_relative_to(self.site.docs):
            return "note"
        folder = self.path.relative_to(self.site.docs).parts[0]
        return {"posts": "post", "labs": "lab"}.get(folder, "page")

    @cached_property
    def front(self) -> FrontMatter:
        """The front matter."""
        return FrontMatter(self.lines)

    @cached_property
    def fences(self) -> list[Fence]:
        """Every fenced block that is closed."""
        return list(fences(self.lines))

    @cached_property
    def snippets(self) -> list[Snippet]:
        """What is run."""
        return snippets(self.text, self.name)

    @cached_property
    def trees(self) -> list[tuple[Snippet, ast.Module]]:
        """The snippets that can be parsed, with their trees, whose lines are the page's."""
        found = [(s, tree) for s in self.snippets if (tree := parsed(s.code))]
        return [(s, ast.increment_lineno(tree, s.line - 1)) for s, tree in found]

    @cached_property
    def fenced(self) -> set[int]:
        """The numbers of all lines of blocks, the marks included."""
        return {n for f in self.fences for n in range(f.start + 1, f.end + 2)}

    def _unfenced(self, first: int = 1) -> str:
        """The text from a line on, with empty lines for blocks and what is above it."""
        rows = enumerate(self.lines, 1)
        return "\n".join(
            "" if n < first or n in self.fenced else row for n, row in rows
        )

    @cached_property
    def prose(self) -> list[str]:
        """The lines, with front matter, blocks, code, formulas and comments blanked."""
        text = self._unfenced(self.front.end + 1)
        for pattern in (COMMENT, CODE, FORMULA):
            text = pattern.sub(_blank, text)
        return text.split("\n")

    @cached_property
    def comments(self) -> list[tuple[int, str]]:
        """Every HTML comment outside of the blocks: its line and what it says."""
        text = self._unfenced()
        text = CODE.sub(lambda m: m[0] if "<!--" not in m[2] else _blank(m), text)
        found = COMMENT.finditer(text)
        return [(text.count("\n", 0, m.start()) + 1, m[1]) for m in found]

    @cached_property
    def headings(self) -> list[tuple[int, int, str]]:
        """Line, level and text of each heading, from `# title` lines."""
        rows = (
            (n, re.match(r"(#{1,6})(?!#)(.*)", row))
            for n, row in enumerate(self.prose, 1)
        )
        raw = [(n, len(m[1])) for n, m in rows if m]
        return [(n, level, self.lines[n - 1][level:].strip(" #")) for n, level in raw]

    @cached_property
    def html(self) -> HtmlElement:
        """The page as the site's own Markdown settings render it."""
        return lxml.html.fromstring(f"<div>{self.site.render(self.body)}</div>")

    @cached_property
    def ids(self) -> set[str]:
        """What a link can point to with `#`."""
        return set(map(str, self.html.xpath("//@id")))

    @cached_property
    def texts(self) -> list[str]:
        """Every piece of running text that a reader sees."""
        return list(_texts(self.html))

    def find(self, text: str, nth: int = 0) -> int:
        """The line of the nth occurrence of a text, outside of the front matter."""
        return self.search(re.escape(text), nth)

    def search(self, pattern: str, nth: int = 0) -> int:
        """The line of the nth match, in the prose if there is one."""
        hits = self._matching(pattern) or [self.front.end + 1]
        return hits[min(nth, len(hits) - 1)]

    def _matching(self, pattern: str) -> list[int]:
        """The line of every match in the prose; if there is none, in all lines."""
        if pattern not in self._matched:
            matches = re.compile(pattern).finditer
            found: list[int] = []
            for rows in (self._shown, enumerate(self.lines, 1)):
                below = [(n, row) for n, row in rows if n > self.front.end]
                found = found or [n for n, row in below for _ in matches(row)]
            self._matched[pattern] = found
        return self._matched[pattern]

    @cached_property
    def _matched(self) -> dict[str, list[int]]:
        return {}

    @cached_property
    def _shown(self) -> list[tuple[int, str]]:
        """The prose as a reader sees it: `&amp;` is `&`, and so on."""
        rows = (ESCAPED.sub(r"\1", html.unescape(row)) for row in self.prose)
        return list(enumerate(rows, 1))

    def placed(self, path: str, attribute: str) -> Iterator[tuple[int, HtmlElement]]:
        """Every element at a path that leads somewhere, with its line."""
        seen: Counter[str] = Counter()
        for element in self.html.xpath(path):
            target = str(element.get(attribute, ""))
            whole = rf"(?<![^\s(<\"'=:]){re.escape(target)}(?![^\s)>\"'])"
            wanted = whole if target and self._matching(whole) else re.escape(target)
            empty = rf"<{element.tag}\b|\]\(\s*#?\s*\)"
            nowhere = target in ("", "#")
            yield self.search(empty if nowhere else wanted, seen[target]), element
            seen[target] += 1

    def find_row(self, text: str) -> int:
        """The line that is this text, quote marks and indents aside, as in code."""
        same = [
            n for n, r in enumerate(self.lines, 1) if r.lstrip("> \t").strip() == text
        ]
        free = [n for n in same if n not in self.fenced]
        indented = [n for n in same if self.lines[n - 1].startswith("    ")]
        raw = self._matching(f"<(pre|code).*{re.escape(text)}")
        return (free or indented or raw or [self.find(text)])[0]

    @property
    def hidden(self) -> dict[int, int]:
        """The lines of blocks inside an HTML comment, each with that of its comment."""
        found = {}
        for fence in self.fences:
            above = "\n".join(self.lines[: fence.start])
            for other in self.fences:
                if other.end < fence.start:
                    blank = "\n" * other.text.count("\n")
                    above = above.replace(other.text, blank, 1)
            opened = above.rfind("<!--")
            if opened > above.rfind("-->"):
                found[fence.start + 1] = above.count("\n", 0, opened) + 1
        return found

    def forget(self) -> None:
        """Let go of what is large; it is made again if it is asked for once more."""
        if "html" in self.__dict__:
            self.__dict__["ids"] = self.ids  # which other pages ask for
        for name in ("html", "trees", "_shown", "_matched"):
            self.__dict__.pop(name, None)

    @property
    def first(self) -> int:
        """The first line of the text."""
        rows = enumerate(self.lines, 1)
        return next((n for n, row in rows if n > self.front.end and row.strip()), 1)

    @property
    def draft(self) -> bool:
        """Whether the builder leaves the page out."""
        key = self.front.get("draft")
        return key is not None and str(key.value).lower() == "true"

    @property
    def slug(self) -> str:
        """The end of the page's address."""
        key = self.front.get("slug")
        return str(key.value) if self.kind == "post" and key else self.path.stem

    @property
    def meta(self) -> dict[str, Any]:
        """What the front matter says, by name."""
        return {key.name: key.value for key in self.front.keys}

    @property
    def body(self) -> str:
        """The text below the front matter."""
        return "\n".join(self.lines[self.front.end :])

    @property
    def title(self) -> str:
        """Its first heading."""
        titles = (text for _, level, text in self.headings if level == 1)
        return next(titles, self.slug).replace("`", "")

    @property
    def minutes(self) -> str:
        """Reading time: 230 words or 25 lines of code in a minute."""
        blocks = [fence.text for fence in self.fences]
        prose = COMMENT.sub("", self.body)
        words = len(prose.split()) - sum(len(text.split()) for text in blocks)
        lines = sum(text.count("\n") for text in blocks)
        n = max(1, round(words / 230 + lines / 25))
        return "1 minute" if n == 1 else f"{n} minutes"


def _texts(page: HtmlElement) -> Iterator[str]:
    for node in page.xpath("//text()"):
        owner = node.getparent() if not node.is_tail else node.getparent().getparent()
        chain = [owner, *owner.iterancestors()]
        if not any(
            element.tag in PARSED or "arithmatex" in (element.get("class") or "")
            for element in chain
            if isinstance(element.tag, str)
        ):
            yield str(node)


def language(fence: Fence) -> str:
    """The language that a fence asks for, in whatever way it does."""
    return re.split(r"[\s{},:=]+", fence.info.strip("{ ."))[0].lower()


def parsed(code: str) -> ast.Module | None:
    """The syntax tree, or nothing if it is not Python."""
    flags = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        tree: ast.Module = compile(code, "snippet", "exec", flags)
    except (SyntaxError, ValueError):
        return None
    return tree


def looks_like_python(text: str) -> bool:
    """Whether a reader would take the text for a program."""
    if text.lstrip().startswith(">>> "):
        return True
    tree = None if re.search(ELSEWHERE, text, re.MULTILINE) else parsed(text)
    return tree is not None and any(
        isinstance(part, ast.Call | ast.stmt)
        and not isinstance(part, ast.Expr)
        and getattr(part, "value", part) is not None  # `loss: 0.6` is what is printed
        for node in tree.body
        for part in ast.walk(node)
    )


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])
