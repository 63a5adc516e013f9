"""`make links` asks a server that answers in every way, and tells what is gone."""

import http.server
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site
from neuralblog_site.upkeep import dead_links

ANSWERS = {"/good": 200, "/closed": 403, "/many": 429, "/gone": 404, "/broken": 500}


class Server(http.server.BaseHTTPRequestHandler):
    """Answers by the name of the page; one hangs, one is well again when asked twice."""

    asked: list[str] = []
    closing = threading.Event()

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path == "/hanging":
            self.closing.wait(20)
        shaky = self.path == "/shaky" and self.asked.count("/shaky") == 1
        moves = {"/moved": "/good", "/lost": "/gone", "/circle": "/circle"}
        moved = moves.get(self.path)
        code = 301 if moved else 503 if shaky else ANSWERS.get(self.path, 200)
        self.send_response(code)
        if moved:
            self.send_header("Location", moved)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(dead_links, "SECONDS", 0.5)
    Server.asked.clear()
    Server.closing.clear()
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        Server.closing.set()
        server.shutdown()


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(dead_links, "AGAIN", dead_links.AGAIN.new(backoff_factor=0))
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "docs").mkdir()
    return tmp_path


def told(root: Path, rows: list[str], capsys: pytest.CaptureFixture[str]) -> list[str]:
    page = root / "docs" / "page.md"
    page.write_text("# Links\n\n" + "\n".join(rows), encoding="utf-8")
    status = dead_links.run(Site(root))
    said = capsys.readouterr().out.splitlines()
    assert status == (len(said) > 1)
    return said


def test_what_is_there_is_not_told(
    root: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    names = (
        "good",
        "good#part",
        "moved",
        "shaky",
        "caf\u00e9",
        "closed",
        "many",
        "circle",
    )
    rows = [f"[{n}]({address}/{n}) and [here](page.md)" for n in names]
    assert told(root, rows, capsys) == ["addresses 7: nothing to mend."]
    assert Server.asked.count("/good") == 2  # itself once, and where /moved leads


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("gone", "answers 404 Not Found"),
        ("lost", "answers 404 Not Found"),
        ("broken", "answers 500 Internal Server Error"),
        ("hanging", "does not answer"),
    ],
)
def test_what_is_gone_gives_one_line(
    root: Path, address: str, capsys: pytest.CaptureFixture[str], name: str, what: str
) -> None:
    rows = [f"[good]({address}/good)", "", f"[one]({address}/{name})"]
    assert told(root, rows, capsys) == [
        f"docs/page.md:5: LK05 {address}/{name} {what} - {dead_links.FIX}",
        "addresses 2: 1 to mend.",
    ]


def test_nobody_listens(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (row, _) = told(root, ["[one](http://127.0.0.1:9/)"], capsys)
    assert "LK05 http://127.0.0.1:9/ does not answer - " in row


def test_each_place_of_a_link_is_told(
    root: Path, address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = told(root, [f"[one]({address}/gone#{n})\n" for n in "ab"], capsys)
    assert [row.partition(" ")[0] for row in said[:-1]] == [
        "docs/page.md:3:",
        "docs/page.md:5:",
    ]
    assert Server.asked == ["/gone"]
