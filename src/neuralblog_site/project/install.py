"""The project's own Python environment: `.venv`, filled from the lock.

Uses nothing but the standard library, since it runs before anything is installed.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NoReturn

from neuralblog_site.project.places import LOCK, ROOT, STAMP, VENV


def inside() -> bool:
    """Whether this process already is the environment's Python."""
    return Path(sys.prefix).resolve() == VENV.resolve() and _stamp_is_current()


def ensure(arguments: list[str]) -> NoReturn:
    """Make or refresh the environment, then run the command with its Python."""
    if VENV.is_symlink():  # filling it would change somebody else's environment
        sys.exit(f"{VENV} is a link: delete it, and this makes one of its own")
    if not _stamp_is_current():
        _install()
    command = [str(_python()), "-m", "neuralblog_site", *arguments]
    if os.name == "nt":
        sys.exit(subprocess.run(command).returncode)
    os.execv(command[0], command)


def _python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python(*arguments: str | Path, cwd: Path = ROOT, **more: str) -> int:
    """Run the environment's Python, with more variables; give back how it ended."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=cwd, env=os.environ | more).returncode


def _fingerprint() -> str:
    """Changes when another Python, lock or package asks for a new installation."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        package = tomllib.load(file)["project"]
    parts = [sys.version, str(VENV), LOCK.read_text(), repr(package)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _stamp_is_current() -> bool:
    try:
        return STAMP.read_text() == _fingerprint()
    except OSError:
        return False


def _install() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit(
            f"{sys.executable} has no `venv`: install it first "
            "(on Debian and Ubuntu: `apt install python3-venv`)"
        )
    print(f"Installing what neuralblog needs into {VENV} (once, about a minute):")
    if Path(sys.prefix).resolve() != VENV.resolve():  # else an older lock is refreshed
        shutil.rmtree(VENV, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    STAMP.unlink(missing_ok=True)
    install_locked()
    _pip("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(_fingerprint())
    print("  done.", flush=True)


def install_locked() -> None:
    """Install the lock as it is, then ask whether anything is missing.

    The lock is complete. Resolved again, it would fail on the day when one of its
    packages publishes a newer version (pip's issue 9644).
    """
    _pip("install", "--no-deps", "--require-hashes", "-r", str(LOCK))
    _pip("check")


def _pip(*what: str) -> None:
    """Run pip with a line that counts; all that it says is kept in a file."""
    log = VENV / "pip.log"
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    said: list[str] = []
    packages = 0
    with subprocess.Popen(
        [str(_python()), "-m", "pip", "--no-input", *what],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment,
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            said.append(line.rstrip())
            if line.startswith("Installing collected"):
                print("  ... and now all of them into place", flush=True)
            elif line.startswith(("Collecting ", "Processing ")):
                packages += 1
                if sys.stdout.isatty():
                    print(f"  {packages} packages", end="\r", flush=True)
                elif packages % 25 == 0:
                    print(f"  {packages} packages", flush=True)
    log.write_text("\n".join(said) + "\n", encoding="utf-8")
    if pip.returncode:
        sys.exit(f"{what_failed(said)} (all that pip said: {log})")


def what_failed(said: list[str]) -> str:
    """The one line that matters in what pip said: which package, and why."""
    told = [line.strip() for line in said]
    for at, line in enumerate(told):
        if line.startswith("Expected sha256"):
            of = told[at - 1].split(" from ")[0].rstrip(":")
            wanted, got = line.split()[-1], told[at + 1].split()[-1]
            return f"{of} is not the file that is pinned: its sha256 is {got}, not {wanted}."
    errors = [line.removeprefix("ERROR: ") for line in told if line.startswith("ERROR")]
    for line in errors:
        if line.startswith("No matching distribution found for "):
            package = line.split(" for ", 1)[1]
            unreachable = any("Retrying (" in row for row in told)
            why = (
                "the package index did not answer. Is there a network? "
                "Run the same command again to go on."
                if unreachable
                else "the package index has no such file for this Python and system."
            )
            return f"{package} could not be fetched: {why}"
    return (errors or told or ["pip ended without a word"])[-1].rstrip(".") + "."
