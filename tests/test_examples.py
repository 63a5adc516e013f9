"""The examples in docstrings show what comes out."""

import doctest
import importlib

import numpy as np
import pytest

import neuralblog
from tests.test_neuralblog import MODULES

NAMES = {name: getattr(neuralblog, name) for name in neuralblog.__all__} | {"np": np}
FOUND = [
    example
    for module in MODULES
    for example in doctest.DocTestFinder().find(
        importlib.import_module(f"neuralblog.{module}"), globs=dict(NAMES)
    )
    if example.examples
]


@pytest.mark.parametrize("example", FOUND, ids=[example.name for example in FOUND])
def test_an_example_is_true(example: doctest.DocTest) -> None:
    told: list[str] = []
    doctest.DocTestRunner().run(example, out=told.append)
    assert not told, "".join(told)


def test_there_are_examples_of_all_kinds() -> None:
    modules = {example.name.split(".")[1] for example in FOUND}
    assert {"activations", "layers", "network", "losses", "training"} <= modules
