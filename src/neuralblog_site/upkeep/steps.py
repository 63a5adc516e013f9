"""Everything that CI checks, in the order in which it fails fastest, two things at once.

A step that passed with exactly these files, this Python and these packages is not run
again; `FRESH=1` runs it all the same, and CI always does.
"""

import hashlib
import os
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain

from neuralblog_site.project.commit import git
from neuralblog_site.project.keeping import store
from neuralblog_site.project.places import KEPT, ROOT, STAMP

PYTHON = ["src", "tests", "scripts", "benchmarks", "figures", "conftest.py"]
# A browser waits for half of its time: two tests at once keep a core busy.
WORKERS = str(min(2 * (os.cpu_count() or 1), 8))
COVERED = ["--cov=src/neuralblog", "--cov-branch", "--cov-fail-under=100"]
COVERED += ["--cov-report=term-missing:skip-covered"]
STEPS = {
    "style": ["ruff", "check", *PYTHON],
    "format": ["ruff", "format", "--check", *PYTHON],
    "posts": ["neuralblog_site", "check", "--strict", "--here"],
    "types": ["mypy"],
    "labs and Python for the page": ["neuralblog_site", "prepare"],
    "site": ["neuralblog_site", "build", "--out", "build/site"],
    "site with the other builder": ["neuralblog_site", "build-zensical"],
    "tests": ["pytest", "-n", WORKERS, "--dist", "worksteal", *COVERED],
}
STAGES = [  # one after another; of each, what stands side by side runs side by side
    [["style", "format"]],
    [["posts"], ["types", "labs and Python for the page"]],
    [["site"], ["site with the other builder"]],
    [["tests"]],
]
CURES = {
    "style": ["ruff", "check", "--fix", *PYTHON],
    "format": ["ruff", "format", *PYTHON],
}
BUILT = {"site": "build/site", "site with the other builder": "build/zensical"}
PASSED = KEPT / "passed"


def run(pytest: list[str]) -> int:
    """Run every step to its end, then tell which failed; 0 if none did."""
    version = fingerprint()
    failed: list[str] = []
    for stage in STAGES:
        shown = len(stage) == 1  # of several, each is told when it has ended

        def lane(names: list[str], shown: bool = shown) -> list[str]:
            return [name for name in names if not _passes(name, version, pytest, shown)]

        with ThreadPoolExecutor(len(stage)) as pool:
            failed += chain(*pool.map(lane, stage))
    if failed:
        print(f"\nNot green: {', '.join(failed)}")
    for name in (step for step in CURES if step in failed):
        command = [os.path.relpath(sys.executable, ROOT), "-m", *CURES[name]]
        print(f"To mend {name}: {shlex.join(command)}")
    return 1 if failed else 0


def _passes(name: str, version: str, pytest: list[str], shown: bool) -> bool:
    """Run a step, unless it passed before with the same files."""
    tool, *arguments = STEPS[name]
    if tool == "pytest" and pytest:  # what was asked for, and no more
        arguments, version = pytest, ""
    print(f"\n== {name}" + ("" if shown else " ..."), flush=True)
    passed = PASSED / f"{name} {version}"
    there = (ROOT / BUILT.get(name, ".")).exists()
    if version and there and passed.exists():
        print(f"   {name}: passed before with these very files (FRESH=1 runs it again)")
        return True
    start = time.monotonic()
    run = subprocess.run(
        [sys.executable, "-m", tool, *arguments],
        cwd=ROOT,
        env=os.environ | {"NEURALBLOG_BUILT": "1", "LIVE": "1"},
        stdout=None if shown else subprocess.PIPE,
        stderr=None if shown else subprocess.STDOUT,
        text=True,
    )
    if not run.returncode and version and version == fingerprint():
        store(passed, b"")
    said = "" if shown else f"\n== {name}\n{run.stdout}"
    print(f"{said}   {name}: {time.monotonic() - start:.0f} s", flush=True)
    return not run.returncode


def fingerprint() -> str:
    """Names every file that git knows or could know; empty where nothing is reused."""
    if "CI" in os.environ or "FRESH" in os.environ:
        return ""
    which = ("--cached", "--others", "--exclude-standard")
    listed = git(ROOT, "ls-files", "-z", *which)
    if not listed or not STAMP.exists():
        return ""
    digest = hashlib.sha256(sys.version.encode() + STAMP.read_bytes())
    for name in sorted(filter(None, listed.split("\0"))):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b""
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    return digest.hexdigest()[:24]
