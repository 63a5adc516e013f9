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

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "installed-from"
# What may be used again; not .cache, which Zensical empties.
KEPT = Path(os.environ.get("NEURALBLOG_CACHE", ROOT / "build" / "kept"))


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
    _pip("--no-deps", "--require-hashes", "-r", str(LOCK))
    _pip("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    STAMP.write_text(_fingerprint())
    print("  done.", flush=True)


def _pip(*what: str) -> None:
    """Install, with a line for each package rather than pip's five."""
    command = [str(_python()), "-m", "pip", "install", "--no-input", *what]
    environment = os.environ | {"PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment
    ) as pip:
        assert pip.stdout is not None
        for line in pip.stdout:
            if line.startswith("Collecting "):
                print("  " + line.split()[1].split("==")[0], flush=True)
            elif line.startswith("Installing collected"):
                print("  ... and now all of them into place", flush=True)
    if pip.returncode:
        sys.exit(
            "The installation did not finish. Is there a network? "
            "Run the same command again to go on."
        )
