"""The library as a whole: small, flat, complete, and matched by posts and tests."""

import ast
import io
import re
import subprocess
import sys
import tokenize

import pytest

import neuralblog
from neuralblog_site.project.places import ROOT

LIBRARY = ROOT / "src" / "neuralblog"
MODULES = sorted(path.stem for path in LIBRARY.glob("[a-z]*.py"))
# one concept of the series: a post, a module and a test file, with the same stem
SERIES = [
    "spiking",
    "neurons",
    "activations",
    "network",
    "images",
    "losses",
    "optimizers",
    "backpropagation",
    "gradients",
    "training",
    "generalization",
    "convolution",
    "pooling",
    "windows",
    "cnn",
    "inspection",
]
WITHOUT_MODULE = {"generalization"}
WITHOUT_POST = {  # what several posts use
    "arrays": "arrays",
    "colors": "plotting",  # and the module whose test covers it, if not its own
    "datasets": "datasets",
    "diagrams": "plotting",
    "initializers": "initializers",
    "layers": "layers",
    "plotting": "plotting",
    "regularization": "regularization",
    "slopes": "gradients",
    "subjects": "gradients",
}
NOT_EXPORTED = {"arrays", "slopes", "subjects", "windows"}
DRAWING = {"colors", "diagrams", "plotting"}
NOT_YET_USED = ROOT / "tests" / "names_without_a_page.txt"  # may only shrink


def code_lines(source: str) -> set[int]:
    """The lines of code: no empty lines, comments or docstrings."""
    skip = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT}
    skip |= {tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in skip:
            lines |= set(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        body = getattr(node, "body", None)
        if isinstance(body, list) and body and isinstance(body[0], ast.Expr):
            first = body[0].value
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                lines -= set(range(body[0].lineno, (body[0].end_lineno or 0) + 1))
    return lines


def source(module: str) -> str:
    return (LIBRARY / f"{module}.py").read_text(encoding="utf-8")


def test_every_concept_has_its_module_and_every_module_its_place() -> None:
    assert set(MODULES) == (set(SERIES) - WITHOUT_MODULE) | set(WITHOUT_POST)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_test(module: str) -> None:
    stem = WITHOUT_POST.get(module, module)
    assert (ROOT / "tests" / f"test_{stem}.py").exists()


def test_posts_of_the_series_have_the_stems_of_modules() -> None:
    posts = {path.stem for path in (ROOT / "docs" / "posts").glob("*.md")}
    assert posts & (set(MODULES) - set(SERIES)) == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_module_fits_a_few_screens(module: str) -> None:
    assert len(code_lines(source(module))) <= 200


def test_the_library_stays_small() -> None:
    lines = {module: len(code_lines(source(module))) for module in MODULES}
    total = sum(n for module, n in lines.items() if module not in DRAWING)
    # a quarter of it refuses in plain words, and tells right gradients from wrong ones
    assert total < 2200, "what can go? see `Add a function` in CONTRIBUTING.md"


LONGER = {"Value": 80}  # all of backpropagation on one screen
CLASSES = [
    (module, node)
    for module in MODULES
    for node in ast.parse(source(module)).body
    if isinstance(node, ast.ClassDef)
]


@pytest.mark.parametrize(
    ("module", "node"), CLASSES, ids=[f"{m}.{n.name}" for m, n in CLASSES]
)
def test_a_class_fits_a_screen(module: str, node: ast.ClassDef) -> None:
    span = set(range(node.lineno, (node.end_lineno or 0) + 1))
    assert len(code_lines(source(module)) & span) <= LONGER.get(node.name, 44)


def test_the_package_exports_what_its_modules_export() -> None:
    exported = set(neuralblog.__all__)
    for module in MODULES:
        if module in DRAWING | NOT_EXPORTED:  # imported by their own names
            continue
        names = set(__import__(f"neuralblog.{module}", fromlist=["x"]).__all__)
        if module == "datasets":
            assert "datasets" in exported
        else:
            assert names - {"Array"} <= exported, module
    assert all(hasattr(neuralblog, name) for name in exported)


def test_help_reads_like_a_table_of_contents() -> None:
    told = neuralblog.__doc__ or ""
    table = told.split("explain them:")[1]
    rows = re.findall(r"^([a-z]+) +(.+)$", table, re.MULTILINE)
    listed = [name for name, _ in rows]
    assert [name for name in listed if name in SERIES] == [
        name for name in SERIES if name in MODULES
    ]
    for name, summary in rows:
        first = (ast.get_docstring(ast.parse(source(name))) or "").splitlines()[0]
        assert summary == first


def test_importing_it_imports_numpy_alone() -> None:
    look = "import sys, neuralblog; print(*sorted(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True
    )
    heavy = {"matplotlib", "tqdm", "urllib.request", "http.client", "ssl"}
    assert heavy & set(run.stdout.split()) == set()


def test_every_public_name_is_used_on_a_page() -> None:
    pages = [*ROOT.glob("docs/posts/*.md"), *ROOT.glob("docs/labs/*.md")]
    text = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    used = set(re.findall(r"\w+", code))
    not_used = sorted(name for name in neuralblog.__all__ if name not in used)
    waiting = NOT_YET_USED.read_text(encoding="utf-8").split()
    assert set(not_used) <= set(waiting), "a new name needs a post that uses it"
    assert set(waiting) <= set(not_used), "used now: take it off the list"
