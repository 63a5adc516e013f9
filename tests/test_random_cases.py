"""Random inputs of every kind and shape, for every layer: 20 each, or 1,000 if SLOW."""

import math
import os
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from neuralblog import activations
from neuralblog.activations import ElementwiseLayer, Softmax, softmax
from neuralblog.arrays import Array
from neuralblog.convolution import Conv2D
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm, Dropout

CASES = 1000 if os.environ.get("SLOW") else 20
KINDS = ["float64", "float32", "float16", ">f8", "int64", "uint8", "int8", "bool"]
Generator = np.random.Generator


class Kind(NamedTuple):
    """A layer with its channels, and what it gives for x in float64, naively."""

    make: Callable[[int, Generator], Layer]
    reference: Callable[[Layer, Array], Array]
    rows: bool = False
    fewest: int = 0  # examples; batch statistics need two


def convolved(layer: Layer, x: Array) -> Array:
    assert isinstance(layer, Conv2D)
    p, K, S = layer.window.padding, layer.window.kernel_size, layer.window.stride
    padded = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    seen = sliding_window_view(padded, (K, K), axis=(2, 3))[:, :, ::S, ::S]
    y = (seen[:, None] * layer.W[:, :, None, None]).sum(axis=(2, 5, 6))
    return y + layer.b[:, None, None]


def pooled(function: Callable[..., Array]) -> Callable[[Layer, Array], Array]:
    def reference(layer: Layer, x: Array) -> Array:
        K, S = layer.window.kernel_size, layer.window.stride  # type: ignore[attr-defined]
        return function(
            sliding_window_view(x, (K, K), axis=(2, 3))[:, :, ::S, ::S], axis=(4, 5)
        )

    return reference


def normalized(layer: Layer, x: Array) -> Array:
    axes = (0, 2, 3)[: x.ndim - 1]
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + 1e-5)


def pool(kind: type[Layer]) -> Callable[[int, Generator], Layer]:
    return lambda C, rng: kind(  # type: ignore[call-arg]
        int(rng.integers(1, 4)), stride=int(rng.integers(1, 4))
    )


def conv(C: int, rng: Generator) -> Layer:
    K, S, P = (int(rng.integers(low, high)) for low, high in ((1, 4), (1, 3), (0, 3)))
    return Conv2D(C, int(rng.integers(1, 4)), K, stride=S, padding=P, rng=rng)


LAYERS = {
    "Dense": Kind(
        lambda C, rng: Dense(C, int(rng.integers(1, 5)), rng=rng),
        lambda layer, x: x @ layer.W.T + layer.b,  # type: ignore[attr-defined]
        rows=True,
    ),
    "Conv2D": Kind(conv, convolved),
    "MaxPool2D": Kind(pool(MaxPool2D), pooled(np.max)),
    "AveragePool2D": Kind(pool(AveragePool2D), pooled(np.mean)),
    "GlobalAveragePool2D": Kind(
        lambda C, rng: GlobalAveragePool2D(), lambda layer, x: x.mean(axis=(2, 3))
    ),
    "Flatten": Kind(
        lambda C, rng: Flatten(),
        lambda layer, x: x.reshape(len(x), math.prod(x.shape[1:])),
    ),
    "BatchNorm": Kind(lambda C, rng: BatchNorm(C), normalized, fewest=2),
    "BatchNorm of rows": Kind(
        lambda C, rng: BatchNorm(C), normalized, rows=True, fewest=2
    ),
    "Dropout": Kind(
        lambda C, rng: Dropout(0.5, rng=rng),
        lambda layer, x: x * layer.recall()[0],
    ),
    "Softmax": Kind(lambda C, rng: Softmax(), lambda layer, x: softmax(x), rows=True),
    **{
        kind.__name__: Kind(
            lambda C, rng, kind=kind: kind(),  # type: ignore[misc]
            lambda layer, x: layer.activation(x),  # type: ignore[attr-defined]
        )
        for kind in ElementwiseLayer.__subclasses__()
    },
}


def random_input(kind: Kind, C: int, rng: Generator) -> np.ndarray:
    """Of any kind of number, often empty or single, with holes, in any memory order."""
    N = max(int(rng.choice([0, 1, 2, 5])), kind.fewest)
    shape = (N, C) if kind.rows else (N, C, *rng.integers(3, 8, 2))
    dtype = str(rng.choice(KINDS))
    x = rng.integers(0, 120, shape) if dtype[0] in "iub" else 3 * rng.normal(size=shape)
    if dtype == "bool":
        x = x > 60
    x = x.astype(dtype)
    if x.dtype.kind == "f" and x.size and rng.random() < 0.3:
        x.ravel()[rng.integers(x.size)] = np.nan
    order = rng.permutation(x.ndim)
    return x.transpose(order).copy().transpose(np.argsort(order))


@pytest.mark.parametrize("name", LAYERS)
def test_random_cases(name: str) -> None:
    """Forward as the naive way in float64, and backward as from float64 itself."""
    kind = LAYERS[name]
    for seed in range(CASES):
        rng = np.random.default_rng(seed)
        C = int(rng.integers(1, 4))
        x = random_input(kind, C, rng)
        layers = [kind.make(C, np.random.default_rng([seed, 1])) for _ in "ab"]
        before, exact = x.copy(), x.astype(np.float64)
        ys, dxs = [], []
        for layer, given in zip(layers, (x, exact), strict=True):
            layer.training = True
            ys.append(layer.forward(given))
            dy = np.random.default_rng([seed, 2]).integers(-3, 4, ys[-1].shape)
            dxs.append(layer.backward(dy))
        small = x.dtype.kind == "f" and x.dtype.itemsize < 8
        close = {"rtol": 1e-3, "atol": 3e-3} if small else {"rtol": 1e-9, "atol": 1e-9}
        message = f"{name}, seed {seed}, {x.dtype}, {x.shape}"
        expected = kind.reference(layers[1], exact)
        assert ys[0].dtype.kind == "f" and ys[0].dtype.itemsize >= 4
        np.testing.assert_allclose(ys[0], expected, err_msg=message, **close)
        assert dxs[0].shape == x.shape
        np.testing.assert_allclose(dxs[0], dxs[1], err_msg=message, **close)
        np.testing.assert_array_equal(x, before, err_msg=message)


def test_every_layer_is_here() -> None:
    exported = {
        thing.__name__
        for module in (activations, __import__("neuralblog"))
        for thing in vars(module).values()
        if isinstance(thing, type) and issubclass(thing, Layer)
    }
    assert exported - {"Layer", "ElementwiseLayer"} <= set(LAYERS)
