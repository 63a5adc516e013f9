"""`make serve`: an edited post or library module shows on the next load."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from mkdocs.config.defaults import MkDocsConfig

from neuralblog_site.pages import mkdocs_hook
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site

POST = """\
---
date: 2026-11-22
authors: [neuralblog]
slug: served
categories: [From neuron to CNN]
description: A post that is edited while it is served, to see that the page follows it.
---

# Served

First words.

<!-- more -->

```python
from neuralblog import relu

print(f"{relu(0.25):.4f}")
```

<!--pytest-codeblocks:expected-output-->

```text
0.2500
```
"""
SERVE = "from neuralblog_site.cli import main; main(['serve', '--port', '{}'])"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name in ("src", "theme", "checks", "docs/assets"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for page in [*ROOT.glob("docs/*.md"), ROOT / "docs" / ".authors.yml"]:
        shutil.copy(page, tmp_path / "docs")
    (tmp_path / "benchmarks").mkdir()  # of which the page on speed draws its bars
    shutil.copy(ROOT / "benchmarks" / "latest.json", tmp_path / "benchmarks")
    (tmp_path / "docs" / "posts").mkdir()
    (tmp_path / "docs" / "posts" / "served.md").write_text(POST)
    return tmp_path


@pytest.fixture
def address(project: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "PYTHONPATH": str(project / "src"),
        "NEURALBLOG_CACHE": str(project / "cache"),
        "LIVE": "0",
    }
    log = (project / "log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE.format(port)],
        env=environment,
        cwd=project,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    yield f"http://127.0.0.1:{port}/served/"
    os.killpg(server.pid, 15)
    server.wait()
    log.close()


def wait_for_log(text: str, project: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while text not in (log := (project / "log").read_text()):
        assert time.monotonic() < end, log
        time.sleep(0.3)


def wait_for(address: str, text: str, project: Path, seconds: float = 60) -> str:
    end = time.monotonic() + seconds
    page = ""
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as response:
                page = response.read().decode()
        except OSError:
            page = ""
        if text in page:
            return page
        time.sleep(0.3)
    raise AssertionError(f"no {text!r} at {address}\n{(project / 'log').read_text()}")


def test_an_edit_shows_on_reload(project: Path, address: str) -> None:
    page = wait_for(address, "First words.", project)
    assert "<code>0.2500\n</code>" in page
    wait_for_log(f"Serving on {address[: -len('served/')]}", project)

    post = project / "docs" / "posts" / "served.md"
    post.write_text(POST.replace("First", "Other").replace("(0.25)", "(0.75)"))
    wait_for_log("served.md:24: SN07 printed '0.7500', but the page says", project)
    post.write_text(POST.replace("0.25", "0.75").replace("First", "Other"))
    assert "<code>0.7500\n</code>" in wait_for(address, "Other words.", project)

    other = address.replace("served", "glossary")
    assert 'href="../path/"' in wait_for(address, "Other words.", project)
    glossary = project / "docs" / "glossary.md"
    glossary.write_text(glossary.read_text().replace("How far", "Changed: how far"))
    assert "nb:" not in wait_for(other, "Changed: how far", project)
    assert "Other words." in wait_for(address, "served", project)
    index = other.replace("glossary/", "search/search_index.json")
    found = json.loads(wait_for(index, "docs", project))["docs"]
    assert {"served/", "path/"} <= {entry["location"] for entry in found}
    post.write_text(post.read_text().replace("Other", "Third"))
    assert "The museum of bugs" in wait_for(address, "Third words.", project)
    found = json.loads(wait_for(index, "Third words.", project))["docs"]
    assert {"served/", "path/"} <= {entry["location"] for entry in found}

    library = project / "src" / "neuralblog" / "activations.py"
    source = library.read_text()
    library.write_text(
        source.replace(
            "return np.clip(z, 0, np.inf)",
            "return np.clip(z, 0, np.inf) * (1 + (z == 0.75))",  # other pages stay true
        )
    )
    post.write_text(post.read_text().replace("0.7500", "1.5000"))
    wait_for(address, "<code>1.5000\n</code>", project)


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-c", SERVE.format(port)]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stderr == f"Port {port} is taken: `make serve PORT={port + 1}`\n"


@pytest.mark.parametrize(("command", "kept"), [("serve", False), ("build", True)])
def test_a_browser_keeps_what_is_built_and_not_what_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str, kept: bool
) -> None:
    told = {}
    monkeypatch.setattr(mkdocs_hook, "serves", None)
    monkeypatch.setattr(mkdocs_hook, "finish_site", lambda *_, **how: told.update(how))
    monkeypatch.setattr(mkdocs_hook.search, "rewrite", lambda *_: None)
    monkeypatch.setitem(mkdocs_hook.BUILT, tmp_path, mkdocs_hook.Last(Site(tmp_path)))
    config = MkDocsConfig()
    config.load_dict({"site_dir": str(tmp_path), "markdown_extensions": []})
    config["mdx_configs"] = {}
    mkdocs_hook.on_startup(command, dirty=False)
    mkdocs_hook.on_post_build(config)
    assert told == {"kept": kept}
