"""Everything that CI checks, in the order in which it fails fastest."""

import os
import subprocess
import sys
import time

from neuralblog_site.environment import ROOT

PYTHON = ["src", "tests", "scripts", "benchmarks", "figures", "conftest.py"]
COVERED = ["--cov=src/neuralblog", "--cov-branch", "--cov-fail-under=100"]
STEPS = {
    "style": ["ruff", "check", *PYTHON],
    "format": ["ruff", "format", "--check", *PYTHON],
    "types": ["mypy"],
    "posts": ["neuralblog_site", "check"],
    "site": ["neuralblog_site", "build", "--out", "build/site"],
    "site with the other builder": ["neuralblog_site", "build-zensical"],
    "tests": ["pytest", "-n", "2", "--dist", "worksteal", *COVERED],
}


def run(pytest: list[str]) -> int:
    """Run every step to its end, then tell which failed; 0 if none did."""
    failed = []
    for name, (tool, *arguments) in STEPS.items():
        print(f"\n== {name}", flush=True)
        start = time.monotonic()
        if tool == "pytest" and pytest:  # what was asked for, and no more
            arguments = pytest
        command = [sys.executable, "-m", tool, *arguments]
        environment = os.environ | {"NEURALBLOG_BUILT": "1"}
        if subprocess.run(command, cwd=ROOT, env=environment).returncode:
            failed.append(name)
        print(f"   {name}: {time.monotonic() - start:.0f} s", flush=True)
    if failed:
        print(f"\nNot green: {', '.join(failed)}")
    return 1 if failed else 0
