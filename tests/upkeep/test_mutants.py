"""mutmut sees every function: a decorator is written as a call, and means the same."""

from pathlib import Path
from types import ModuleType

import numpy as np

from neuralblog import activations
from neuralblog.activations import Activation
from neuralblog_site.project.places import ROOT
from neuralblog_site.upkeep.mutants import undecorated


def module(name: str, source: str) -> ModuleType:
    """A module made from a source."""
    made = ModuleType(name)
    made.__dict__["__file__"] = str(ROOT / "src" / "neuralblog" / "made.py")
    exec(compile(source, name, "exec"), made.__dict__)
    return made


def test_a_decorator_becomes_a_call() -> None:
    source = "def twice(f):\n    return lambda: 2 * f()\n\n"
    source += "@twice\n@twice\ndef one():\n    return 1\n"
    plain = undecorated(source)
    assert "@" not in plain
    assert module("plain", plain).one() == module("decorated", source).one() == 4


def test_a_broken_function_remembers_nothing_of_the_whole_one() -> None:
    source = "from functools import lru_cache\n\n@lru_cache\ndef one():\n    return 1\n"
    assert not hasattr(module("plain", undecorated(source)).one, "cache_info")


def test_the_library_means_the_same() -> None:
    source = (ROOT / "src/neuralblog/activations.py").read_text(encoding="utf-8")
    plain = module("plain", undecorated(source))
    z = np.linspace(-3, 3, 13)
    names = [n for n, f in vars(activations).items() if isinstance(f, Activation)]
    assert len(names) >= 9
    for name in names:
        ours, same = getattr(activations, name), getattr(plain, name)
        np.testing.assert_array_equal(same(z), ours(z))
        np.testing.assert_array_equal(same.derivative(z), ours.derivative(z))


def test_every_equivalent_mutant_has_a_reason() -> None:
    text = Path(ROOT, "checks", "equivalents.txt").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row and not row.startswith("#")]
    assert all(len(row.split()) > 3 and "__mutmut_" in row for row in rows)
