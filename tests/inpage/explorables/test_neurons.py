"""The line: what it says is the library's, and its moves are the perceptron's."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from neuralblog import Neuron, Perceptron
from neuralblog_site.inpage.explorables import neurons

ZEROS = {**neurons.STATE, "w": [0.0, 0.0], "b": 0.0}


def moves(state: dict[str, Any], most: int = 60) -> list[dict[str, Any]]:
    """The states after each mistake, until none is left."""
    found = [state]
    while len(found) <= most:
        after = neurons.mistake(**found[-1])["state"]
        if after is None:
            break
        found.append({**found[-1], **after})
    return found


def test_from_zeros_to_and_as_in_the_post() -> None:
    way = moves(ZEROS)
    assert len(way) - 1 == 10  # mistakes
    assert (way[-1]["w"], way[-1]["b"]) == ([2, 1], -2)
    assert neurons.answer(**way[-1])["told"] == (
        "With w = (2, 1) and b = −2, all four corners are right."
    )


@pytest.mark.parametrize("wanted", list(product([False, True], repeat=4)))
def test_it_ends_where_the_library_s_perceptron_ends(wanted: tuple[bool, ...]) -> None:
    way = moves({**ZEROS, "wanted": list(wanted)})
    perceptron = Perceptron(2)
    mistakes = perceptron.fit(neurons.CORNERS, np.array(wanted, int))
    parted = mistakes[-1] == 0
    facts = neurons.answer(**way[-1])
    assert ("No straight line" in facts["told"]) == (not parted)
    if parted:
        assert len(way) - 1 == sum(mistakes)
        assert way[-1]["w"] == perceptron.w.tolist()
        assert all(facts["right"])


@pytest.mark.parametrize("seed", range(20))
def test_line_and_area_are_where_the_sum_says(seed: int) -> None:
    rng = np.random.default_rng(seed)
    w, b = rng.uniform(-2, 2, 2), rng.uniform(-1, 1)
    facts = neurons.answer(w, b, [True] * 4, 0)
    neuron = Neuron(w, b)
    np.testing.assert_allclose(neuron.weighted_sum(facts["line"]), 0, atol=0.01)
    assert (neuron.weighted_sum(np.reshape(facts["area"], (-1, 2))) > -0.01).all()
    np.testing.assert_allclose(
        facts["z"], neuron.weighted_sum(neurons.CORNERS), atol=0.006
    )
    assert facts["yes"] == (neuron(neurons.CORNERS) > 0).tolist()


def test_without_weights_there_is_no_line() -> None:
    facts = neurons.answer(**ZEROS)
    assert facts["line"] == [] and facts["area"] == []
    assert "there is no line: always no. 11 is wrong." in facts["told"]


def test_a_move_out_of_the_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="would leave the picture"):
        neurons.mistake([3.5, 0.0], -4.0, [False, False, True, True], 2)
