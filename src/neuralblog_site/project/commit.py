"""What a build is made from: the commit, its time, the versions, the site's address."""

import importlib.metadata
import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

from neuralblog_site.project.places import ROOT

SITE_URL = os.environ.get("SITE_URL", "")
SITE_URL += "/" if SITE_URL and not SITE_URL.endswith("/") else ""
REPO_URL = os.environ.get("REPO_URL", "").rstrip("/")
WHEEL = f"neuralblog-{importlib.metadata.version('neuralblog')}-py3-none-any.whl"


@dataclass(frozen=True)
class Build:
    """The commit that the site is built from, and what its snippets ran on."""

    commit: str  # short; "" where nothing is committed yet
    time: str  # of the commit, YYYY-MM-DD HH:MM with its zone
    dirty: bool  # files differ from the commit
    python: str = platform.python_version()
    numpy: str = importlib.metadata.version("numpy")

    def __str__(self) -> str:
        if not self.commit:
            source = "files that are not committed yet"
        else:
            changed = ", with changes that are not committed" if self.dirty else ""
            source = f"commit {self.commit} of {self.time}{changed}"
        return f"{source}, with Python {self.python} and NumPy {self.numpy}"


def this_build() -> Build:
    """Ask git; without a repository the build says that nothing is committed."""
    date = "--date=format:%Y-%m-%d %H:%M %z"
    told = git(ROOT, "log", "-1", "--format=%h %cd", date).strip()
    commit, _, time = told.partition(" ")
    return Build(commit, time, dirty=bool(git(ROOT, "status", "--porcelain")))


def git(root: Path, *command: str) -> str:
    """What git says; nothing where it does not know, or is not there."""
    try:
        run = subprocess.run(
            ["git", *command], cwd=root, capture_output=True, text=True
        )
    except FileNotFoundError:
        return ""
    return run.stdout if run.returncode == 0 else ""
