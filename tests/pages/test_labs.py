"""Labs run once per change, and look like posts."""

from pathlib import Path
from typing import Any

import jupytext
import nbformat
import pytest
from nbconvert.preprocessors import ExecutePreprocessor

from neuralblog_site.pages import labs

LAB = """\
---
jupyter:
  kernelspec:
    display_name: Python 3
    language: python
    name: python3
---

# A lab

```python
import matplotlib.pyplot as plt

a = 6
plt.plot([1, 2])
plt.show()
```

<!--figure: a line-->

<!--pytest-codeblocks:cont-->

```python
print(a * 7)
```
"""


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(labs, "EXECUTED", tmp_path / "labs")
    labs.remember_executions()
    return tmp_path / "labs"


def test_a_notebook_is_executed_once_and_keeps_what_it_showed(cache: Path) -> None:
    first, _ = ExecutePreprocessor().preprocess(jupytext.reads(LAB, "md"), {})
    (entry,) = cache.iterdir()
    written = entry.stat().st_mtime_ns
    again, _ = ExecutePreprocessor().preprocess(jupytext.reads(LAB, "md"), {})
    assert entry.stat().st_mtime_ns == written
    assert again == first == nbformat.read(entry, as_version=4)
    drew, printed = (cell for cell in again.cells if cell.cell_type == "code")
    assert "var(--nb-ink, " in drew.outputs[0].data["image/svg+xml"]
    assert printed.outputs[0].text == "42\n"


def test_a_changed_cell_or_library_executes_it_again(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notebook = jupytext.reads(LAB, "md")
    before = labs._entry(notebook)
    assert labs._entry(jupytext.reads(LAB, "md")) == before
    assert labs._entry(jupytext.reads(LAB.replace("6", "5"), "md")) != before
    monkeypatch.setattr(labs.Execution, "version", lambda self: "another library")
    assert labs._entry(notebook) != before


def test_a_cell_that_fails_stops_the_build(cache: Path) -> None:
    broken = jupytext.reads(LAB.replace("a * 7", "b"), "md")
    with pytest.raises(Exception, match="name 'b' is not defined"):
        ExecutePreprocessor().preprocess(broken, {})
    assert not cache.exists()


@pytest.mark.parametrize(
    ("link", "page"),
    [
        ("../path.md", "../../path/"),
        ("../posts/cnn.md#convolve", "../../cnn/#convolve"),
        ("digits.md", "../../labs/digits/"),
    ],
)
def test_links_lead_to_pages(link: str, page: str) -> None:
    assert labs._linked(f'<a href="{link}">') == f'<a href="{page}">'


def test_other_links_stay() -> None:
    kept = '<a href="https://example.org/a.md"> <a href="#here"> <a href="x.png">'
    assert labs._linked(kept) == kept


def test_the_page_keeps_its_frame() -> None:
    page = "<body><article class='x'>old<div class=jupyter-wrapper></div></article>end"
    assert labs._replaced(page, "new") == "<body><article class='x'>new</article>end"


def test_prints_in_a_row_are_one_text_however_they_arrived() -> None:
    def printed(text: str, name: str = "stdout") -> Any:
        return nbformat.v4.new_output("stream", name=name, text=text)

    picture = nbformat.v4.new_output("display_data", {"image/svg+xml": "<svg/>"})
    pieces = [printed("1\n"), printed("2\n"), picture, printed("3\n")]
    whole = [printed("1\n2\n"), picture, printed("3\n")]
    assert labs._joined(pieces) == whole
    assert labs._joined(whole) == whole
    mixed = [printed("1\n"), printed("a warning", "stderr"), printed("2\n")]
    assert labs._joined(mixed) == mixed
