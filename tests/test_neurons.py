"""One neuron: the worked examples of its post, and its limits."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.activations import relu, sigmoid
from neuralblog.neurons import McCullochPitts, Neuron, Perceptron

CORNERS = [[0, 0], [0, 1], [1, 0], [1, 1]]


def test_mcculloch_pitts_counts():
    np.testing.assert_array_equal(McCullochPitts(2)(CORNERS), [0, 0, 0, 1])  # and
    np.testing.assert_array_equal(McCullochPitts(1)(CORNERS), [0, 1, 1, 1])  # or
    assert McCullochPitts(0)([0, 0]) == 1
    assert repr(McCullochPitts(2)) == "McCullochPitts(2)"


def test_one_inhibitor_is_a_veto():
    neuron = McCullochPitts(1)
    assert neuron([1, 1, 1], [0]) == 1
    assert neuron([1, 1, 1], [1]) == 0
    assert neuron([1, 1, 1], [0, 1]) == 0
    np.testing.assert_array_equal(neuron(np.ones((2, 3)), [[0, 0], [1, 0]]), [1, 0])
    assert McCullochPitts(0)([], [1]) == 0  # not


@pytest.mark.parametrize("inputs", [([2], []), ([1], [0.5]), ([-1], [])])
def test_mcculloch_pitts_knows_yes_and_no_only(inputs):
    with pytest.raises(ValueError, match="expected 0 or 1"):
        McCullochPitts(1)(*inputs)


def test_the_worked_example():
    x = [0.5, -1, 2]
    w, b = [0.8, 0.4, -0.3], 0.5
    assert Neuron(w, b).weighted_sum(x) == pytest.approx(-0.1)
    assert Neuron(w, b)(x) == 0
    assert Neuron(w, b, activation=sigmoid)(x) == pytest.approx(0.475, abs=5e-4)
    assert Neuron(w, b, activation=relu)(x) == 0


def test_many_inputs_at_once():
    neuron = Neuron([1.0, 2.0], -1.0, activation=relu)
    np.testing.assert_array_equal(neuron(CORNERS), [0, 1, 0, 2])
    assert neuron([1, 1]).shape == ()
    assert neuron(np.zeros((0, 2))).shape == (0,)


def test_the_weights_are_a_copy():
    w = np.ones(2)
    neuron = Perceptron(2)
    neuron.w = w
    other = Neuron(w)
    w[0] = 5
    assert other.w[0] == 1


@pytest.mark.parametrize("x", [[1.0, 2.0, 3.0], [[1.0]], 1.0])
def test_another_number_of_features_is_refused(x):
    with pytest.raises(
        ValueError, match=r"Neuron\(2 weights\): x has .* expected \(.*2,?\)$"
    ):
        Neuron([1.0, 2.0])(x)


def test_the_perceptron_learns_and_in_six_passes():
    perceptron = Perceptron(2)
    mistakes = perceptron.fit(CORNERS, [0, 0, 0, 1])
    assert mistakes == [1, 3, 3, 2, 1, 0]
    assert perceptron.w.tolist() == [2, 1]
    assert perceptron.b == -2
    np.testing.assert_array_equal(perceptron(CORNERS), [0, 0, 0, 1])
    assert perceptron.fit(CORNERS, [0, 0, 0, 1]) == [0]


def test_the_perceptron_never_learns_xor():
    mistakes = Perceptron(2).fit(CORNERS, [0, 1, 1, 0], passes=1000)
    assert len(mistakes) == 1000
    assert mistakes[-1] == 4


@pytest.mark.parametrize("targets", list(product([0, 1], repeat=4)))
def test_the_perceptron_learns_all_two_input_functions_but_two(targets):
    mistakes = Perceptron(2).fit(CORNERS, targets)
    assert (mistakes[-1] == 0) == (targets not in {(0, 1, 1, 0), (1, 0, 0, 1)})


@settings(max_examples=20, derandomize=True, deadline=None)
@given(seed=st.integers(0, 1000), n=st.integers(1, 30))
def test_what_a_line_separates_is_learned(seed, n):
    rng = np.random.default_rng(seed)
    w = rng.standard_normal(3)
    x = rng.uniform(-1, 1, (n, 3))
    x = x[np.abs(x @ w) > 0.2]  # a margin bounds the number of mistakes
    y = (x @ w > 0).astype(int)
    before = x.copy()
    perceptron = Perceptron(3)
    assert perceptron.fit(x, y, passes=2000)[-1] == 0
    np.testing.assert_array_equal(perceptron(x), y)
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize("targets", [[0, 1, 1], [0, 1, 1, 2], [[0, 1, 1, 0]]])
def test_wrong_targets_are_refused(targets):
    with pytest.raises(ValueError, match=r"expected \(4,\) of 0 or 1"):
        Perceptron(2).fit(CORNERS, targets)


def test_ragged_lists_are_refused_in_our_words():
    for call in (
        lambda: Neuron([1, 2])([[1, 2], [3]]),
        lambda: McCullochPitts(1)([[1], [1, 0]]),
        lambda: Perceptron(2).fit([[0, 1], [1]], [0, 1]),
    ):
        with pytest.raises(ValueError, match="has rows of unequal length, expected"):
            call()
