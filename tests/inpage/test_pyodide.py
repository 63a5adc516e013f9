"""What runs in the page is what was pinned, or nothing."""

import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from neuralblog_site.inpage import assemble, pyodide

CONTENT = b"the wheel that carries everything"
PIN = {
    "file": "carrier-1.0-py3-none-any.whl",
    "sha256": hashlib.sha256(CONTENT).hexdigest(),
    "size": "33 bytes",
}


def wheel(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


def offline(pin: dict[str, str], folder: Path) -> None:
    pytest.fail("asked for a download")


def test_a_good_file_in_the_cache_is_used_without_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / PIN["file"]).write_bytes(CONTENT)
    monkeypatch.setattr(pyodide, "_download", offline)
    assert pyodide.fetched(PIN, tmp_path).read_bytes() == CONTENT


@pytest.mark.parametrize("damaged", [CONTENT[:9], CONTENT[:-1] + b"!", b""])
def test_a_damaged_file_is_refused_with_one_line_and_fetched_again(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damaged: bytes,
) -> None:
    (tmp_path / PIN["file"]).write_bytes(damaged)

    def download(pin: dict[str, str], folder: Path) -> None:
        (folder / pin["file"]).write_bytes(CONTENT)

    monkeypatch.setattr(pyodide, "_download", download)
    assert pyodide.fetched(PIN, tmp_path).read_bytes() == CONTENT
    refused, fetching = capsys.readouterr().out.splitlines()
    assert refused.endswith("is not what is pinned: fetching it again.")
    assert fetching == "Fetching the page's Python (33 bytes, once) ..."


