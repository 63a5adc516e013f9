"""Snippets are found where pytest-codeblocks finds them, with what belongs to each."""

from pathlib import Path

import pytest
from pytest_codeblocks.main import extract_from_file

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.snippets import fences, read, snippets

PAGE = """\
# Title

```python
print(1)

print(2)
```

<!--pytest-codeblocks:expected-output-->

```text
1
2
```

<!--figure: a first
picture-->

<!--figure: a second-->

Text between.

<!--figure: belongs to nothing-->

??? success "Solution"

    ```python
    import math

    print(math.pi)
    ```

```console
pip install x
```
"""


def test_what_belongs_to_a_snippet() -> None:
    first, second = snippets(PAGE, "docs/x.md")
    assert first.code == "print(1)\n\nprint(2)\n"
    assert (first.line, first.expected, first.expected_line) == (4, "1\n2\n", 12)
    assert first.figures == ["a first picture", "a second"]
    assert first.figure_lines == [16, 19]
    assert first.end == 20
    assert second.code == "import math\n\nprint(math.pi)\n"
    assert (second.line, second.indent, second.expected) == (28, 4, None)


def test_line_numbers_follow_the_first_line() -> None:
    first, _ = snippets(PAGE, "docs/x.md", first=11)
    assert (first.line, first.expected_line, first.end) == (14, 22, 30)


def test_figures_stand_above_their_snippet_or_below() -> None:
    text = (
        "<!--figure: one\npicture-->\n\n<!--figure: another-->\n\n```python\nx = 1\n```\n\n"
        "<!--figure: of the next-->\n\n```python\ny = 1\n```\n\n"
        "Words.\n\n```python\nz = 1\n```\n\n<!--figure: below-->\n\n```python\n```\n"
    )
    first, second, third, last = snippets(text)
    assert (first.figures, first.figure_lines) == (["one picture", "another"], [1, 4])
    assert (first.begin, first.line, first.end) == (1, 7, 9)
    assert (second.figures, second.begin, second.end) == (["of the next"], 10, 15)
    assert (third.figures, third.pictured_first) == (["below"], False)
    assert last.figures == []


def test_a_figure_above_a_cell_of_a_lab() -> None:
    cells = "```python\na = 1\n```\n\nWords.\n\n<!--figure: it-->\n\n<!--pytest-codeblocks:cont-->\n```python\na\n```\n"
    _, second = snippets(cells)
    assert second.figures == ["it"] and len(second.before) == 1


def test_the_lines_that_draw() -> None:
    def drawing(code: str) -> int:
        return snippets(f"```python\n{code}\n```\n")[0].drawing

    assert drawing("import x\nx.y()\nx.show()") == 0
    assert drawing("import x\n\nx.y()\n# draw\nx.show()") == 2
    assert (
        drawing("import x\nfor y in x:\n    y()\n    # draw\n    y.show()\nx.z()") == 3
    )
    assert drawing("# draw\nimport x\nx.show()") == 3  # only draws
    assert drawing("import x\nfrom y import z\n\n# draw\nx.show()") == 5


def test_cont_joins_the_cells_of_a_lab() -> None:
    cells = "```python\na = 1\n```\n\n<!--pytest-codeblocks:cont-->\n\n```python\nprint(a)\n```\n"
    first, second = snippets(cells)
    assert first.before == []
    assert second.before == [first]
    assert second.program == "a = 1\nprint(a)\n"


def test_a_longer_fence_holds_a_shorter_one() -> None:
    text = "````markdown\n```python\nx\n```\n````\n"
    (only,) = fences(text.splitlines())
    assert only.info == "markdown"
    assert snippets(text) == []


PAGES = [p for p in sorted(ROOT.glob("docs/**/*.md")) if "labs" not in p.parts]


@pytest.mark.parametrize("path", [ROOT / "README.md", *PAGES], ids=lambda p: p.name)
def test_the_same_snippets_as_pytest_codeblocks(path: Path) -> None:
    theirs = [b for b in extract_from_file(path) if b.syntax == "python"]
    ours = read(path, ROOT)
    assert [b.lineno + 1 for b in theirs] == [s.line for s in ours]
    for block, snippet in zip(theirs, ours, strict=True):
        if not snippet.indent:  # the plugin drops empty lines of indented blocks
            assert block.code == snippet.code
            assert block.expected_output == snippet.expected
