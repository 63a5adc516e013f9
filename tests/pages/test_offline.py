"""The zip of the site: its links name files, and the same site gives the same bytes."""

import json
import os
import re
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from neuralblog_site.pages import offline, shelf
from neuralblog_site.project.commit import Build
from neuralblog_site.project.problems import Broken

BUILD = Build("abc1234", "2026-11-22 10:00 +0000", dirty=False)
PAGE = """<!doctype html>
<html>
<head>
<link rel="preload" href="../assets/fonts/serif.woff2" as="font" crossorigin>
</head>
<body>
<a class="x" id="top" href="../cnn/#top">there</a> <a href="..">home</a> <a href="./">here</a>
<a href="cnn.py">script</a> <a href="https://example.org/cnn/">far</a> <a href="#top">up</a>
<code>&lt;a href="../cnn/"></code>
<!-- nb:book --><p>Links to <a href="../book/neuralblog.pdf">what the zip has not</a>.</p>
<script type="module" src="../live/abc/live.js" fetchpriority="low"></script></body>
</html>
"""
FILES = {
    "index.html": "<html><head></head></html>",
    "cnn/index.html": PAGE,
    "cnn/cnn.py": "print(1)",
    "old/index.html": '<meta http-equiv="refresh" content="0; url=../cnn/">',
    "assets/javascripts/workers/search.1a.min.js": 'say("</script>")',
    "assets/javascripts/bundle.js.map": "{}",
    "book/neuralblog.pdf": "%PDF",
    "search/search_index.json": json.dumps(
        {"docs": [{"location": "cnn/#top"}, {"location": ""}]}
    ),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_page_links_to_files(site: Path) -> None:
    made = dict(offline.files(site, BUILD))
    page = made["cnn/index.html"].decode()
    links = re.findall(r'<a[^>]* href="([^"]*)"', page)
    assert links[:3] == ["../cnn/index.html#top", "../index.html", "./index.html"]
    assert links[3:] == ["cnn.py", "https://example.org/cnn/", "#top"]
    assert '&lt;a href="../cnn/">' in page, "what a page shows stays as it is"
    assert b"url=../cnn/index.html" in made["old/index.html"]


def test_a_page_asks_for_nothing_that_a_browser_refuses(site: Path) -> None:
    page = dict(offline.files(site, BUILD))["cnn/index.html"].decode()
    assert "preload" not in page and 'type="module"' not in page
    assert '<template data-live="../live/abc/live.js">' in page
    assert page.index("offline.js") < page.index("</head>")


def test_the_search_is_a_script(site: Path) -> None:
    made = dict(offline.files(site, BUILD))
    told = json.loads(made["search/search_index.js"].removeprefix(b"var __index = "))
    found = [entry["location"] for entry in told["docs"]]
    assert found == ["cnn/index.html#top", "index.html"]
    assert rb'const SEARCH = "say(\"</script>\")"' in made["offline.js"]


def test_the_same_site_gives_the_same_bytes(site: Path) -> None:
    one = offline.zipped(dict(offline.files(site, BUILD)))
    for path in site.rglob("*"):
        os.utime(path, (1e9, 1e9))
    assert offline.zipped(dict(offline.files(site, BUILD))) == one
    names = ZipFile(BytesIO(one)).namelist()
    assert names == sorted(names) and "neuralblog/README.txt" in names
    assert not [name for name in names if name.endswith((".map", ".pdf", ".zip"))]


def test_a_link_that_names_no_file_is_told(site: Path) -> None:
    offline.write(site, BUILD)
    (site / "cnn" / "cnn.py").unlink()
    with pytest.raises(Broken, match=r"the link cnn\.py names no file"):
        offline.write(site, BUILD)


def test_readers_are_told_when_both_are_there(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def printed(out: Path, build: Build) -> str:
        (out / "book" / "index.html").write_text("<p>The book.</p>")
        return "PDF, 9 pages, 1 MB"

    monkeypatch.setattr(shelf.paper, "write", printed)
    told = site / "readers" / "index.html"
    told.parent.mkdir()
    told.write_text(
        "<html><head></head><p>For you.</p>\n<!-- nb:book -->\n<p>More.</p>"
    )
    (site / "assets" / "fonts").mkdir()
    (site / "assets" / "fonts" / "serif.woff2").touch()
    (site / "live" / "abc").mkdir(parents=True)
    (site / "live" / "abc" / "live.js").touch()
    for _ in range(2):  # a second time, too
        shelf.write(site)
        text = told.read_text()
        assert text.count("(PDF, 9 pages, 1 MB)") == text.count("neuralblog.zip") == 1
    assert text.endswith("</p>\n<p>More.</p>")
    with ZipFile(site / offline.ZIP) as packed:
        assert b"neuralblog.pdf" not in packed.read("neuralblog/readers/index.html")
