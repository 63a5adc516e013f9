"""Losses: worked values, measured slopes, the edges, and targets that don't fit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.activations import Sigmoid, sigmoid
from neuralblog.arrays import Array
from neuralblog.gradients import check_gradients
from neuralblog.losses import (
    BinaryCrossEntropy,
    Hinge,
    Huber,
    Loss,
    MeanSquaredError,
    SoftmaxCrossEntropy,
    Target,
)

LOSSES = {
    "mean squared error": MeanSquaredError(),
    "huber": Huber(delta=0.5),
    "hinge": Hinge(),
    "binary cross-entropy": BinaryCrossEntropy(),
    "softmax cross-entropy": SoftmaxCrossEntropy(),
}


def example(loss: Loss, shape: tuple[int, int], seed: int) -> tuple[Array, Target]:
    """Draw a prediction and a target that fit the loss."""
    rng = np.random.default_rng(seed)
    prediction = rng.standard_normal(shape)
    match loss:
        case SoftmaxCrossEntropy():
            return prediction, rng.integers(0, shape[1], shape[0])
        case BinaryCrossEntropy():
            return sigmoid(prediction), rng.integers(0, 2, shape)
        case Hinge():
            return prediction, rng.choice([-1, 1], shape)
        case _:
            return prediction, rng.standard_normal(shape)


@pytest.mark.parametrize("name", LOSSES)
@settings(derandomize=True, deadline=None, max_examples=15)
@given(shape=st.tuples(st.integers(1, 5), st.integers(1, 5)), seed=st.integers(0, 99))
def test_gradients(name: str, shape: tuple[int, int], seed: int) -> None:
    loss = LOSSES[name]
    report = check_gradients(loss, *example(loss, shape, seed), tolerance=1e-7)
    assert report.ok or (shape[1] == 1 and name == "softmax cross-entropy"), report


@pytest.mark.parametrize("name", LOSSES)
def test_a_step_against_the_gradient_lowers_the_loss(name: str) -> None:
    loss = LOSSES[name]
    prediction, target = example(loss, (4, 3), 0)
    lower = prediction - 1e-4 * loss.gradient(prediction, target)
    assert loss(lower, target) < loss(prediction, target)


@pytest.mark.parametrize("name", LOSSES)
def test_both_at_once_are_the_same_as_one_by_one(name: str) -> None:
    loss = LOSSES[name]
    prediction, target = example(loss, (4, 3), 0)
    value, dprediction = loss.with_gradient(prediction, target)
    assert value == loss(prediction, target)
    np.testing.assert_array_equal(dprediction, loss.gradient(prediction, target))


def test_three_classes_by_hand() -> None:
    loss = SoftmaxCrossEntropy()
    scores, label = np.array([[2.0, 1.0, 0.1]]), np.array([0])
    assert loss(scores, label) == pytest.approx(0.4170, abs=5e-5)
    gradient = loss.gradient(scores, label)
    np.testing.assert_allclose(gradient, [[-0.341, 0.242, 0.099]], atol=5e-4)
    assert gradient.sum() == pytest.approx(0)


def test_the_mean_squared_error_has_no_half() -> None:
    loss, w = MeanSquaredError(), np.array([[1.0, 4.0]])
    assert loss(w, np.array([[0, 1]])) == 5
    np.testing.assert_array_equal(loss.gradient(w, np.array([[0, 1]])), [[1, 3]])


def test_whole_numbers_are_not_cut_off() -> None:
    loss = MeanSquaredError()
    assert loss(np.array([1, 2]), np.array([1.5, 2])) == 0.125
    np.testing.assert_array_equal(
        loss.gradient(np.array([1, 2]), np.array([1.5, 2])), [-0.5, 0]
    )


def test_huber_is_a_parabola_and_then_a_line() -> None:
    loss = Huber()
    assert loss(np.array([0.5]), np.array([0.0])) == 0.125
    assert loss(np.array([3.0]), np.array([0.0])) == 2.5
    np.testing.assert_array_equal(loss.gradient(np.array([0.5]), np.zeros(1)), [0.5])
    np.testing.assert_array_equal(loss.gradient(np.array([-9.0]), np.zeros(1)), [-1])


def test_hinge_asks_for_a_margin_of_one() -> None:
    loss, target = Hinge(), np.array([1, 1, 1, -1])
    scores = np.array([2.0, 0.5, -1.0, -1.0])
    assert loss(scores, target) == (0 + 0.5 + 2 + 0) / 4
    np.testing.assert_array_equal(loss.gradient(scores, target), [0, -0.25, -0.25, 0])


@pytest.mark.parametrize("size", [1000.0, -1000.0])
def test_large_scores_stay_numbers(size: float) -> None:
    scores, label = np.array([[size, 0.0]]), np.array([0])
    loss = SoftmaxCrossEntropy()
    assert loss(scores, label) == max(-size, 0)
    assert np.isfinite(loss.gradient(scores, label)).all()
    for other in (MeanSquaredError(), Huber(), Hinge()):
        target = np.array([[1.0, -1.0]])
        assert np.isfinite(other(scores, target))
        assert np.isfinite(other.gradient(scores, target)).all()


def test_equal_scores_cost_the_log_of_the_number_of_classes() -> None:
    loss = SoftmaxCrossEntropy()
    assert loss(np.full((3, 10), 7.0), np.arange(3)) == pytest.approx(np.log(10))


def test_probabilities_of_zero_and_one() -> None:
    loss = BinaryCrossEntropy()
    prediction, right = np.array([0.0, 1.0]), np.array([0, 1])
    assert loss(prediction, right) == 0
    np.testing.assert_array_equal(loss.gradient(prediction, right), [0, 0])
    cost = (1 - np.log(np.finfo(float).tiny) + 1 + 53 * np.log(2)) / 2
    assert loss(prediction, 1 - right) == pytest.approx(cost)
    expected = [-(2.0**1022) / 2, 2.0**53 / 2]
    np.testing.assert_array_equal(loss.gradient(prediction, 1 - right), expected)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", LOSSES)
def test_loss_and_gradient_agree_also_where_they_are_cut_off(
    name: str, dtype: type
) -> None:
    """Between any two points the loss changes by the gradient in between."""
    loss, limits = LOSSES[name], np.finfo(dtype)
    if name == "softmax cross-entropy":
        for far in (1e3, 50, 1.0, -1.0, -50, -1e3):
            z = np.array([[far, 0]], dtype)
            step = np.array([[0.25, 0]], dtype)
            change = loss(z + step, [0]) - loss(z, [0])
            middle = loss.gradient(z + step / 2, [0])[0, 0]
            assert change == pytest.approx(0.25 * middle, rel=0.01, abs=1e-6)
        return
    if name == "binary cross-entropy":  # around 0, and the last steps before 1
        places = [(0.0, limits.tiny / 2), (limits.tiny, 1.01 * limits.tiny)]
        places += [(1e-30, 1.01e-30), (1e-13, 1.01e-13), (0.3, 0.301)]
        places += [(1 - limits.epsneg, 1.0), (0.99, 0.991)]
        targets = [0, 1]
    else:
        places = [(x, x + 0.001) for x in (-3, -1.0005, -0.0005, 0, 0.9995, 2.0, 1e3)]
        targets = [-1, 1]
    for a, b in places:
        for target in targets:
            p, y = np.array([a, b], dtype), np.array([target])
            change = loss(p[1:], y) - loss(p[:1], y)
            slopes = [loss.gradient(p[i : i + 1], y)[0] for i in (0, 1)]
            low, high = sorted(float(p[1] - p[0]) * float(slope) for slope in slopes)
            rounding = 4 * limits.eps * max(1.0, abs(loss(p[:1], y)))
            assert low - rounding <= change <= high + rounding, (a, b, target)


@pytest.mark.parametrize("z", [-700.0, -100.0, -30.0, -1.0, 2.0, 30.0])
def test_a_sure_and_wrong_sigmoid_is_pulled_back(z: float) -> None:
    """Through sigmoid, the slope along z is p - target, wherever p can say so."""
    loss, layer = BinaryCrossEntropy(), Sigmoid()
    p = layer.forward(np.array([[z]]))
    for target in (0.0, 1.0):
        dz = layer.backward(loss.gradient(p, [[target]]))
        expected = -sigmoid(-z) if target else sigmoid(z)
        np.testing.assert_allclose(dz, expected, rtol=1e-2)
    assert np.isfinite(dz).all()


@pytest.mark.parametrize("name", LOSSES)
def test_float32_predictions_get_float32_gradients(name: str) -> None:
    loss = LOSSES[name]
    prediction, target = example(loss, (4, 3), 0)
    prediction = prediction.astype(np.float32)
    assert loss.gradient(prediction, target).dtype == np.float32
    assert isinstance(loss(prediction, target), float)


@pytest.mark.parametrize("name", LOSSES)
def test_arguments_are_never_changed(name: str) -> None:
    loss = LOSSES[name]
    prediction, target = example(loss, (4, 3), 0)
    before = prediction.copy(), target.copy()
    loss(prediction, target)
    loss.gradient(prediction, target)[...] = 0
    np.testing.assert_array_equal(prediction, before[0])
    np.testing.assert_array_equal(target, before[1])


@pytest.mark.parametrize("name", LOSSES)
def test_a_column_is_no_row(name: str) -> None:
    """(N, 1) against (N,) would be broadcast to (N, N)."""
    loss = LOSSES[name]
    prediction, target = np.full((4, 1), 0.5), np.ones(4, int)
    if name == "softmax cross-entropy":
        prediction, target = target.astype(float), prediction
    for method in (loss, loss.gradient):
        with pytest.raises(ValueError, match=r"has shape \(4.*\), expected \("):
            method(prediction, target)


@pytest.mark.parametrize("name", LOSSES)
def test_an_empty_batch_has_no_mean(name: str) -> None:
    loss = LOSSES[name]
    target = np.zeros(0, int) if name == "softmax cross-entropy" else np.zeros((0, 2))
    for method in (loss, loss.gradient):
        with pytest.raises(ValueError, match=r"\(\): prediction is empty, expected at"):
            method(np.zeros((0, 2)), target)


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ([0, 3], ValueError, "target runs from 0 to 3, expected 0 to 2"),
        ([-1, 0], ValueError, "target runs from -1 to 0, expected 0 to 2"),
        ([0.0, 1.0], TypeError, "target is float64, expected whole numbers"),
        ([[0], [1]], ValueError, r"target has shape \(2, 1\), expected \(2,\)"),
        ([0, 1, 2], ValueError, r"target has shape \(3,\), expected \(2,\)"),
    ],
)
def test_labels_that_do_not_fit(
    labels: list[int], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=rf"^SoftmaxCrossEntropy\(\): {message}$"):
        SoftmaxCrossEntropy()(np.zeros((2, 3)), np.array(labels))


def test_values_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match=r"^Hinge\(\): target has other values"):
        Hinge()(np.zeros(2), np.array([0, 1]))
    message = r"^BinaryCrossEntropy\(\): {} has values outside of 0...1$"
    with pytest.raises(ValueError, match=message.format("prediction")):
        BinaryCrossEntropy()(np.array([1.5]), np.array([1]))
    with pytest.raises(ValueError, match=message.format("target")):
        BinaryCrossEntropy()(np.array([0.5]), np.array([-1]))
    with pytest.raises(ValueError, match=r"^Huber: delta is 0, expected > 0$"):
        Huber(delta=0)


def test_a_loss_must_say_how_it_judges() -> None:
    for method in (Loss(), Loss().gradient):
        with pytest.raises(NotImplementedError):
            method(np.zeros(1), np.zeros(1))
