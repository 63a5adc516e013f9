"""Reads the library without importing it, so that a page shows the source that it runs.

`<!--source: neuralblog.activations.sigmoid-->` in a post becomes that object's code,
folded; `<!--source: neuralblog.activations.sigmoid open-->` shows it at once.
"""

import ast
import re
import textwrap
from pathlib import Path

from neuralblog_site.project.places import ROOT

LIBRARY = ROOT / "src" / "neuralblog"
DIRECTIVE = re.compile(
    r"^(?P<indent> *)<!--\s*source:\s*(?P<name>[\w.]+)(?P<open>\s+open)?\s*-->\s*$"
)


def source(name: str, src: Path = ROOT / "src", *, docstrings: bool = False) -> str:
    """The source of a module's function, class or method, with its docstrings or without.

    Raises LookupError. Reads the file, so that an edit shows without a new import.
    """
    package, module, *path = name.split(".")
    file = src / package / f"{module}.py"
    if not path or not file.exists():
        raise LookupError(f"there is no {name}")
    text = file.read_text(encoding="utf-8")
    node: ast.AST = ast.parse(text)
    for part in path:
        node = _child(node, part, name)
    assert isinstance(node, ast.FunctionDef | ast.ClassDef)
    lines = text.splitlines()
    first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
    kept = range(first, (node.end_lineno or first) + 1)
    hidden = set() if docstrings else set(_docstrings(node))
    return textwrap.dedent("\n".join(lines[n - 1] for n in kept if n not in hidden))


def names(module: str, src: Path = ROOT / "src") -> set[str]:
    """The public names of a module, read without importing it."""
    path = src.joinpath(*module.split("."))
    package = path.is_dir()
    file = path / "__init__.py" if package else path.with_suffix(".py")
    tree = ast.parse(file.read_text(encoding="utf-8") if file.is_file() else "")
    inside = {other.stem for other in path.glob("*.py")}
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside.add(node.name)
        elif package and isinstance(node, ast.ImportFrom):
            inside.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Assign):
            inside.update(t.id for t in node.targets if isinstance(t, ast.Name))
    return {name for name in inside if not name.startswith("_")}


def _child(node: ast.AST, part: str, name: str) -> ast.AST:
    for child in getattr(node, "body", []):
        if isinstance(child, ast.FunctionDef | ast.ClassDef) and child.name == part:
            return child
    raise LookupError(f"there is no {name}")


def _docstrings(node: ast.AST) -> list[int]:
    """The lines of all docstrings inside, and of the empty line below each."""
    found: list[int] = []
    for inner in ast.walk(node):
        kinds = ast.FunctionDef | ast.ClassDef
        if isinstance(inner, kinds) and ast.get_docstring(inner):
            docstring, *rest = inner.body
            end = (docstring.end_lineno or docstring.lineno) + 1
            blank = bool(rest) and rest[0].lineno > end
            found += range(docstring.lineno, end + blank)
    return found
