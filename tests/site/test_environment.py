"""The first command on a fresh machine: what it makes, and what it says if it cannot."""

import runpy
import sys
from pathlib import Path

import pytest

from neuralblog_site import environment
from neuralblog_site.environment import ROOT

START = str(ROOT / "src" / "neuralblog_site" / "__main__.py")


def test_an_old_python_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(SystemExit) as stop:
        runpy.run_path(START, run_name="started")
    assert str(stop.value).startswith(
        "neuralblog needs Python 3.11 or newer, this is 3.10:"
    )
    assert "\n" not in str(stop.value)


def test_a_python_without_venv_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="has no `venv`"):
        environment._install()


def test_no_network_is_told_and_nothing_counts_as_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = tmp_path / "requirements.lock"
    lock.write_text("there-is-no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "installed-from")
    monkeypatch.setattr(environment, "LOCK", lock)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(SystemExit, match="Is there a network"):
        environment._install()
    assert not environment.STAMP.exists()
    assert not environment._stamp_is_current()


def test_another_lock_or_package_asks_for_a_new_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = environment._fingerprint()
    lock = tmp_path / "requirements.lock"
    lock.write_text(environment.LOCK.read_text() + "\n")
    monkeypatch.setattr(environment, "LOCK", lock)
    assert environment._fingerprint() != before


def test_the_lock_has_a_hash_for_everything_and_names_no_host() -> None:
    lines = environment.LOCK.read_text().splitlines()
    pinned = [n for n, line in enumerate(lines) if "==" in line]
    assert len(pinned) > 50
    assert all("--hash=sha256:" in lines[n + 1] for n in pinned)
    assert not [line for line in lines if "://" in line or "index-url" in line]