def test_a_download_that_is_not_what_is_pinned_is_never_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(pin: dict[str, str], folder: Path) -> None:
        (folder / pin["file"]).write_bytes(b"something else")

    monkeypatch.setattr(pyodide, "_download", download)
    with pytest.raises(pyodide.Unfetched, match="the download is not what is pinned"):
        pyodide.fetched(PIN, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_gone_is_told_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(pyodide.Unfetched, match=r"carrier 1\.0 could not be fetched"):
        pyodide.fetched(PIN, tmp_path)


def made(folder: Path, name: str, files: dict[str, str]) -> dict[str, Any]:
    """A wheel in the cache, and its pin."""
    content = wheel(files)
    (folder / name).write_bytes(content)
    return {"file": name, "sha256": hashlib.sha256(content).hexdigest(), "drop": []}


def test_each_package_comes_from_the_source_that_its_pin_names(tmp_path: Path) -> None:
    inside = wheel({"numbers.py": "1"})
    path = tmp_path / "carrier-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("py/python.wasm", b"wasm")
        target.writestr("py/numbers-1.0-py3-none-any.whl", inside)
    carrier = {
        "file": path.name,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }
    own = made(tmp_path, "lines-2.0-py3-none-any.whl", {"lines.py": "2"})
    carried = {
        "file": "numbers-1.0-py3-none-any.whl",
        "sha256": hashlib.sha256(inside).hexdigest(),
        "drop": [],
    }
    pins = {
        "carrier": carrier | {"prefix": "py/"},
        "runtime": {"python.wasm": hashlib.sha256(b"wasm").hexdigest()},
        "packages": {
            "numbers": carried | {"source": "carrier"},
            "lines": own | {"source": "index"},
        },
    }
    files = pyodide.unpack(pins, tmp_path)
    assert set(files) == {"python.wasm", carried["file"], own["file"]}
    with zipfile.ZipFile(io.BytesIO(files[own["file"]])) as slim:
        assert slim.read("lines.py") == b"2"
    pins["runtime"]["python.wasm"] = hashlib.sha256(b"original").hexdigest()
    with pytest.raises(pyodide.Unfetched, match=r"python\.wasm is not what is pinned"):
        pyodide.unpack(pins, tmp_path)


def test_every_package_of_the_page_names_a_source() -> None:
    sources = {name: pin["source"] for name, pin in pyodide.PINS["packages"].items()}
    assert set(sources.values()) <= {"carrier", "index"}
    assert sources["contourpy"] == "index"


def gone(pins: object = None, cache: object = None) -> pyodide.Files:
    raise pyodide.Unfetched("carrier 1.0 could not be fetched")


def test_a_site_without_the_page_s_python_is_built_and_says_so(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "index.html").write_text("<body>text</body>")
    monkeypatch.setattr(assemble, "runtime", gone)
    monkeypatch.delenv("LIVE", raising=False)
    assert assemble.add_live(tmp_path, tmp_path / "none.whl") is None
    assert (tmp_path / "index.html").read_text() == "<body>text</body>"
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("carrier 1.0 could not be fetched: nothing can run")
    monkeypatch.setenv("LIVE", "1")  # as the tests and the published site ask for
    with pytest.raises(SystemExit, match=r"carrier 1\.0 could not be fetched"):
        assemble.add_live(tmp_path, tmp_path / "none.whl")


@pytest.mark.parametrize("how", ["changed", "missing", "no list"])
def test_compiled_files_are_checked_when_they_are_used_again(
    tmp_path: Path, how: str
) -> None:
    files = {"a.zip": b"a", "b.wasm": b"b"}
    pyodide._write_checked(tmp_path, files)
    assert pyodide._read_checked(tmp_path) == files
    if how == "changed":
        (tmp_path / "a.zip").write_bytes(b"x")
    else:
        (tmp_path / ("a.zip" if how == "missing" else "sums.json")).unlink()
    assert pyodide._read_checked(tmp_path) == {}


def test_the_node_that_playwright_brings_compiles_where_the_other_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shutil.which("node", path=pyodide.NODE[1])
    for name, does in ("path", "exit 1"), ("driver", 'echo -n code > "$2/$3"'):
        node = tmp_path / name / "node"
        node.parent.mkdir()
        node.write_text(f"#!/bin/sh\n{does}\n")
        node.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    files = {"a.zip": b"source", "b.wasm": b"b"}
    monkeypatch.setattr(pyodide, "NODE", (None,))
    assert pyodide.with_bytecode(files) is files
    monkeypatch.setattr(pyodide, "NODE", (None, str(tmp_path / "driver")))
    assert pyodide.with_bytecode(files) == files | {"a.zip": b"code"}


def test_slimming_keeps_the_rest_and_gives_the_same_bytes_each_time() -> None:
    data = wheel({"b.py": "1", "tests/a.py": "2", "a.py": "3"})
    made = pyodide.select(data, lambda name: name.startswith("tests/"))
    assert made == pyodide.select(data, lambda name: name.startswith("tests/"))
    with zipfile.ZipFile(io.BytesIO(made)) as slim:
        assert slim.namelist() == ["a.py", "b.py"]
        assert slim.read("a.py") == b"3"


def test_the_page_s_wheel_has_no_data_and_no_builder(tmp_path: Path) -> None:
    path = tmp_path / "neuralblog-1.0-py3-none-any.whl"
    kept = {
        "neuralblog/relu.py": "",
        "neuralblog_site/inpage/session.py": "",
        "neuralblog_site/running/execute.py": "",
        "neuralblog-1.0.dist-info/METADATA": "",
    }
    left = {"neuralblog_site/cli.py": "", "neuralblog/data/digits.npz": "ink"}
    path.write_bytes(wheel(kept | left))
    ours, data = assemble.for_the_page(path)
    with zipfile.ZipFile(io.BytesIO(ours)) as slim:
        assert set(slim.namelist()) == set(kept)
    assert data == {"digits.npz": b"ink"}


def test_live_0_leaves_the_site_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "index.html"
    page.write_text("<body></body>")
    monkeypatch.setenv("LIVE", "0")
    assert assemble.add_live(tmp_path, tmp_path / "none.whl") is None
    assert page.read_text() == "<body></body>"
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_every_page_finds_its_script_under_a_sub_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {pin["file"] for pin in pyodide.PINS["packages"].values()}
    fake: dict[str, Any] = dict.fromkeys([*pyodide.PINS["runtime"], *names], b"file")
    monkeypatch.setattr(assemble, "runtime", lambda: dict(fake))
    monkeypatch.delenv("LIVE", raising=False)
    path = tmp_path / "neuralblog-1.0-py3-none-any.whl"
    path.write_bytes(wheel({"neuralblog/relu.py": "", "neuralblog/data/d.npz": "d"}))
    styles = tmp_path / "assets" / "css" / "neuralblog.css"
    styles.parent.mkdir(parents=True)
    styles.write_text("b {}")
    for name in ("index.html", "post/index.html"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<head></head><body>text</body>")
    folder = assemble.add_live(tmp_path, path)
    assert folder is not None
    assert f'content="{folder}"></head>' in (tmp_path / "index.html").read_text()
    keeper = (tmp_path / "service-worker.js").read_text()
    assert f'const FOLDER = "{folder}", FILES = ["cells.js", ' in keeper
    assert "service-worker.js" not in keeper.splitlines()[0]  # it keeps all but itself
    assert f'src="./{folder}/live.js"' in (tmp_path / "index.html").read_text()
    assert f'src="../{folder}/live.js"' in (tmp_path / "post/index.html").read_text()
    sheet = styles.read_text()
    assert sheet.startswith("b {}")
    assert ".nb-bar{" in sheet and "nb-explorable{" in sheet
    kit = (tmp_path / folder / "kit.css").read_text()
    assert ".nb-plot{" in kit and ".nb-plot{" not in sheet
    for rules in (sheet, kit):
        assert "\n" not in rules and "what the kit draws" not in rules  # no remarks
    script = (tmp_path / folder / "worker.js").read_text()
    assert 'const data = {"d.npz": 1};' in script and "manifest" not in script
    lock = json.loads((tmp_path / folder / "pyodide-lock.json").read_text())
    for package in lock["packages"].values():
        content = (tmp_path / folder / package["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == package["sha256"]
    assert (tmp_path / folder / "data" / "d.npz").read_bytes() == b"d"
    (tmp_path / "index.html").write_text("<head></head><body>text</body>")
    again = assemble.add_live(tmp_path, path, kept=False)
    assert again == folder  # named by what is in it
    assert "nb-build" not in (tmp_path / "index.html").read_text()
    assert (tmp_path / "service-worker.js").read_bytes() == assemble.LEAVES
    path.write_bytes(wheel({"neuralblog/relu.py": "changed"}))
    assert assemble.add_live(tmp_path, path) != folder
