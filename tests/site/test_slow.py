"""The slow checks notice what they are there for."""

from pathlib import Path

from neuralblog_site.slow import contents, differing


def test_two_builds_are_compared_file_by_file(tmp_path: Path) -> None:
    for name, number in (("here", 1), ("there", 2)):
        page = tmp_path / name / "cnn" / "index.html"
        page.parent.mkdir(parents=True)
        page.write_text(f'<div data-seconds="{number}">')
        (tmp_path / name / "same.css").write_text("a {}")
    (tmp_path / "there" / "more.js").write_text("")
    here, there = contents(tmp_path / "here"), contents(tmp_path / "there")
    assert differing(here, here) == []
    assert differing(here, there) == ["cnn/index.html", "more.js"]
