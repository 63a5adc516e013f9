"""What is too slow for every change: `make slow`, which a weekly job runs.

Each snippet as a reader has it, copied alone into an empty folder beside the installed
wheel; all of them in another order, on an older CPU, with another BLAS kernel; and the
whole site built twice, in two folders, which must give the same bytes. Then a thousand
random inputs for every layer of the library, every snippet in the page, also those that
train, every page's colors, and how soon each explorable answers a touch.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from neuralblog_site.project.install import python
from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import Problem
from neuralblog_site.project.wheel import build_wheel
from neuralblog_site.rules.check import other_settings
from neuralblog_site.running.results import WORKERS, Execution
from neuralblog_site.running.sandbox import ONE_THREAD
from neuralblog_site.sources.site import Site
from neuralblog_site.sources.snippets import Snippet

SEED = 20261122
MADE = {".venv", ".cache", "build", "site"}  # here, and not part of the project
LIVE = ("live_snippets", "exercises", "access", "kit")
WITH_SLOW = ["test_random_cases"]
WITH_SLOW += [f"browser/test_{name}" for name in LIVE]
BUILD = "from neuralblog_site.cli import main; main(['build'])"


def copied_alone(snippets: Iterable[Snippet]) -> list[Problem]:
    """Run each in a fresh interpreter, in an empty folder, with the wheel."""
    with tempfile.TemporaryDirectory() as folder:
        installed = Path(folder, "installed")
        wheel = build_wheel(Path(folder))
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", str(installed), str(wheel)], check=True)
        with ThreadPoolExecutor(WORKERS) as pool:
            found = pool.map(lambda snippet: list(_alone(snippet, installed)), snippets)
            return sorted(problem for problems in found for problem in problems)


def _alone(snippet: Snippet, installed: Path) -> Iterator[Problem]:
    environment = {k: v for k, v in os.environ.items() if k != "DISPLAY"}
    environment |= dict.fromkeys(ONE_THREAD, "1")
    environment |= {"PYTHONPATH": str(installed), "MPLBACKEND": "agg"}
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "snippet.py")
        program.write_text(snippet.code, encoding="utf-8")
        run = subprocess.run(
            [sys.executable, "-W", "error", str(program)],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=4 * snippet.limit,
        )
        left = sorted(path.name for path in Path(folder).iterdir() if path != program)
    if run.returncode:
        what = f"copied alone, it stops: {run.stderr.strip().splitlines()[-1]}"
        yield Problem(snippet.path, snippet.line, "SN06", what, "let it stand alone")
    elif run.stdout != (snippet.expected or ""):
        what = "copied alone, it prints something else"
        yield Problem(snippet.path, snippet.line, "SN07", what, "let it stand alone")
    if left:
        what = f"copied alone, it leaves {', '.join(left)}"
        yield Problem(snippet.path, snippet.line, "SN16", what, "write to io.BytesIO")


def elsewhere(snippets: list[Snippet]) -> list[Problem]:
    """Run all of them in another order, in parallel, as on an older machine."""
    shuffled = random.Random(SEED).sample(snippets, len(snippets))
    with (
        tempfile.TemporaryDirectory() as cache,
        Execution(Path(cache), environment=other_settings()) as execution,
    ):
        return execution.verify(shuffled)


def built_twice() -> tuple[int, list[str]]:
    """Build copies in two folders, with nothing kept from before, in two time zones.

    Gives back the number of files, and the names of those that differ.
    """
    with tempfile.TemporaryDirectory() as folder:
        here = build_copy(ROOT, Path(folder, "here"), "Pacific/Honolulu")
        there = build_copy(ROOT, Path(folder, "and", "there"), "Asia/Tokyo")
    return len(here | there), differing(here, there)


def build_copy(root: Path, folder: Path, zone: str) -> dict[str, bytes]:
    """The files of the site, built from a copy of the project in another folder."""

    def made(inside: str, names: list[str]) -> set[str]:
        return MADE & set(names) if Path(inside) == root else set()

    shutil.copytree(root, folder, ignore=made)
    environment = {k: v for k, v in os.environ.items() if k != "NEURALBLOG_CACHE"}
    environment |= {"PYTHONPATH": str(folder / "src"), "TZ": zone}
    environment |= {"SOURCE_DATE_EPOCH": "1577836800"}
    command = [sys.executable, "-c", BUILD]
    subprocess.run(command, cwd=folder, env=environment, check=True)
    return contents(folder / "site")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> list[str]:
    """Names of files that only one has, or that differ."""
    return sorted(name for name in one | other if one.get(name) != other.get(name))


def whole_tests(root: Path = ROOT, names: Iterable[str] = WITH_SLOW) -> int:
    """Run whole what `make test` runs in part; 0 if all of it passed."""
    files = [f"tests/{name}.py" for name in names]
    whole = {"SLOW": "1", "LIVE": "1"}
    return python("-m", "pytest", "-q", "--no-cov", *files, cwd=root, **whole)


def run() -> int:
    """The command: print what is wrong, and how much was tried; 1 if anything is."""
    snippets, problems = Site(ROOT).snippets(), []
    for name, trial in (("copied alone", copied_alone), ("elsewhere", elsewhere)):
        found = trial(snippets)
        problems += found
        print(*found, sep="\n", end="\n" if found else "")
        print(f"{name}: {len(snippets)} snippets, {len(found)} to mend.", flush=True)
    n_files, differ = built_twice()
    for name in differ:
        print(f"{name}: two builds differ")
    print(f"built twice: {n_files} files, {len(differ)} to mend.", flush=True)
    failed = whole_tests()
    return 1 if problems or differ or failed else 0
