"""What the names in a snippet stand for, whatever it imported them as."""

import ast
import re
from collections.abc import Iterator
from functools import cache

from neuralblog_site.sources.page import Page, parsed
from neuralblog_site.sources.snippets import Snippet


class Names:
    """The names of a snippet: `r.rand` is `numpy.random.rand` where `r` is that module.

    A name that the snippet defines stands for nothing else, and all others are Python's.
    """

    def __init__(self, snippet: Snippet) -> None:
        self.meaning = _meanings(snippet.program)

    def full(self, node: ast.AST) -> str:
        """The whole dotted name, or nothing if the snippet defines it."""
        return _full(node, self.meaning)

    def reached(self, tree: ast.AST, pattern: str) -> Iterator[tuple[int, str]]:
        """Where such a name is imported or used."""
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                whole = re.compile(rf"({pattern})(\..*)?")
                if told := [name for name in _imported(node) if whole.fullmatch(name)]:
                    yield node.lineno, ", ".join(told)
            elif isinstance(node, ast.Attribute) or (
                isinstance(node, ast.Name) and node.id not in self.meaning
            ):
                name = self.full(node)
                if re.fullmatch(pattern, name):
                    yield node.lineno, name.removeprefix("builtins.")


def reached(page: Page, pattern: str) -> Iterator[tuple[int, str]]:
    """Where such a name is imported or used, once a line; what it is called in full.

    What is imported by itself is told there, and not again where it is used.
    """
    told = set()
    for snippet, tree in page.trees:
        for line, name in Names(snippet).reached(tree, pattern):
            if line not in told:
                yield line, name
            told.add(line)


@cache
def _meanings(program: str) -> dict[str, str]:
    """What each name of a program stands for; many rules ask of the same one."""
    meaning: dict[str, str] = {}
    nodes = list(ast.walk(parsed(program) or ast.Module([], [])))
    for node in nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            meaning.update(bindings(node))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            meaning[node.name] = ""
        elif isinstance(node, ast.arg):
            meaning[node.arg] = ""
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            meaning[node.id] = ""
    for node in nodes:
        match node:  # another name for what is imported
            case ast.Assign([ast.Name(name)], ast.Attribute() as value):
                meaning[name] = _full(value, meaning)
    return meaning


def _full(node: ast.AST, meaning: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return meaning.get(node.id, f"builtins.{node.id}")
    if isinstance(node, ast.Attribute) and (owner := _full(node.value, meaning)):
        return f"{owner}.{node.attr}"
    return ""


def _imported(node: ast.Import | ast.ImportFrom) -> list[str]:
    """What is imported, in full."""
    module = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
    return [module + alias.name for alias in node.names]


def bindings(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """The names that an import makes, and what they stand for."""
    for alias, name in zip(node.names, _imported(node), strict=True):
        if isinstance(node, ast.Import) and not alias.asname:
            name = name.partition(".")[0]
        yield alias.asname or name.rpartition(".")[2], name
