"""A post as a notebook and as a script: all of it, in a form that they know."""

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from neuralblog_site.pages import downloads, install_line
from neuralblog_site.running.execute import Result

POST = """
# A title { #named }

See [bias](../glossary.md#bias), [the path](../path.md), [far](https://example.org/) and ![a boat](../b.svg).

<nb-explorable name="network"></nb-explorable>

!!! question "Predict first"
    How many?

<!--figure: a line-->

```python
print(1 < 2)
```

<!--pytest-codeblocks:expected-output-->

```text
True
```

<!--source: neuralblog.activations.relu-->

??? success "Solution"
    One.

    ```python
    print("hidden")
    ```

    After it.

??? info
    Only words.

The end.
"""


def shown(snippet: Any) -> Result:
    figures = ["<svg></svg>"] if snippet.figures else []
    return Result(stdout=f"ran {snippet.code}", figures=figures)


@pytest.fixture
def notebook(tmp_path: Path) -> Any:
    downloads.write(POST, tmp_path / "post", shown)
    notebook = nbformat.read(tmp_path / "post.ipynb", as_version=4)
    nbformat.validate(notebook)
    return notebook


@pytest.fixture
def words(notebook: Any) -> str:
    return "\n\n".join(c.source for c in notebook.cells if c.cell_type == "markdown")


def test_code_keeps_what_it_printed_and_drew(notebook: Any) -> None:
    _, first, second = (c for c in notebook.cells if c.cell_type == "code")
    assert first.source == "print(1 < 2)"
    printed, drawn = first.outputs
    assert printed.text == "ran print(1 < 2)\n"
    assert drawn.data["image/svg+xml"] == "<svg></svg>"
    assert [output.output_type for output in second.outputs] == ["stream"]


def test_the_code_of_a_solution_folds_like_its_text(notebook: Any, words: str) -> None:
    hidden = [c.source for c in notebook.cells if c.metadata]
    assert hidden == ['print("hidden")']
    assert "<summary>Solution</summary>\n\nOne.\n\n</details>" in words
    assert "<summary>Solution</summary>\n\nAfter it.\n\n</details>" in words
    assert "<summary>Info</summary>\n\nOnly words.\n\n</details>" in words
    assert words.count("<details>") == words.count("</details>") == 3
    assert words.endswith("</details>\n\nThe end.")


def test_a_fold_around_code_alone_leaves_its_title() -> None:
    post = '??? success "Solution"\n    ```python\n    print(1)\n    ```\n\nEnd.\n'
    _, before, code, after = downloads.cells(post, "post", shown)
    assert (before.text, code.hidden, after.text) == ("**Solution**", True, "End.")


def test_nothing_is_left_that_a_notebook_does_not_know(words: str) -> None:
    assert not re.search(r"!!!|\?\?\?|<nb-|<!--|True|\]\(\.\.|\{ #", words)
    assert "# A title\n" in words
    assert "> **Predict first**\n>\n> How many?" in words
    assert "something to play with here: Fold and cut" in words
    assert "(A picture: a boat)" in words
    assert "    return np.clip(z, 0, np.inf)" in words  # a piece of the library


@pytest.mark.parametrize("address", ["", "https://example.org/blog/"])
def test_links_and_the_install_line_need_an_address(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (downloads, install_line):
        monkeypatch.setattr(module, "SITE_URL", address)
    downloads.write(POST, tmp_path / "post", shown)
    text = (tmp_path / "post.ipynb").read_text()
    assert ("[bias](https://example.org/blog/glossary/#bias)" in text) == bool(address)
    assert ("[the path](https://example.org/blog/path/)" in text) == bool(address)
    assert ("@ https://example.org/blog/neuralblog-" in text) == bool(address)
    assert ("The foot of the page post" in text) != bool(address)
    assert "[far](https://example.org/)" in text
    program = ast.parse((tmp_path / "post.py").read_text())
    assert len(program.body) == 2


def test_the_notebooks_of_the_site_are_programs(built: Path) -> None:
    found = [
        path for path in sorted(built.rglob("*.ipynb")) if "labs" not in path.parts
    ]
    assert found
    for path in found:
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert any(cell.get("outputs") for cell in notebook.cells)
        ast.parse(path.with_suffix(".py").read_text(encoding="utf-8"))


def test_the_labs_of_the_site_install_and_link_no_sources(built: Path) -> None:
    for path in sorted(built.glob("labs/*/*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        first, *cells = notebook.cells
        assert "install" in first.source and cells
        text = "\n".join(c.source for c in cells if c.cell_type == "markdown")
        assert not re.search(r"!!!|\?\?\?|<nb-|\]\(\.\.", text), path
