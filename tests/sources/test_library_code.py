"""A post quotes the library by name, and shows what the library is."""

import ast
import inspect
from pathlib import Path

import pytest

from neuralblog import layers
from neuralblog_site.sources.library_code import DIRECTIVE, source


def test_a_function_and_a_method_are_found() -> None:
    assert source("neuralblog.layers.Dense").startswith("class Dense(")
    assert source("neuralblog.layers.Dense.backward").startswith(
        "def backward(self, dy"
    )


def test_what_is_quoted_is_the_code_that_runs() -> None:
    quoted = ast.parse(source("neuralblog.layers.Flatten"))
    ours = ast.parse(inspect.getsource(layers.Flatten))
    for node in ast.walk(ours):
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    assert ast.dump(quoted) == ast.dump(ours)


def test_an_edit_shows_at_once(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    file = tmp_path / "package" / "module.py"
    for body in ("return 1", "return 2"):
        file.write_text(f'@cache\ndef f():\n    """Say."""\n    {body}\n')
        assert source("package.module.f", tmp_path) == f"@cache\ndef f():\n    {body}"


@pytest.mark.parametrize(
    "name", ["neuralblog.layers", "neuralblog.layer.Dense", "neuralblog.layers.Densest"]
)
def test_what_does_not_exist_cannot_be_quoted(name: str) -> None:
    with pytest.raises(LookupError, match=f"there is no {name}"):
        source(name)


def test_the_directive() -> None:
    match = DIRECTIVE.match("    <!--source: neuralblog.layers.Dense-->")
    assert match and match["name"] == "neuralblog.layers.Dense"
    assert DIRECTIVE.match("see <!--source: x.y.z-->") is None
