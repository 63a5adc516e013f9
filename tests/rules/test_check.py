"""The command: what it prints, what it returns, and that it never falls over."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog_site.project.places import ROOT
from neuralblog_site.rules.check import check
from neuralblog_site.sources.page import Page
from neuralblog_site.sources.site import Site

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
