"""What is too slow for every change: `make slow`, which a weekly job runs.

Each snippet as a reader has it, copied alone into an empty folder beside the installed
wheel; and all of them in another order, on an older CPU, with another BLAS kernel.
"""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from neuralblog_site.check import other_settings
from neuralblog_site.environment import ROOT
from neuralblog_site.execution import WORKERS, Execution
from neuralblog_site.problems import Problem
from neuralblog_site.rules.page import Site
from neuralblog_site.sandbox import ONE_THREAD
from neuralblog_site.snippets import Snippet
from neuralblog_site.wheel import build_wheel

SEED = 20261122


def all_snippets(root: Path = ROOT) -> list[Snippet]:
    """Every snippet that stands alone."""
    pages = map(Site(root).page, Site(root).sources())
    return [s for page in pages if page.kind != "lab" for s in page.snippets]


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
            check=False,
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
    with tempfile.TemporaryDirectory() as cache:
        execution = Execution(Path(cache), environment=other_settings())
        try:
            return execution.verify(shuffled)
        finally:
            execution.close()


def run() -> int:
    """The command: print what is wrong, and how much was tried; 1 if anything is."""
    snippets, problems = all_snippets(), []
    for name, trial in (("copied alone", copied_alone), ("elsewhere", elsewhere)):
        found = trial(snippets)
        problems += found
        print(*found, sep="\n", end="\n" if found else "")
        print(f"{name}: {len(snippets)} snippets, {len(found)} to mend.", flush=True)
    return 1 if problems else 0
