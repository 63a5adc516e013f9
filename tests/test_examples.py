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


WITHOUT = {  # what others are made of, and what functions give back
    *("Layer", "Loss", "Optimizer", "Target", "GradientReport", "DescentReport"),
    *("KERNELS", "datasets"),
}


def test_every_public_name_has_an_example() -> None:
    named = {
        example.name.split(".")[2] for example in FOUND if example.name.count(".") > 1
    }
    assert set(neuralblog.__all__) - named == WITHOUT
