"""What many tests need: a small site to break, and the real one from both builders.

`make test` builds the real one before the tests start.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from neuralblog_site.pages.build import build_site, build_with_zensical
from neuralblog_site.project.places import ROOT
from neuralblog_site.project.problems import Problem
from neuralblog_site.rules import RULES
from neuralblog_site.rules.check import check, check_folder, other_machine
from neuralblog_site.running.results import Execution
from neuralblog_site.sources.site import Site

GOOD = Path(__file__).with_name("good.txt").read_text(encoding="utf-8")

settings.register_profile("same-every-time", derandomize=True, deadline=None)
settings.load_profile("same-every-time")


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the site as MkDocs builds it."""
    return _built(ROOT / "build" / "site", build_site)


@pytest.fixture(scope="session")
def built_with_zensical() -> Path:
    """The folder of the site as Zensical builds it."""
    return _built(ROOT / "build" / "zensical", build_with_zensical)


def _built(out: Path, build: object) -> Path:
    if "NEURALBLOG_BUILT" not in os.environ:
        assert callable(build)
        build(out)
    return out


class Tree:
    """The folder of the small site."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("mkdocs.yml", "checks"):
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
            copy(ROOT / name, root / name)
        self.write("docs/.authors.yml", "authors:\n  neuralblog: {name: We}\n")
        self.write("docs/glossary.md", "# Glossary\n\n## ReLU {#relu}\n\nA hinge.\n")
        self.write("docs/assets/images/neuron.svg", "<svg/>")
        self.write("docs/posts/good.md", GOOD)
        (root / "src").symlink_to(ROOT / "src")

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file, and the folders above it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
        return path

    def check(
        self,
        name: str = "docs/posts/good.md",
        here: Execution | None = None,
        elsewhere: Execution | None = None,
        without: str = "",
    ) -> list[Problem]:
        """What is wrong with one page, all rules applied but one."""
        site = Site(self.root)
        rules = {code: rule for code, rule in RULES.items() if code != without}
        return check([site.page(self.root / name)], here, elsewhere, rules).problems

    def check_folder(self) -> list[Problem]:
        """What is wrong with the files around the pages."""
        return list(check_folder(Site(self.root)))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


@pytest.fixture(scope="module")
def runs(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Execution, Execution]]:
    """Where snippets run: here, and as on another machine."""
    here, elsewhere = Execution(tmp_path_factory.mktemp("here")), other_machine()
    elsewhere.cache = tmp_path_factory.mktemp("elsewhere")
    yield here, elsewhere
    here.close()
    elsewhere.close()
