"""A reader who copies a snippet also installs the library, from the site itself."""

import os
import re
import subprocess
import sys
import venv
import zipfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread

from neuralblog_site.project.places import ROOT
from neuralblog_site.project.wheel import build_wheel
from neuralblog_site.sources.snippets import read


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        pass


def test_the_same_files_give_the_same_wheel(tmp_path: Path) -> None:
    first, second = (build_wheel(tmp_path / name) for name in "ab")
    assert first.read_bytes() == second.read_bytes()
    names = zipfile.ZipFile(first).namelist()
    assert "neuralblog/data/digits.npz" in names
    assert "neuralblog/neuralblog.mplstyle" in names
    assert "neuralblog/py.typed" in names


def test_a_copied_snippet_runs_where_the_site_was_installed_from(
    built: Path, tmp_path: Path
) -> None:
    page = (built / "activations" / "index.html").read_text(encoding="utf-8")
    wheel = re.search(r'data-wheel="\.\./([^"]+\.whl)"', page)
    assert wheel is not None
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=built))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/{wheel[1]}"
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    numpy = f"numpy=={version('numpy')}"
    subprocess.run([*install, numpy, f"neuralblog @ {address}"], check=True)
    server.shutdown()
    server.server_close()

    post = read(ROOT / "docs" / "posts" / "activations.md", ROOT)
    snippet = next(s for s in post if s.expected and "matplotlib" not in s.code)
    (tmp_path / "copied.py").write_text(snippet.code, encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    run = subprocess.run(
        [python, "copied.py"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert (run.stdout, run.stderr) == (snippet.expected, "")
    assert (
        sys.prefix
        not in subprocess.run(
            [python, "-c", "import neuralblog; print(neuralblog.__file__)"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        ).stdout
    )
