"""Snippets run once per change, and everything that is wrong with one is told."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from neuralblog_site.running import results as module
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.snippets import Snippet, snippets

OUTPUT = "<!--pytest-codeblocks:expected-output-->"


@pytest.fixture
def execution(tmp_path: Path) -> Iterator[Execution]:
    execution = Execution(cache=tmp_path / "cache")
    yield execution
    execution.close()


def page(code: str, expected: str = "", figure: str = "") -> Snippet:
    text = f"```python\n{code}\n```\n"
    if expected:
        text += f"\n{OUTPUT}\n\n```text\n{expected}\n```\n"
    if figure:
        text += f"\n<!--figure: {figure}-->\n"
    (snippet,) = snippets(text, "docs/posts/x.md")
    return snippet


DRAW = "import matplotlib.pyplot as plt\nplt.plot([1])\n"
CASES = {
    "right": (page("print(1)", "1"), []),
    "raises": (
        page("a = 1\n1 / 0"),
        [
            "docs/posts/x.md:3: SN06 raises ZeroDivisionError: division by zero, at: 1 / 0"
        ],
    ),
    "differs": (
        page("print(1)\nprint(2)", "1\n3"),
        ["docs/posts/x.md:10: SN07 printed '2', but the page says '3'"],
    ),
    "prints less": (
        page("print(1)", "1\n2"),
        ["docs/posts/x.md:9: SN07 printed '', but the page says '2'"],
    ),
    "hides": (
        page("print(1)"),
        ["docs/posts/x.md:2: SN08 prints, but the page shows no"],
    ),
    "litters": (
        page("open('a', 'w').close()"),
        ["docs/posts/x.md:2: SN16 writes into the reader's folder: a"],
    ),
    "complains": (
        page("import sys\nprint('!', file=sys.stderr)"),
        ["docs/posts/x.md:2: SN20 writes to stderr: !"],
    ),
    "figure": (page(DRAW + "plt.show()", figure="a line"), []),
    "undescribed": (
        page(DRAW + "plt.show()"),
        ["docs/posts/x.md:2: SN21 shows 1 figures"],
    ),
    "undrawn": (page("a = 1", figure="?"), ["docs/posts/x.md:2: SN21 shows 0 figures"]),
    "unshown": (
        page(DRAW),
        ["docs/posts/x.md:2: SN21 draws 1 figures that it does not"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_is_told(execution: Execution, name: str) -> None:
    snippet, expected = CASES[name]
    told = [str(problem) for problem in execution.verify([snippet])]
    assert len(told) == len(expected)
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(start)
        assert " - " in line


def test_an_endless_snippet_is_stopped_at_its_line(
    execution: Execution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Snippet, "limit", 4.0)  # a busy machine, too, comes so far
    (problem,) = execution.verify([page("a = 1\nwhile True:\n    a += 1")])
    assert problem.code == "SN14" and problem.line in (3, 4)


def test_an_unchanged_snippet_is_not_run_again(execution: Execution) -> None:
    snippet = page("print(1)", "1")
    first, second = execution.result(snippet), execution.result(snippet)
    assert first == second
    assert (execution.ran, execution.reused) == (1, 1)


def test_a_fault_is_not_kept(execution: Execution) -> None:
    for _ in range(2):
        execution.verify([page("1 / 0")])
    assert (execution.ran, execution.reused) == (2, 0)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    return Path(shutil.copytree(module.LIBRARY, tmp_path / "neuralblog"))


@pytest.mark.parametrize(
    "name",
    ["activations.py", "neuralblog.mplstyle", "data/digits.npz", "data/lenet.npz"],
)
def test_the_cache_knows_the_whole_library(
    tmp_path: Path, copied: Path, name: str
) -> None:
    execution = Execution(cache=tmp_path / "cache", library=copied)
    before = execution.version()
    assert execution.version() == before
    with (copied / name).open("ab") as file:
        file.write(b"\n")
    assert execution.version() != before


@pytest.mark.parametrize("name", ["execute.py", "sandbox.py", "svg.py"])
def test_the_cache_knows_the_runner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before = Execution(cache=tmp_path).version()
    copied = Path(shutil.copytree(module.RUNNER, tmp_path / "running"))
    monkeypatch.setattr(module, "RUNNER", copied)
    assert Execution(cache=tmp_path).version() == before
    with (copied / name).open("ab") as file:
        file.write(b"\n")
    assert Execution(cache=tmp_path).version() != before


@pytest.mark.parametrize("package", ["numpy", "matplotlib"])
def test_the_cache_knows_the_versions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    before = Execution(cache=tmp_path).version()
    module.versions.cache_clear()
    version = module.importlib.metadata.version
    monkeypatch.setattr(
        module.importlib.metadata,
        "version",
        lambda p: "0" if p == package else version(p),
    )
    try:
        assert Execution(cache=tmp_path).version() != before
    finally:
        module.versions.cache_clear()


def test_the_cells_of_a_lab_run_once_and_share_their_names(
    execution: Execution,
) -> None:
    cont = "<!--pytest-codeblocks:cont-->"
    cells = ["a = 1\nprint(a)", "a += 1\nprint(a)", "print(a, 'end')"]
    text = f"\n\n{cont}\n\n".join(f"```python\n{cell}\n```" for cell in cells)
    found = snippets(text, "docs/labs/x.md")
    assert execution.verify(found) == []
    printed = [execution.result(snippet).stdout for snippet in found]
    assert printed == ["1\n", "2\n", "2 end\n"]
    assert execution.ran == 3
