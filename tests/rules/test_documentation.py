"""The page of rules says what the table says."""

from pathlib import Path

import pytest

from neuralblog_site.project.places import ROOT
from neuralblog_site.rules import RULES, rule
from neuralblog_site.rules.documentation import BEGIN, END, PAGE, put, tables
from neuralblog_site.sources.site import Site


def test_the_page_is_written_from_the_table() -> None:
    text = (ROOT / PAGE).read_text(encoding="utf-8")
    assert tables() + END in text, "run `neuralblog-site update`"
    assert text.count(BEGIN) == 1


def test_what_is_written_by_hand_stays(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Title\n\n## From\n\nold\n\n## To\n\nThe end.\n")
    assert put(page, "## From\n", "## From\n\nnew\n\n", "## To\n")
    new = "# Title\n\n## From\n\nnew\n\n## To\n\nThe end.\n"
    assert page.read_text() == new
    assert not put(page, "## From\n", "## From\n\nnew\n\n", "## To\n")
    with pytest.raises(ValueError, match="not enough values"):
        put(page, "## Elsewhere\n", "## Elsewhere\n", "## To\n")
    assert page.read_text() == new


def test_each_rule_is_one_row() -> None:
    rows = Site(ROOT).page(ROOT / PAGE).html.xpath("//tr[count(td) = 4]")
    assert sorted(row[0].text_content() for row in rows) == sorted(RULES)
    assert all(cell.text_content().strip() for row in rows for cell in row)


def test_two_rules_have_two_names() -> None:
    with pytest.raises(ValueError, match="two rules are called SN01"):
        rule("SN01", "what", "fix")(lambda page: iter(()))
