"""`update` writes what the snippets print, and nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from neuralblog_site.rules.update import updated, write
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree

GOOD = Path(__file__).parents[1].joinpath("good.txt").read_text(encoding="utf-8")
Runs = tuple[Execution, Execution]
OUTPUT = "\n<!--pytest-codeblocks:expected-output-->\n\n```text\n0.5\n```\n"


def after(tree: "Tree", runs: Runs, text: str) -> tuple[str, list[str]]:
    """The post after an update, and the codes of what was refused."""
    path = tree.write("docs/posts/good.md", text)
    text, problems = updated(Site(tree.root).page(path), *runs)
    return text, [problem.code for problem in problems]


@pytest.mark.parametrize(
    "wrong",
    [
        GOOD,
        GOOD.replace("\n0.5\n", "\n"),
        GOOD.replace("\n0.5\n", "\n1\n2\n3\n"),
        GOOD.replace(OUTPUT, ""),
        GOOD.replace("```text\n0.5\n```", "`````text\n0.7\n`````"),
    ],
)
def test_the_output_becomes_what_is_printed(
    tree: "Tree", runs: Runs, wrong: str
) -> None:
    assert after(tree, runs, wrong) == (GOOD, [])


def test_an_output_that_is_no_more_goes_away(tree: "Tree", runs: Runs) -> None:
    silent = GOOD.replace('print(f"{relu(0.5):.1f}")\n', "")
    expected = silent.replace(OUTPUT[1:] + "\n", "")
    assert after(tree, runs, silent) == (expected, [])


def test_a_folded_solution_keeps_its_indentation(tree: "Tree", runs: Runs) -> None:
    text = GOOD.replace("assert relu(-1.0) == 0", "print(relu(-1.0) == 0)")
    shown = "    ```\n\n    <!--pytest-codeblocks:expected-output-->\n\n"
    shown += "    ```text\n    True\n    ```\n\nThe end."
    expected = text.replace("    ```\n\nThe end.", shown)
    assert after(tree, runs, text) == (expected, [])
    assert after(tree, runs, expected) == (expected, [])
    assert tree.check("docs/posts/good.md", *runs) == []


def test_printed_backticks_stay_inside(tree: "Tree", runs: Runs) -> None:
    text = GOOD.replace('print(f"{relu(0.5):.1f}")', 'print("```")')
    new, problems = after(tree, runs, text)
    assert "````text\n```\n````\n" in new
    assert problems == []
    assert after(tree, runs, new) == (new, [])


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("print(*set('abcdefgh'))", "SN09"),
        ("print(object)\nprint(id(z))", "SN09"),
        ("print(z / 3)", "SN09"),
        ("import time; print(time.time())", "SN09"),
        ("import time; print(f'{time.perf_counter():.1f}')", "SN09"),
        ("import datetime; print(datetime.date.today())", "SN09"),
        ("print(id(z))", "SN09"),
        ("print(hash('relu'))", "SN09"),
        ("print(list({'a', 'b', 'c', 'd', 'e', 'f'}))", "SN09"),
        ("import os; print(os.getcwd())", "SN09"),
        ("import os; print(os.getpid())", "SN09"),
        ("import locale; print(locale.getlocale())", "SN09"),
        ("with open('/proc/self/stat') as f: print(f.read().split()[0])", "SN09"),
        ("x = np.zeros((1 << 16, 1 << 16))", "SN14"),
        ("print(undefined)", "SN06"),
        ("while True: pass", "SN14"),
    ],
)
def test_what_is_not_stable_is_refused(
    tree: "Tree", runs: Runs, monkeypatch: pytest.MonkeyPatch, line: str, code: str
) -> None:
    if code == "SN14":
        monkeypatch.setattr("neuralblog_site.sources.snippets.Snippet.limit", 4.0)
    for kept in (GOOD, GOOD.replace(OUTPUT, "")):  # the first time, too
        text = kept.replace('print(f"{relu(0.5):.1f}")', line)
        assert set(after(tree, runs, text)[1]) == {code}
        tree.write("docs/posts/good.md", text)
        assert {p.code for p in tree.check("docs/posts/good.md", *runs)} == {code}


def test_line_ends_and_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_bytes(b"one\r\ntwo\r\n")
    path.chmod(0o640)
    write(path, b"one\r\ntwo\r\n", "one\n2\n")
    assert path.read_bytes() == b"one\r\n2\r\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_was_edited_meanwhile_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "post.md"
    path.write_bytes(b"edited\n")
    with pytest.raises(ValueError, match="changed meanwhile"):
        write(path, b"as it was\n", "updated\n")
    assert path.read_bytes() == b"edited\n"
    assert list(tmp_path.iterdir()) == [path]


def test_an_interrupted_write_leaves_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "post.md"
    path.write_bytes(b"old\n")

    def interrupted(*paths: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(path, b"old\n", "new\n")
    assert path.read_bytes() == b"old\n"
    assert list(tmp_path.iterdir()) == [path]
