"""The wheel that the site serves, built from the files that the snippets ran on."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from neuralblog_site.project.places import ROOT


def build_wheel(folder: Path) -> Path:
    """Build the wheel into a folder; the same files give the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as built:
        command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel"]
        environment = {"SOURCE_DATE_EPOCH": "1577836800"} | os.environ
        run = subprocess.run(
            [*command, "-d", built],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
        )
        if run.returncode:
            sys.exit(f"The wheel was not built:\n{run.stderr}")
        (wheel,) = Path(built).glob("*.whl")
        return Path(shutil.move(wheel, folder / wheel.name))
