"""Layers: worked values, measured gradients, and nothing that goes wrong in silence."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.convolution import Conv2D
from neuralblog.gradients import check_gradients
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.network import Sequential
from neuralblog.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm, Dropout

RNG = np.random.default_rng(0)
LAYERS = {
    "dense": (lambda: Dense(3, 2, rng=RNG), (4, 3)),
    "flatten": (lambda: Flatten(), (4, 2, 3, 3)),
    "conv": (lambda: Conv2D(2, 3, 3, padding=1, rng=RNG), (4, 2, 5, 6)),
    "max pool": (lambda: MaxPool2D(2), (4, 2, 5, 6)),
    "average pool": (lambda: AveragePool2D(2), (4, 2, 5, 6)),
    "global average pool": (lambda: GlobalAveragePool2D(), (4, 2, 5, 6)),
    "dropout": (lambda: Dropout(0.5, rng=RNG), (4, 3)),
    "batch norm": (lambda: BatchNorm(2), (4, 2, 5, 6)),
}


def test_dense_by_hand() -> None:
    layer = Dense(2, 3, rng=np.random.default_rng(0))
    layer.W[...] = [[1, 2], [3, 4], [5, 6]]
    layer.b[...] = [0.5, 0, -0.5]
    x = np.array([[1.0, -1.0]])
    np.testing.assert_array_equal(layer.forward(x), [[-0.5, -1, -1.5]])
    dy = np.array([[1.0, 0.0, 2.0]])
    np.testing.assert_array_equal(layer.backward(dy), [[11, 14]])
    np.testing.assert_array_equal(layer.dW, [[1, -1], [0, 0], [2, -2]])
    np.testing.assert_array_equal(layer.db, [1, 0, 2])


@settings(derandomize=True, deadline=None, max_examples=25)
@given(n=st.integers(1, 5), inputs=st.integers(1, 6), outputs=st.integers(1, 6))
def test_dense_gradients(n: int, inputs: int, outputs: int) -> None:
    rng = np.random.default_rng(0)
    layer = Dense(inputs, outputs, rng=rng)
    x = rng.standard_normal((n, inputs))
    report = check_gradients(layer, x, tolerance=1e-8)
    assert report.ok, report


@settings(derandomize=True, deadline=None, max_examples=10)
@given(shape=st.lists(st.integers(1, 4), min_size=2, max_size=4))
def test_flatten_gradients(shape: list[int]) -> None:
    x = np.random.default_rng(0).standard_normal(shape)
    report = check_gradients(Flatten(), x, tolerance=1e-8)
    assert report.ok, report


def test_flatten_keeps_channel_row_column_order() -> None:
    x = np.arange(24.0).reshape(2, 3, 2, 2)
    y = Flatten().forward(x)
    np.testing.assert_array_equal(y, np.arange(24).reshape(2, 12))


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("training", [True, False])
def test_arguments_are_never_changed(name: str, training: bool) -> None:
    make, shape = LAYERS[name]
    layer, rng = make(), np.random.default_rng(0)
    layer.training = training
    x = rng.standard_normal(shape)
    x_before = x.copy()
    y = layer.forward(x)
    dy = rng.standard_normal(y.shape)
    y_before, dy_before = y.copy(), dy.copy()
    layer.backward(dy)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(y, y_before)
    np.testing.assert_array_equal(dy, dy_before)


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_are_overwritten_not_added_up(name: str) -> None:
    make, shape = LAYERS[name]
    layer = make()
    dy = np.ones_like(layer.forward(np.random.default_rng(0).standard_normal(shape)))
    first = layer.backward(dy)
    gradients = [getattr(layer, "d" + p).copy() for p in layer.parameters]
    np.testing.assert_array_equal(layer.backward(dy), first)
    for p, gradient in zip(layer.parameters, gradients, strict=True):
        np.testing.assert_array_equal(getattr(layer, "d" + p), gradient)


@pytest.mark.parametrize("name", LAYERS)
def test_an_empty_batch_passes(name: str) -> None:
    make, shape = LAYERS[name]
    layer = make()
    x = np.zeros((0, *shape[1:]))
    y = layer.forward(x)
    assert len(y) == 0
    assert layer.backward(y).shape == x.shape


@pytest.mark.parametrize("name", LAYERS)
def test_large_numbers_stay_numbers(name: str) -> None:
    make, shape = LAYERS[name]
    layer = make()
    for x in (np.full(shape, 1000.0), np.full(shape, -1000.0)):
        y = layer.forward(x)
        assert np.isfinite(y).all()
        assert np.isfinite(layer.backward(np.ones_like(y))).all()


@pytest.mark.parametrize("name", LAYERS)
def test_float32_stays_float32(name: str) -> None:
    make, shape = LAYERS[name]
    network = Sequential(make(), dtype=np.float32)
    for training in (True, False):
        y = network.forward(np.ones(shape), training=training)
        assert y.dtype == network.backward(y).dtype == np.float32


@pytest.mark.parametrize("name", LAYERS)
def test_backward_before_forward_is_an_error(name: str) -> None:
    make, shape = LAYERS[name]
    with pytest.raises(ValueError, match=r"\): backward came before any forward$"):
        make().backward(np.zeros(shape))


@pytest.mark.parametrize("name", LAYERS)
def test_a_gradient_of_another_shape_is_an_error(name: str) -> None:
    make, shape = LAYERS[name]
    layer = make()
    y = layer.forward(np.zeros(shape))
    with pytest.raises(ValueError, match="dy has shape"):
        layer.backward(y[:1])


def test_a_wrong_number_of_features_is_one_clear_line() -> None:
    layer = Dense(784, 10, rng=np.random.default_rng(0))
    message = r"^Dense\(784, 10\): x has shape \(64, 785\), expected \(N, 784\)$"
    with pytest.raises(ValueError, match=message):
        layer.forward(np.zeros((64, 785)))
    with pytest.raises(ValueError, match=r"x has shape \(784,\), expected \(N, 784\)$"):
        layer.forward(np.zeros(784))


@pytest.mark.parametrize(
    ("size", "error", "message"),
    [
        (0, ValueError, "Dense: n_inputs is 0, expected 1 or more"),
        (-3, ValueError, "Dense: n_inputs is -3, expected 1 or more"),
        (2.0, TypeError, "Dense: n_inputs is 2.0, expected a whole number"),
        ("2", TypeError, "Dense: n_inputs is '2', expected a whole number"),
    ],
)
def test_sizes_are_whole_and_positive(
    size: int, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{message}$"):
        Dense(size, 2, rng=np.random.default_rng(0))
    with pytest.raises(error, match=f"^{message.replace('n_inputs', 'n_outputs')}$"):
        Dense(2, size, rng=np.random.default_rng(0))


def test_a_layer_must_say_how_it_computes() -> None:
    for method in (Layer().forward, Layer().backward):
        with pytest.raises(NotImplementedError):
            method(np.zeros(1))


def test_a_layer_shows_its_sizes() -> None:
    shown = {name: repr(make()) for name, (make, _) in LAYERS.items()}
    assert shown == {
        "dense": "Dense(3, 2)",
        "flatten": "Flatten()",
        "conv": "Conv2D(2, 3, 3, padding=1)",
        "max pool": "MaxPool2D(2)",
        "average pool": "AveragePool2D(2)",
        "global average pool": "GlobalAveragePool2D()",
        "dropout": "Dropout(0.5)",
        "batch norm": "BatchNorm(2)",
    }
    assert repr(MaxPool2D(3, stride=2)) == "MaxPool2D(3, stride=2)"


def test_flatten_needs_images() -> None:
    with pytest.raises(ValueError, match=r"^Flatten\(\): x has shape \(\), expected"):
        Flatten().forward(np.array(1.0))
