"""Optimizers: steps by hand, valleys they find, schedules, and shapes that don't fit.

That ten steps of each are PyTorch's, test_parity.py says.
"""

import copy
import pickle
from collections.abc import Callable

import numpy as np
import pytest

from neuralblog.optimizers import (
    SGD,
    Adam,
    Optimizer,
    RMSProp,
    cosine_decay,
    linear_decay,
    step_decay,
)

OPTIMIZERS: dict[str, Callable[[], Optimizer]] = {
    "sgd": lambda: SGD(0.02),
    "momentum": lambda: SGD(0.02, momentum=0.9),
    "nesterov": lambda: SGD(0.02, momentum=0.9, nesterov=True),
    "rmsprop": lambda: RMSProp(0.01),
    "adam": lambda: Adam(0.05),
}


@pytest.mark.parametrize(
    ("rate", "expected"),
    [
        (0.1, [1.1, 1.46, 1.676, 1.8056]),
        (0.25, [2, 2, 2, 2]),
        (0.5, [3.5, 0.5, 3.5, 0.5]),
        (0.6, [4.1, -0.94, 6.116, -3.7624]),
    ],
)
def test_descent_on_one_point_by_hand(rate: float, expected: list[float]) -> None:
    """Fit y = w x to (2, 4) from w = 0.5, with half the squared error."""
    w, optimizer, seen = np.array([0.5]), SGD(rate), []
    for _ in range(4):
        optimizer.step(w, (2 * w - 4) * 2)
        seen.append(w[0])
    np.testing.assert_allclose(seen, expected)


def test_adam_first_moves_by_the_learning_rate_whatever_the_size() -> None:
    parameters, gradients = np.zeros(3), np.array([1e-3, -1.0, 1e3])
    Adam(0.1).step(parameters, gradients)
    np.testing.assert_allclose(parameters, [-0.1, 0.1, -0.1], rtol=1e-4)


def test_weight_decay_pulls_to_zero() -> None:
    parameters = np.array([1.0, -2.0])
    SGD(0.1, weight_decay=0.5).step(parameters, np.zeros(2))
    np.testing.assert_allclose(parameters, [0.95, -1.9])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_each_finds_the_bottom_of_a_long_valley(name: str) -> None:
    optimizer, steepness = OPTIMIZERS[name](), np.array([1.0, 20.0])
    x = np.array([2.0, 1.0])
    for _ in range(400):
        gradients = steepness * x
        before = gradients.copy()
        optimizer.step(x, gradients)
        np.testing.assert_array_equal(gradients, before)
    assert np.abs(x).max() < 0.02
    assert optimizer.t == 400


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_float32_stays_float32(name: str) -> None:
    x = np.ones(2, np.float32)
    OPTIMIZERS[name]().step(x, np.ones(2, np.float32))
    assert x.dtype == np.float32
    assert (x < 1).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_shapes_that_do_not_fit(name: str) -> None:
    optimizer = OPTIMIZERS[name]()
    kind = type(optimizer).__name__
    message = rf"^{kind}: gradients has shape \(3,\), expected \(2,\)$"
    with pytest.raises(ValueError, match=message):
        optimizer.step(np.zeros(2), np.zeros(3))


def test_an_optimizer_with_a_memory_stays_with_its_network() -> None:
    optimizer, parameters = Adam(), np.zeros(2)
    optimizer.step(parameters, np.zeros(2))
    for other in (np.zeros(3), np.zeros(2)):
        with pytest.raises(ValueError, match=r"^Adam: it remembers the steps of anoth"):
            optimizer.step(other, other)
    optimizer.step(parameters[:], np.zeros(2))  # a view of the same
    for copied in (copy.deepcopy(optimizer), pickle.loads(pickle.dumps(optimizer))):
        copied.step(parameters.copy(), np.zeros(2))
        assert copied.t == 3
    memoryless = SGD(0.1)
    memoryless.step(np.zeros(2), np.zeros(2))
    memoryless.step(np.zeros(3), np.zeros(3))


@pytest.mark.parametrize("value", [-0.1, 1.0, 1.5, float("nan")])
@pytest.mark.parametrize(
    ("kind", "name"),
    [(SGD, "momentum"), (RMSProp, "decay"), (Adam, "beta1"), (Adam, "beta2")],
)
def test_what_is_kept_of_the_past_is_a_share(
    kind: type[Optimizer], name: str, value: float
) -> None:
    message = f"^{kind.__name__}: {name} is {value}, expected >= 0 and < 1$"
    with pytest.raises(ValueError, match=message):
        kind(0.1, **{name: value})


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_parameters_are_floats_that_can_change(name: str) -> None:
    for odd in ([1.0, 2.0], np.array([1, 2])):
        with pytest.raises(TypeError, match="parameters is no array of floats"):
            OPTIMIZERS[name]().step(odd, np.ones(2))  # type: ignore[arg-type]


def test_other_settings_are_numbers_and_not_negative() -> None:
    with pytest.raises(ValueError, match="^SGD: weight_decay is -1, expected >= 0$"):
        SGD(0.1, weight_decay=-1)
    with pytest.raises(TypeError, match="^SGD: learning_rate is '1', expected a numb"):
        SGD("1")
    with pytest.raises(ValueError, match="^Adam: epsilon is nan, expected >= 0$"):
        Adam(epsilon=float("nan"))


@pytest.mark.parametrize("rate", [-0.1, float("nan")])
def test_a_learning_rate_is_not_negative(rate: float) -> None:
    with pytest.raises(ValueError, match=f"^Adam: learning_rate is {rate}, expected"):
        Adam(rate)


def test_an_optimizer_must_say_how_it_steps() -> None:
    with pytest.raises(NotImplementedError):
        Optimizer(0.1).step(np.zeros(1), np.zeros(1))


def test_schedules() -> None:
    progress = (0, 0.25, 0.5, 0.75, 1)
    assert [linear_decay(p) for p in progress] == [1, 0.75, 0.5, 0.25, 0]
    cosine = [(1 + np.sqrt(0.5)) / 2, 0.5, (1 - np.sqrt(0.5)) / 2, 0]
    assert [cosine_decay(p) for p in progress] == pytest.approx([1, *cosine])
    steps = [step_decay(p) for p in progress]
    assert steps == pytest.approx([1, 1, 0.1, 0.01, 0.01])
