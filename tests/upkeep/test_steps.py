"""`make test` runs every step, tells which failed, and repeats none for nothing."""

import subprocess
import sys
from pathlib import Path

import pytest

from neuralblog_site.upkeep import steps


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text(".cache/\nlog\n__pycache__/\n")
    (tmp_path / "file").write_text("1")
    (tmp_path / "step.py").write_text(
        "import sys, pathlib\n"
        "with open('log', 'a') as log: log.write(sys.argv[1])\n"
        "sys.exit(pathlib.Path('file').read_text() == 'broken')\n"
    )
    (tmp_path / ".cache").mkdir()
    stamp = tmp_path / ".cache" / "stamp"
    stamp.write_text("packages")
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "STAMP", stamp)
    monkeypatch.setattr(steps, "PASSED", tmp_path / ".cache" / "passed")
    monkeypatch.setattr(steps, "BUILT", {"site": ".cache/built"})
    three = {"a": ["step", "a"], "site": ["step", "s"], "b": ["step", "b"]}
    monkeypatch.setattr(steps, "STEPS", three)
    monkeypatch.setattr(steps, "STAGES", [[["a"]], [["site"]], [["b"]]])
    for name in ("CI", "FRESH"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def ran(project: Path) -> str:
    log = project / "log"
    text = log.read_text() if log.exists() else ""
    log.write_text("")
    return text


def test_a_green_step_is_not_run_again_until_something_changes(project: Path) -> None:
    assert steps.run([]) == 0
    assert ran(project) == "asb"
    assert steps.run([]) == 0
    assert ran(project) == "s"  # what it builds is not there
    (project / ".cache" / "built").mkdir()
    assert steps.run([]) == 0
    assert ran(project) == ""
    (project / "file").write_text("2")
    assert steps.run([]) == 0
    assert ran(project) == "asb"
    (project / "new").write_text("")
    assert steps.run([]) == 0
    assert ran(project) == "asb"


def test_a_red_step_is_told_and_run_again(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "file").write_text("broken")
    for _ in range(2):
        assert steps.run([]) == 1
        assert ran(project) == "asb"
    assert "Not green: a, site, b" in capfd.readouterr().out


def test_what_runs_side_by_side_is_told_in_one_piece(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    meet = "import sys; from pathlib import Path; own, other = sys.argv[1:]"
    meet += "; Path(own).touch()\nprint('one', flush=True)"
    meet += "\nwhile not Path(other).exists(): pass\nprint('two'); sys.exit(own == 'x')"
    (project / "meet.py").write_text(meet)  # each waits for the other
    two = {"a": ["meet", "x", "y"], "b": ["meet", "y", "x"]}
    monkeypatch.setattr(steps, "STEPS", two)
    monkeypatch.setattr(steps, "STAGES", [[["a"], ["b"]]])
    assert steps.run([]) == 1
    told = capfd.readouterr().out
    assert "== a\none\ntwo\n   a: " in told and "== b\none\ntwo\n   b: " in told
    assert told.endswith("Not green: a\n")


def test_every_step_is_in_a_stage() -> None:
    staged = [name for stage in steps.STAGES for lane in stage for name in lane]
    assert staged == list(steps.STEPS)


def test_what_a_command_can_mend_is_told_with_the_command(
    project: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "file").write_text("broken")
    (project / "mend.py").write_text("open('file', 'w').write('mended')")
    monkeypatch.setattr(steps, "CURES", {"a": ["mend"]})
    assert steps.run([]) == 1
    (row,) = (r for r in capfd.readouterr().out.splitlines() if "mend a: " in r)
    command = row.partition("mend a: ")[2]
    subprocess.run(command, shell=True, cwd=project, check=True)
    assert steps.run([]) == 0
    assert "mend" not in capfd.readouterr().out


def test_a_line_that_no_test_runs_is_named(tmp_path: Path) -> None:
    (tmp_path / "src" / "neuralblog").mkdir(parents=True)
    for name in ("whole", "partly"):
        module = f"def {name}(x):\n    if x:\n        return 1\n    return 2\n"
        (tmp_path / "src" / "neuralblog" / f"{name}.py").write_text(module)
    (tmp_path / "test_it.py").write_text(
        "import sys\nsys.path.insert(0, 'src/neuralblog')\n"
        "from partly import partly\nfrom whole import whole\n"
        "def test_it(): assert (whole(1), whole(0), partly(1)) == (1, 2, 1)\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", *steps.COVERED],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    (row,) = (r for r in run.stdout.splitlines() if r.startswith("src"))
    assert row.endswith("partly.py       4      1      2      1    67%   4")


@pytest.mark.parametrize("name", ["CI", "FRESH"])
def test_ci_reuses_nothing(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "1")
    for _ in range(2):
        assert steps.run([]) == 0
        assert ran(project) == "asb"


def test_other_packages_run_everything_again(project: Path) -> None:
    before = steps.fingerprint()
    (project / ".cache" / "stamp").write_text("other packages")
    assert steps.fingerprint() != before
