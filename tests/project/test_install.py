"""The first command on a fresh machine: what it makes, and what it says if it cannot."""

import hashlib
import importlib.metadata
import os
import re
import runpy
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from neuralblog_site.project import install
from neuralblog_site.project.places import KEPT, ROOT

# the oldest that a supported Python brings, and the newest: as wheels, run from there
PIPS = {
    "23.2": "78e5353a9dda374b462f2054f83a7b63f3f065c98236a68361845c1b0ee7e35f",
    "26.3": "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
}


@pytest.fixture(scope="session")
def pips() -> dict[str, Path]:
    """The wheel of each pip, fetched once."""
    folder = KEPT / "pips"
    folder.mkdir(parents=True, exist_ok=True)
    wheels = {version: folder / f"pip-{version}-py3-none-any.whl" for version in PIPS}
    for version, path in wheels.items():
        if not path.exists():
            wanted = path.with_suffix(".txt")
            wanted.write_text(f"pip=={version} --hash=sha256:{PIPS[version]}\n")
            command = "-m pip download --quiet --no-deps --require-hashes -r"
            subprocess.run(
                [sys.executable, *command.split(), wanted, "-d", folder], check=True
            )
    return wheels


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
    monkeypatch.setattr(install.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="has no `venv`"):
        install._install()


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing but Python, whose lock is still to be written."""
    venv, lock = tmp_path / ".venv", tmp_path / "requirements.lock"
    monkeypatch.setattr(install, "VENV", venv)
    monkeypatch.setattr(install, "STAMP", venv / "installed-from")
    monkeypatch.setattr(install, "LOCK", lock)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    return tmp_path


def test_what_cannot_be_fetched_is_told_and_nothing_counts_as_installed(
    empty: Path,
) -> None:
    install.LOCK.write_text(
        "there-is-no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n"
    )
    with pytest.raises(SystemExit) as stop:
        install._install()
    assert str(stop.value) == (
        "there-is-no-such-package==1.0 could not be fetched: the package index has no "
        "such file for this Python and system. "
        f"(all that pip said: {install.VENV / 'pip.log'})"
    )
    assert "ERROR: No matching" in (install.VENV / "pip.log").read_text()
    assert not install.STAMP.exists()
    assert not install._stamp_is_current()


def test_an_index_that_does_not_answer_is_told(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_RETRIES", "1")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/")  # nobody listens there
    install.LOCK.write_text("six==1.17.0 --hash=sha256:" + "0" * 64 + "\n")
    with pytest.raises(SystemExit, match=r"^six==1\.17\.0 .* did not answer"):
        install._install()


# ---- the lock on a later day: every package has published something newer since ----


def wheel(
    folder: Path, name: str, version: str, real: importlib.metadata.Distribution
) -> str:
    """An empty package that needs what the real one needs; gives back its sha256."""
    stem = f"{re.sub('[-_.]+', '_', name)}-{version}"
    info = f"{stem}.dist-info"
    rows = [f"Requires-Dist: {row}" for row in real.requires or []]
    rows += [
        f"Provides-Extra: {row}"
        for row in real.metadata.get_all("Provides-Extra") or []
    ]
    head = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *rows]
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(f"{info}/METADATA", "\n".join(head) + "\n")
        file.writestr(
            f"{info}/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        file.writestr(f"{info}/RECORD", "")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def later(empty: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An index of empty packages: those of the lock, and a higher version of each."""
    pinned = {}
    for line in (install.ROOT / "requirements.lock").read_text().splitlines():
        pin = re.match(r"([\w.-]+)==([^ ]+)", line)
        try:
            real = importlib.metadata.distribution(pin[1]) if pin else None
        except importlib.metadata.PackageNotFoundError:
            continue  # for another system
        if pin is None or real is None or real.version != pin[2]:
            continue
        pinned[pin[1]] = pin[2], wheel(empty, pin[1], pin[2], real)
        wheel(empty, pin[1], "9999.0", real)
    install.LOCK.write_text(
        "".join(f"{n}=={v} --hash=sha256:{h}\n" for n, (v, h) in pinned.items())
    )
    monkeypatch.setenv("PIP_FIND_LINKS", str(empty))
    return {name: version for name, (version, _) in pinned.items()}


def installed(folder: Path) -> dict[str, str]:
    return {
        re.sub("[-_.]+", "-", str(found.metadata["Name"])).lower(): found.version
        for found in importlib.metadata.distributions(path=[str(folder)])
    }


@pytest.mark.parametrize("pip", sorted(PIPS))
def test_the_lock_installs_what_it_pins_also_when_all_of_it_is_out_of_date(
    empty: Path,
    later: dict[str, str],
    pips: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    pip: str,
) -> None:
    assert len(later) > 100 and "coverage" in later
    venv.create(install.VENV)
    monkeypatch.setenv("PYTHONPATH", str(pips[pip]))
    install.install_locked()
    folder = next(install.VENV.glob("lib/*/site-packages"))
    assert installed(folder) == later


def test_resolving_the_lock_again_would_fail_on_that_day(
    empty: Path,
    later: dict[str, str],
    pips: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """So the test above would have seen what broke the first command once."""
    venv.create(install.VENV)
    monkeypatch.setenv("PYTHONPATH", str(pips["23.2"]))
    with pytest.raises(SystemExit, match="In --require-hashes mode, all requirements"):
        install._pip("install", "--require-hashes", "-r", str(install.LOCK))


def test_a_lock_with_a_hole_is_told(
    empty: Path,
    later: dict[str, str],
    pips: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    venv.create(install.VENV)
    monkeypatch.setenv("PYTHONPATH", str(pips["23.2"]))
    rows = install.LOCK.read_text().splitlines()
    install.LOCK.write_text(
        "\n".join(row for row in rows if not row.startswith("pyyaml=="))
    )
    with pytest.raises(SystemExit, match="requires pyyaml, which is not installed"):
        install.install_locked()


def test_a_file_that_is_not_the_pinned_one_is_told_with_both_hashes(
    empty: Path,
    later: dict[str, str],
    pips: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    venv.create(install.VENV)
    monkeypatch.setenv("PYTHONPATH", str(pips["26.3"]))
    text = install.LOCK.read_text()
    right = re.findall(r"\nnumpy==.*sha256:(\w+)", text)[0]
    install.LOCK.write_text(text.replace(right, "0" * 64))
    with pytest.raises(SystemExit, match=rf"^numpy==.* {right}, not 0{{64}}\."):
        install.install_locked()


def test_another_lock_or_package_asks_for_a_new_installation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = install._fingerprint()
    lock = tmp_path / "requirements.lock"
    lock.write_text(install.LOCK.read_text() + "\n")
    monkeypatch.setattr(install, "LOCK", lock)
    assert install._fingerprint() != before


def test_the_lock_has_a_hash_for_everything_and_names_no_host() -> None:
    lines = install.LOCK.read_text().splitlines()
    pinned = [n for n, line in enumerate(lines) if "==" in line]
    assert len(pinned) > 50
    assert all("--hash=sha256:" in lines[n + 1] for n in pinned)
    assert not [line for line in lines if "://" in line or "index-url" in line]
