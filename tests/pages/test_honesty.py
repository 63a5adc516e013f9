"""The pages cannot lie: break the library or a page a little, and a post turns red.

Each case is a copy of the project with one small change, tested as `make test` does.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from neuralblog_site.project.places import ROOT

POST = "docs/posts/activations.md"
LAB = "docs/labs/lottery.md"
LIBRARY = "src/neuralblog/activations.py"
RELU = "    return np.clip(z, 0, np.inf)"
SLOPE = "@relu.has_derivative\ndef _(z: Array) -> Array:\n    return (z > 0)"
CHANGES = {
    "relu is 1 % too large": (LIBRARY, RELU, "    return 1.01 * np.maximum(z, 0)"),
    "relu leaks 1 % below zero": (LIBRARY, RELU, "    return np.maximum(z, 0.01 * z)"),
    "relu has a wrong slope": (LIBRARY, SLOPE, SLOPE.replace("z > 0", "z > -1")),
    "the page has a wrong digit": (POST, "softplus    0.6444", "softplus    0.6445"),
}


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in ("src", "docs/posts", "docs/labs"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=shutil.ignore_patterns("__pycache__", "*.npz"),
        )
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def run_page(folder: Path, page: str = POST) -> tuple[int, str]:
    environment = os.environ | {"PYTHONPATH": str(folder / "src")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", page]
    run = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True
    )
    return run.returncode, run.stdout + run.stderr


def test_the_copy_is_green_as_it_is(copied: Path) -> None:
    code, output = run_page(copied)
    assert code == 0, output


@pytest.mark.parametrize("change", CHANGES)
def test_a_small_lie_turns_the_post_red_at_its_line(copied: Path, change: str) -> None:
    name, right, wrong = CHANGES[change]
    source = (copied / name).read_text(encoding="utf-8")
    assert source.count(right) == 1
    (copied / name).write_text(source.replace(right, wrong), encoding="utf-8")
    code, output = run_page(copied)
    assert code == 1, output
    lines = (copied / POST).read_text(encoding="utf-8").splitlines()
    told = re.findall(rf"^{POST}:(\d+): (SN\d\d) ", output, re.MULTILINE)
    assert told, output
    blocks = [line for line, code in told if code == "SN07"]
    for line in blocks:  # an output is told at a line of an expected output
        above = lines[: int(line) - 1]
        fence = max(n for n, text in enumerate(above) if text.strip() == "```text")
        assert "```" not in "".join(lines[fence + 1 : int(line)])
    if name == POST:
        wanted = next(n for n, text in enumerate(lines, 1) if text.startswith(wrong))
        assert str(wanted) in blocks


def test_a_false_claim_in_the_last_cells_of_a_lab_turns_it_red(copied: Path) -> None:
    text = (copied / LAB).read_text(encoding="utf-8")
    claim = next(
        line for line in text.splitlines() if line.startswith("assert") and "36" in line
    )
    (copied / LAB).write_text(text.replace(claim, claim.replace("36", "37")), "utf-8")
    code, output = run_page(copied, LAB)
    line = text.splitlines().index(claim) + 1
    assert code == 1
    assert f"{LAB}:{line}: SN06 raises AssertionError" in output
