"""Dropout and batch normalization: in training, afterwards, and their gradients."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.gradients import check_gradients
from neuralblog.regularization import BatchNorm, Dropout

SHAPES = st.one_of(
    st.tuples(st.integers(3, 5), st.integers(1, 3)),
    st.tuples(*[st.integers(2, 3)] * 2, *[st.integers(1, 3)] * 2),
)


def test_dropout_keeps_the_sum_on_average() -> None:
    layer = Dropout(0.2, rng=np.random.default_rng(0))
    layer.training = True
    y = layer.forward(np.ones((200, 500)))
    np.testing.assert_allclose(np.unique(y), [0, 1.25])
    assert y.mean() == pytest.approx(1, abs=0.01)
    assert (y == 0).mean() == pytest.approx(0.2, abs=0.01)


def test_the_gradient_passes_where_the_number_passed_with_the_same_scale() -> None:
    layer = Dropout(0.5, rng=np.random.default_rng(0))
    layer.training = True
    x = np.ones((4, 5))
    y = layer.forward(x)
    np.testing.assert_array_equal(layer.backward(x), y)


def test_dropout_does_nothing_after_training() -> None:
    layer = Dropout(0.5, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((4, 5))
    np.testing.assert_array_equal(layer.forward(x), x)
    np.testing.assert_array_equal(layer.backward(x), x)


def test_the_same_seed_drops_the_same() -> None:
    one, other = (Dropout(0.5, rng=np.random.default_rng(3)) for _ in range(2))
    one.training = other.training = True
    x = np.ones((4, 5))
    np.testing.assert_array_equal(one.forward(x), other.forward(x))
    assert not np.array_equal(one.forward(x), other.forward(x[:, ::-1])[:, ::-1])


@pytest.mark.parametrize("rate", [-0.1, 1.0, float("nan")])
def test_a_rate_is_a_share(rate: float) -> None:
    with pytest.raises(ValueError, match=f"^Dropout: rate is {rate}, expected >= 0"):
        Dropout(rate, rng=np.random.default_rng(0))


@settings(derandomize=True, deadline=None, max_examples=20)
@given(shape=SHAPES, training=st.booleans())
def test_dropout_gradients(shape: tuple[int, ...], training: bool) -> None:
    layer = Dropout(0.3, rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal(shape)
    report = check_gradients(layer, x, training=training, tolerance=1e-8)
    assert report.ok, report


@settings(derandomize=True, deadline=None, max_examples=30)
@given(shape=SHAPES, training=st.booleans())
def test_batch_norm_gradients(shape: tuple[int, ...], training: bool) -> None:
    rng = np.random.default_rng(0)
    layer = BatchNorm(shape[1])
    for array in (layer.gamma, layer.beta, layer.running_mean):
        array[...] = rng.standard_normal(shape[1])
    layer.running_variance[...] = rng.uniform(0.5, 2, shape[1])
    x = rng.standard_normal(shape)
    report = check_gradients(layer, x, training=training, tolerance=1e-6)
    assert report.ok, report


@pytest.mark.parametrize("shape", [(50, 3), (10, 3, 4, 5)])
def test_batch_norm_gives_mean_zero_and_variance_one(shape: tuple[int, ...]) -> None:
    layer = BatchNorm(3)
    layer.training = True
    rng = np.random.default_rng(0)
    y = layer.forward(5 + 3 * rng.standard_normal(shape))
    axes = (0,) if len(shape) == 2 else (0, 2, 3)
    np.testing.assert_allclose(y.mean(axis=axes), np.zeros(3), atol=1e-12)
    np.testing.assert_allclose(y.var(axis=axes), np.ones(3), atol=1e-4)


def test_running_statistics_come_close_to_those_of_the_data() -> None:
    layer, rng = BatchNorm(2), np.random.default_rng(0)
    layer.training = True
    for _ in range(100):
        layer.forward(rng.normal([5, -2], [3, 0.5], (500, 2)))
    np.testing.assert_allclose(layer.running_mean, [5, -2], atol=0.1)
    np.testing.assert_allclose(layer.running_variance, [9, 0.25], rtol=0.05)
    layer.training = False
    before = layer.running_mean.copy()
    alone = layer.forward(np.array([[5.0, -2.0]]))
    np.testing.assert_allclose(alone, [[0, 0]], atol=0.1)
    np.testing.assert_array_equal(layer.running_mean, before)


def test_equal_values_have_no_spread_and_stay_finite() -> None:
    layer = BatchNorm(2)
    layer.training = True
    y = layer.forward(np.full((4, 2), 1000.0))
    np.testing.assert_array_equal(y, np.zeros((4, 2)))
    assert np.isfinite(layer.backward(np.ones((4, 2)))).all()


@pytest.mark.parametrize("n", [0, 1])
def test_one_value_per_channel_has_no_variance(n: int) -> None:
    layer = BatchNorm(3)
    layer.training = True
    message = rf"^BatchNorm\(3\): x has {n} values per channel, expected 2 or more"
    with pytest.raises(ValueError, match=message):
        layer.forward(np.zeros((n, 3)))


def test_other_channels_are_refused() -> None:
    with pytest.raises(ValueError, match=r"x has shape \(4, 2\), expected \(N, 3\)$"):
        BatchNorm(3).forward(np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"expected \(N, 3, H, W\)$"):
        BatchNorm(3).forward(np.zeros((4, 2, 5, 5)))
    with pytest.raises(ValueError, match=r"^BatchNorm: n_features is 0, expected 1"):
        BatchNorm(0)
