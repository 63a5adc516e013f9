"""`make test` runs every step, tells which failed, and repeats none for nothing."""

import subprocess
from pathlib import Path

import pytest

from neuralblog_site import checks


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(".cache/\nlog\n")
    (tmp_path / "file").write_text("1")
    (tmp_path / "step.py").write_text(
        "import sys, pathlib\n"
        "with open('log', 'a') as log: log.write(sys.argv[1])\n"
        "sys.exit(pathlib.Path('file').read_text() == 'broken')\n"
    )
    (tmp_path / ".cache").mkdir()
    stamp = tmp_path / ".cache" / "stamp"
    stamp.write_text("packages")
    monkeypatch.setattr(checks, "ROOT", tmp_path)
    monkeypatch.setattr(checks, "STAMP", stamp)
    monkeypatch.setattr(checks, "PASSED", tmp_path / ".cache" / "passed")
    monkeypatch.setattr(checks, "BUILT", {"site": ".cache/built"})
    steps = {"a": ["step", "a"], "site": ["step", "s"], "b": ["step", "b"]}
    monkeypatch.setattr(checks, "STEPS", steps)
    for name in ("CI", "FRESH"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def ran(project: Path) -> str:
    log = project / "log"
    text = log.read_text() if log.exists() else ""
    log.write_text("")
    return text


def test_a_green_step_is_not_run_again_until_something_changes(project: Path) -> None:
    assert checks.run([]) == 0
    assert ran(project) == "asb"
    assert checks.run([]) == 0
    assert ran(project) == "s"  # what it builds is not there
    (project / ".cache" / "built").mkdir()
    assert checks.run([]) == 0
    assert ran(project) == ""
    (project / "file").write_text("2")
    assert checks.run([]) == 0
    assert ran(project) == "asb"
    (project / "new").write_text("")
    assert checks.run([]) == 0
    assert ran(project) == "asb"


def test_a_red_step_is_told_and_run_again(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "file").write_text("broken")
    for _ in range(2):
        assert checks.run([]) == 1
        assert ran(project) == "asb"
    assert "Not green: a, site, b" in capfd.readouterr().out


@pytest.mark.parametrize("name", ["CI", "FRESH"])
def test_ci_reuses_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    for _ in range(2):
        assert checks.run([]) == 0
        assert ran(project) == "asb"


def test_other_packages_run_everything_again(project: Path) -> None:
    before = checks.fingerprint()
    (project / ".cache" / "stamp").write_text("other packages")
    assert checks.fingerprint() != before
