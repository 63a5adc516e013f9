"""Breaks the library in sampled ways, and counts who notices: `make mutants`.

mutmut makes the broken versions and runs the tests on each, in a copy of the project:
once with the posts alone, once with all tests of the library. mutmut leaves decorated
functions as they are, so in the copy their decorators become calls.
"""

import ast
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from neuralblog_site.project.install import python
from neuralblog_site.project.places import ROOT
from neuralblog_site.running.sandbox import ONE_THREAD
from neuralblog_site.sources.library_code import LIBRARY
from neuralblog_site.sources.site import Site

SEED, SAMPLE = 20261122, 200
EXCUSED = 0.05  # of a sample may be named as equivalent
KILLED = {1, 3, 24, 36, 152, 255, -9, -11, -24}  # failed, or stopped, or never ended
NEEDED = ("docs/assets/css", "docs/posts", "scripts", "tests", "src/neuralblog")
SETTINGS = """\
[tool.mutmut]
source_paths = ["src/"]
only_mutate = [{modules}]
also_copy = ["docs", "scripts", "tests"]
pytest_add_cli_args = ["--codeblocks", "-x", "-p", "no:cacheprovider"]
pytest_add_cli_args_test_selection = [{tests}]

[tool.pytest.ini_options]
addopts = ["--import-mode=importlib"]
filterwarnings = ["ignore"]
"""


def undecorated(source: str) -> str:
    """The same program, with `@d` above a function written as a call below it."""
    tree = ast.parse(source)
    body: list[ast.stmt] = []
    for number, node in enumerate(tree.body):
        body.append(node)
        if not isinstance(node, ast.FunctionDef) or not node.decorator_list:
            continue
        if node.name == "_":
            node.name = f"_function_{number}"
        call: ast.expr = ast.Name(node.name, ast.Load())
        for decorator in reversed(node.decorator_list):
            if ast.unparse(decorator) == "lru_cache":
                continue  # it remembers what the whole function said
            call = ast.Call(decorator, [call], [])
        node.decorator_list = []
        body.append(ast.Assign([ast.Name(node.name, ast.Store())], call))
    tree.body = body
    return ast.unparse(ast.fix_missing_locations(tree))


def survivors(modules: list[str], tests: list[str]) -> tuple[list[str], list[str]]:
    """Break the modules in sampled ways: what was tried, and what nobody noticed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in NEEDED:
            ignored = shutil.ignore_patterns("__pycache__", "rules", "site", "browser")
            shutil.copytree(ROOT / name, copy / name, ignore=ignored)
        for module in modules:
            path = copy / "src" / "neuralblog" / f"{module}.py"
            path.write_text(undecorated(path.read_text("utf-8")), encoding="utf-8")
        settings = SETTINGS.format(
            modules=", ".join(f'"src/neuralblog/{module}.py"' for module in modules),
            tests=", ".join(f'"{test}"' for test in tests),
        )
        (copy / "pyproject.toml").write_text(settings, encoding="utf-8")
        _mutmut(copy, "none-yet")  # writes the broken versions, learns who calls what
        names = sorted(_codes(copy))
        chosen = random.Random(SEED).sample(names, min(SAMPLE, len(names)))
        said = _mutmut(copy, *chosen)
        codes = _codes(copy)
        if not chosen or None in map(codes.get, chosen):
            sys.exit(f"{said[-2000:]}\nmutmut stopped: the copy is not green as it is")
        return chosen, [name for name in chosen if codes[name] not in KILLED]


def _mutmut(copy: Path, *names: str) -> str:
    """Run it on the mutants of these names; give back what it says."""
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1") | {"MPLBACKEND": "agg"}
    environment.pop("PYTHONPATH", None)
    command = [sys.executable, "-m", "mutmut", "run", *names]
    ended = subprocess.run(
        command, cwd=copy, env=environment, capture_output=True, text=True, check=False
    )
    return ended.stdout + ended.stderr


def _codes(copy: Path) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for path in copy.glob("mutants/src/neuralblog/*.meta"):
        found |= json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return found


def run() -> int:
    """The command: report how many the posts alone notice, and how many all tests do."""
    if python("-m", "pip", "install", "--quiet", "mutmut==3.8.1"):
        return 1  # nothing else needs it, so that it is not in the lock
    site = Site(ROOT)
    posts = [p.slug for p in site.posts() if (LIBRARY / f"{p.slug}.py").exists()]
    modules = sorted(p.stem for p in LIBRARY.glob("[a-z]*.py"))
    # those that change nothing, each with a reason
    equivalent = {row.split()[0] for row in site.words("equivalents")}
    status = 0
    trials = (
        ("the posts alone", posts, ["docs/posts"], 0.0),
        ("all tests", modules, ["docs/posts", "tests"], 0.97),
    )
    for who, broken, tests, wanted in trials:
        tried, unseen = survivors(broken, tests)
        unseen = [name for name in unseen if name not in equivalent]
        counted = [name for name in tried if name not in equivalent]
        excused = len(tried) - len(counted)
        share = 1 - len(unseen) / max(1, len(counted))
        print(*(f"  not noticed: {name}" for name in unseen), sep="\n")
        print(f"{who} notice {share:.0%} of {len(counted)} mutants; ", end="")
        print(f"{excused} more change nothing (at most {EXCUSED:.0%})", flush=True)
        too_many = excused > EXCUSED * len(tried)
        status |= share < wanted or len(tried) < SAMPLE or too_many
    return int(status)
