"""The packages of the site import in one direction, and its map leads somewhere."""

import ast
import re
from pathlib import Path

import pytest

from neuralblog_site.project.places import ROOT

SITE = ROOT / "src" / "neuralblog_site"
BELOW = {  # a package, and what it may import
    "project": "",
    "sources": "project",
    "running": "project sources",
    "rules": "project sources running",
    "inpage": "project sources running",
    "pages": "project sources running inpage",
    "upkeep": "project sources running rules inpage pages",
}


def upward(source: str, package: str) -> list[str]:
    """The packages that a module of this one imports, and may not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "write imports in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        found += [n.split(".")[1] for n in names if n.startswith("neuralblog_site.")]
    return sorted(set(found) - {package, *BELOW[package].split()})


@pytest.mark.parametrize("package", BELOW)
def test_no_import_leads_up(package: str) -> None:
    for path in (SITE / package).rglob("*.py"):
        assert upward(path.read_text(encoding="utf-8"), package) == [], path


def test_every_module_is_in_a_package() -> None:
    assert {path.name for path in SITE.iterdir() if path.name != "__pycache__"} == {
        *BELOW,
        *("__init__.py", "__main__.py", "cli.py", "README.md"),
    }


@pytest.mark.parametrize(
    ("package", "line", "told"),
    [
        ("rules", "from neuralblog_site.inpage import session", ["inpage"]),
        ("running", "def f():\n    from neuralblog_site import pages", ["pages"]),
        ("sources", "import neuralblog_site.rules.check", ["rules"]),
        ("upkeep", "from neuralblog_site.cli import main", ["cli"]),
        ("pages", "from neuralblog_site.running import svg", []),
    ],
)
def test_a_planted_import_is_seen(package: str, line: str, told: list[str]) -> None:
    assert upward(line, package) == told


def test_every_path_of_the_map_exists() -> None:
    text = (SITE / "README.md").read_text(encoding="utf-8")
    paths = set(re.findall(r"`([^\s`]+(?:/|\.\w+)[^\s`]*)`", text))
    assert len(paths) > 20
    assert not {p for p in paths if not any(map(Path.exists, (SITE / p, ROOT / p)))}
    assert len(text.splitlines()) <= 60
