"""What holds for every explorable without a browser."""

import json
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from neuralblog_site.inpage import catalog
from neuralblog_site.project.places import ROOT

# Other functions of the module answer these, and its own test asks them.
ASIDE = {("convolution", "picture"), ("gradients", "bug")}
EACH = pytest.mark.parametrize("name", catalog.names())


def test_there_are_some() -> None:
    assert "network" in catalog.names()


@EACH
def test_one_name_is_found_in_three_files(name: str) -> None:
    assert callable(catalog.module(name).answer)
    assert (ROOT / "tests/inpage/explorables" / f"test_{name}.py").is_file()


@EACH
def test_it_is_small(name: str) -> None:
    script = catalog.SCRIPTS / f"{name}.js"
    assert len(script.read_text("utf-8").splitlines()) <= 150
    assert len(catalog.file(name)) <= 30_000


@EACH
def test_the_table_holds_what_the_functions_give(name: str) -> None:
    its, file = catalog.module(name), json.loads(catalog.file(name))
    first = file["table"]["answer"][0][1]
    for function, rows in file["table"].items():
        assert rows
        for given, facts in rows:
            whole = function == "answer"
            told = {**its.STATE, **given} if whole else given
            expected = getattr(its, function)(**told)
            assert ({**first, **facts} if whole else facts) == expected


@EACH
def test_every_state_of_the_table_is_within_the_limits(name: str) -> None:
    file = json.loads(catalog.file(name))

    def numbers(value: object) -> list[float]:
        if isinstance(value, list):
            return [number for one in value for number in numbers(one)]
        return [value] if isinstance(value, int | float) else []

    for given, _ in file["table"]["answer"]:
        for key, value in {**file["state"], **given}.items():
            limits = file["limits"].get(key)
            if isinstance(value, str):
                assert limits is None or value in limits
            elif limits is not None:
                assert all(limits[0] <= n <= limits[1] for n in numbers(value))


@EACH
def test_every_answer_has_a_sentence_and_the_same_facts(name: str) -> None:
    file = json.loads(catalog.file(name))
    first = file["table"]["answer"][0][1]
    sentences = {
        facts.get("told", first["told"]) for _, facts in file["table"]["answer"]
    }
    assert all(text.endswith((".", "!", "?")) for text in sentences)
    assert len(sentences) > 1, "the sentence says nothing of the state"


def anything(like: Any, limits: Any, rng: np.random.Generator, most: int = 0) -> Any:
    """A value that a reader can set, by hand or in the address."""
    if isinstance(like, list):
        kinds = [like[0]] * int(rng.integers(most + 1)) if most else like
        return [anything(kind, limits, rng) for kind in kinds]
    if isinstance(like, bool):
        return bool(rng.integers(2))
    if isinstance(like, str):
        return str(rng.choice(limits)) if limits else like
    low, high, step = limits
    step = step or (high - low) / 100  # any number
    return min(high, low + step * int(rng.integers(round((high - low) / step) + 1)))


@EACH
def test_whatever_is_set_is_answered_or_refused_in_its_own_words(name: str) -> None:
    its, rng = catalog.module(name), np.random.default_rng(0)
    free = getattr(its, "FREE", {})
    slow = name in ("training", "generalization", "points")
    told_by = {"explorables"}
    for _ in range(4 if slow else 60):
        state = {
            key: anything(like, its.LIMITS.get(key), rng, free.get(key, 0))
            for key, like in its.STATE.items()
        }
        try:
            its.answer(**state)
        except ValueError as refused:
            [*_, frame] = traceback.extract_tb(refused.__traceback__)
            told_by.add(Path(frame.filename).parent.name)
    assert told_by == {"explorables"}


@EACH
def test_each_choice_of_the_first_state_shows_something_else(name: str) -> None:
    its = catalog.module(name)
    for key, choices in its.LIMITS.items():
        if not isinstance(its.STATE.get(key), str) or (name, key) in ASIDE:
            continue
        made = []
        for choice in choices:
            facts = its.answer(**{**its.STATE, key: choice})
            assert facts not in made, (key, choice)
            made.append(facts)


@EACH
def test_the_element_shows_a_described_picture(name: str) -> None:
    shown = catalog.element(name)
    assert 'role="img" aria-label="' in shown and "<figcaption>" in shown
    assert len(shown) <= 60_000


def test_the_page_needs_no_matplotlib_for_them() -> None:
    code = "import sys\nfrom neuralblog_site.inpage import catalog\n"
    code += "for name in catalog.names(): its = catalog.module(name); its.answer(**its.STATE)\n"
    code += "assert 'matplotlib' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
