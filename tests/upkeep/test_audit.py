"""The audits of the built site: what they measure, and what they say when they cannot."""

import gzip
import json
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from neuralblog_site.upkeep import audit


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A site with one page of each kind."""
    for page in ("", "cnn", "neurons", "labs/digits", "api", "about"):
        (tmp_path / page).mkdir(parents=True, exist_ok=True)
        (tmp_path / page / "index.html").write_text(f"<title>{page}</title>")
    for post in ("cnn", "neurons"):
        (tmp_path / post / "card.png").write_bytes(b"\x89PNG")
    return tmp_path


def test_a_page_of_each_kind_is_measured(small: Path) -> None:
    assert audit.measured_pages(small) == ["", "cnn/", "labs/digits/", "api/"]


def test_the_server_compresses_text_and_nothing_else(small: Path) -> None:
    with audit.served(small) as address:
        with urllib.request.urlopen(address) as page:
            assert page.headers["Content-Encoding"] == "gzip"
            assert page.headers["Content-Type"].startswith("text/html")
            assert gzip.decompress(page.read()) == b"<title></title>"
        with urllib.request.urlopen(address + "cnn/card.png") as picture:
            assert picture.headers["Content-Encoding"] is None
            assert picture.read() == b"\x89PNG"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address + "nowhere/")


def test_what_is_missing_is_said_in_a_line_and_is_no_pass(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None if name == "java" else name)
    assert audit.run(small, ["nu"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "nu was not run: it needs java, not found here"


def test_each_line_of_nu_is_told(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line = '"file:/cnn/index.html":1.1-1.2: error: Stray end tag "p".'
    pages: list[str] = []

    def checker(command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
        pages.extend(command[5:])
        return subprocess.CompletedProcess(command, 1, "", f"{line}\n")

    monkeypatch.setattr("subprocess.run", checker)
    assert audit.nu(small) == [line]
    assert len(pages) == 6


def test_a_checker_that_died_is_no_pass(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    died = subprocess.CompletedProcess([], 1, "", "")
    monkeypatch.setattr("subprocess.run", lambda *_, **__: died)
    assert audit.nu(small) == ["nu ended with 1"]
    monkeypatch.setattr(audit, "chromium", lambda: "chromium")
    assert min(audit.scores("http://127.0.0.1/", "phone").values()) == 0


def test_a_low_score_is_told_after_some_tries(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[str] = []

    def tool(command: list[str], **how: object) -> subprocess.CompletedProcess[str]:
        form = "desktop" if "--preset=desktop" in command else "phone"
        page = command[2].split("/", 3)[3]
        runs.append(f"{page} {form}")
        low = page == "api/" and form == "phone"  # too slow; about/ only at first
        slow = low or runs.count(f"{page} {form}") == 1
        scores = {"performance": 0.98 if slow else 1, "accessibility": 1}
        said = {"categories": {name: {"score": n} for name, n in scores.items()}}
        return subprocess.CompletedProcess(command, 0, json.dumps(said), "")

    monkeypatch.setattr("subprocess.run", tool)
    monkeypatch.setattr(audit, "chromium", lambda: "chromium")
    assert audit.lighthouse(small) == ["/api/, phone: performance 98"]
    assert runs.count("api/ phone") == audit.TRIES
    assert runs.count("cnn/ desktop") == 2


def test_a_wrong_name_and_an_empty_folder_are_one_clear_line(
    small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audit.run(small, ["nus"]) == 1
    assert capsys.readouterr().out == "no such check: nus (there are: nu, lighthouse)\n"
    empty = tmp_path / "empty"
    assert audit.run(empty) == 1
    assert capsys.readouterr().out.startswith(f"{empty} holds no built site")
