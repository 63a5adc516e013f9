"""The command: what it prints, what it returns, and that it never falls over."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import Problem, annotation, as_json
from neuralblog_site.rules.check import check
from neuralblog_site.rules.check import run as check_command
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.site import Site

if TYPE_CHECKING:
    from conftest import Tree

GOOD = Path(__file__).parents[1].joinpath("good.txt").read_text(encoding="utf-8")
POST = "docs/posts/activations.md"


def command(*arguments: str, cwd: Path = ROOT) -> tuple[int, list[str]]:
    """Run it as a contributor does; give back its status and what it says."""
    run = subprocess.run(
        [sys.executable, "-m", "neuralblog_site", "check", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in run.stdout + run.stderr
    return run.returncode, run.stdout.splitlines()


def test_all_faults_of_a_post_in_one_run_sorted(tmp_path: Path) -> None:
    text = (ROOT / POST).read_text(encoding="utf-8")
    text = text.replace("\nslug: activations", "\nslug: Activations", 1)
    post = tmp_path / "activations.md"
    post.write_text(text + "\n<script>\n\n<<<<<<< HEAD\n", encoding="utf-8")
    status, said = command("--no-run", "activations.md", cwd=tmp_path)
    assert status == 1
    assert "activations.md:1: FL01 " in said[0]
    assert "TX01 the merge marker" in said[-2]
    assert said[-1].endswith(f"{len(said) - 1} to mend.")
    lines = [int(row.split(":")[1]) for row in said[:-1]]
    assert lines == sorted(lines)


FORMED = Problem("docs/a,b.md", 7, "SN07", "says 50%: a\n,b", "mend, or not", "more")


def test_an_annotation_can_be_read_back() -> None:
    """As the host does it: split at the marks, and only then undo the escapes."""
    line = annotation(FORMED, "warning")
    assert "\n" not in line
    match = re.fullmatch(r"::(\w+) ([^:]*)::(.*)", line)
    assert match is not None
    properties = dict(part.split("=", 1) for part in match[2].split(","))
    assert match[1] == "warning"
    assert {name: unquote(text) for name, text in properties.items()} == {
        "file": FORMED.path,
        "line": "7",
        "title": "SN07",
    }
    assert unquote(match[3]) == "says 50%: a\n,b - mend, or not\nmore"
    assert "50%25: a%0A,b" in match[3]


def test_json_holds_every_field() -> None:
    (row,) = json.loads(as_json([(FORMED, "error")]))
    assert row.pop("level") == "error"
    assert Problem(**row) == FORMED
    assert json.loads(as_json([])) == []


def test_an_editor_and_a_pull_request_are_told_the_same(
    tree: "Tree", capsys: pytest.CaptureFixture[str]
) -> None:
    post = tree.write("docs/posts/good.md", GOOD.replace("The end.", "TODO: <b>x</b>"))
    said = {}
    for form in ("text", "github", "json"):
        for strict in (False, True):
            status = check_command(
                [("p.md", post)], tree.root, False, strict, form=form
            )
            assert status == 1
            said[form, strict] = capsys.readouterr().out
    rows = json.loads(said["json", False])
    assert [(row["code"], row["level"]) for row in rows] == [
        ("HT01", "error"),
        ("TX05", "warning"),
    ]
    assert {row["level"] for row in json.loads(said["json", True])} == {"error"}
    for row, text, line in zip(
        rows,
        said["text", False].splitlines(),
        said["github", False].splitlines(),
        strict=False,
    ):
        assert text.startswith(f"{row['path']}:{row['line']}: {row['code']} ")
        start = f"::{row['level']} file=p.md,line={row['line']},title={row['code']}::"
        assert line.startswith(start)
    assert said["github", False].splitlines()[-1].startswith("pages 1")


def test_what_is_no_post() -> None:
    status, said = command("docs/posts/nothing.md", "mkdocs.yml")
    assert status == 1
    assert said[0] == (
        "docs/posts/nothing.md:1: FL01 no such file - "
        "name a file of docs/posts, or none to check all"
    )
    assert said[1].startswith("mkdocs.yml:1: FL01 no Markdown file")


def test_snippets_that_have_run_do_not_run_again() -> None:
    command(POST)
    status, said = command(POST)
    assert status == 0 and "(0 ran now)" in said[-1]


def test_what_is_not_finished_is_counted_and_refused_when_strict(
    tmp_path: Path,
) -> None:
    text = (ROOT / POST).read_text(encoding="utf-8") + "\n<!-- TODO: more -->\n"
    post = ROOT / "docs/posts" / "activations.md"
    site = Site(ROOT)
    page = site.page(post)
    page.text, page.lines = text, text.split("\n")
    report = check([page])
    assert [p.code for p in report.problems] == ["TX05"]
    assert report.summary.endswith("nothing to mend, 1 to finish.")


PIECES = st.sampled_from(
    [
        "---",
        "```",
        "```python",
        "~~~",
        ">",
        "-",
        "#",
        "$",
        "$$",
        "<!--",
        "-->",
        "[",
        "](",
        "[^1]",
        "!!!",
        "<b",
        "\\frac",
        "slug:",
        "|",
        "{",
        "\x00",
        "é",
        "pytest-codeblocks:expected-output",
        "figure:",
        "\n",
        "\n\n",
        "    ",
        "import numpy\n",
        "!!! note\n",
        " ",
    ]
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_text_makes_a_rule_fall_over(text: str) -> None:
    site = Site(ROOT)
    page = Page.__new__(Page)
    page.site, page.name = site, "docs/posts/any.md"
    page.path = ROOT / page.name
    page.data = text.encode()
    page.text = text.replace("\0", " ")
    page.lines = page.text.split("\n")
    assert [p for p in check([page]).problems if p.code == "BUG"] == []
