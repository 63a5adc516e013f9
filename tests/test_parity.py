"""PyTorch and the library compute the same numbers, to 1e-10, in float64.

What PyTorch gave is stored in parity/fixtures.npz; parity/make_fixtures.py remakes it,
and compares live, over random shapes, where PyTorch is installed (`make parity`).
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from neuralblog import activations as act
from neuralblog import losses, optimizers
from neuralblog.arrays import Array
from neuralblog.convolution import Conv2D
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.network import Sequential
from neuralblog.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm

FIXTURES = Path(__file__).parent / "parity" / "fixtures.npz"
Arrays = dict[str, Array]


class Case(NamedTuple):
    """One object of ours, and the expression that makes PyTorch's twin of it."""

    ours: Callable[..., object]
    theirs: str
    shape: tuple[int, ...]
    training: bool = False


def seeded(kind: Callable[..., Layer], *sizes: int, **options: int) -> Layer:
    return kind(*sizes, **options, rng=np.random.default_rng(0))


def small_cnn() -> Sequential:
    return Sequential(
        seeded(Conv2D, 1, 3, 3, padding=1),
        BatchNorm(3),
        act.ReLU(),
        MaxPool2D(2),
        Flatten(),
        seeded(Dense, 48, 5),
    )


LAYERS = {
    "dense": Case(lambda: seeded(Dense, 4, 3), "Linear(4, 3)", (5, 4)),
    "conv": Case(lambda: seeded(Conv2D, 2, 3, 3), "Conv2d(2, 3, 3)", (2, 2, 6, 7)),
    "conv, all options": Case(
        lambda: seeded(Conv2D, 3, 2, 3, stride=2, padding=3, dilation=2),
        "Conv2d(3, 2, 3, stride=2, padding=3, dilation=2)",
        (2, 3, 8, 9),
    ),
    "conv 1x1": Case(lambda: seeded(Conv2D, 3, 4, 1), "Conv2d(3, 4, 1)", (2, 3, 4, 4)),
    "conv, one pixel": Case(
        lambda: seeded(Conv2D, 1, 1, 5, padding=2, stride=3),
        "Conv2d(1, 1, 5, padding=2, stride=3)",
        (1, 1, 1, 1),
    ),
    "max pool": Case(lambda: MaxPool2D(2), "MaxPool2d(2)", (2, 2, 5, 6)),
    "max pool, overlapping": Case(
        lambda: MaxPool2D(3, stride=2), "MaxPool2d(3, stride=2)", (2, 2, 7, 8)
    ),
    "average pool": Case(lambda: AveragePool2D(2), "AvgPool2d(2)", (2, 2, 5, 6)),
    "average pool, overlapping": Case(
        lambda: AveragePool2D(3, stride=1), "AvgPool2d(3, stride=1)", (2, 2, 5, 6)
    ),
    "global average pool": Case(
        lambda: GlobalAveragePool2D(),
        "Sequential(AdaptiveAvgPool2d(1), Flatten())",
        (3, 2, 4, 5),
    ),
    "flatten": Case(lambda: Flatten(), "Flatten()", (2, 3, 4, 5)),
    "batch norm": Case(lambda: BatchNorm(3), "BatchNorm1d(3)", (6, 3), True),
    "batch norm, images": Case(
        lambda: BatchNorm(3), "BatchNorm2d(3)", (2, 3, 4, 5), True
    ),
    "batch norm, inference": Case(lambda: BatchNorm(3), "BatchNorm2d(3)", (2, 3, 4, 5)),
    "relu": Case(act.ReLU, "ReLU()", (4, 5)),
    "leaky relu": Case(act.LeakyReLU, "LeakyReLU(0.01)", (4, 5)),
    "sigmoid": Case(act.Sigmoid, "Sigmoid()", (4, 5)),
    "tanh": Case(act.Tanh, "Tanh()", (4, 5)),
    "elu": Case(act.ELU, "ELU()", (4, 5)),
    "gelu": Case(act.GELU, "GELU()", (4, 5)),
    "silu": Case(act.SiLU, "SiLU()", (4, 5)),
    "softplus": Case(act.Softplus, "Softplus()", (4, 5)),
    "softmax": Case(act.Softmax, "Softmax(dim=1)", (4, 5)),
    "network": Case(
        small_cnn,
        "Sequential(Conv2d(1, 3, 3, padding=1), BatchNorm2d(3), ReLU(), MaxPool2d(2), "
        "Flatten(), Linear(48, 5))",
        (4, 1, 8, 8),
        True,
    ),
}

LOSSES = {
    "mean squared error": Case(losses.MeanSquaredError, "MSELoss()", (4, 3)),
    "huber": Case(lambda: losses.Huber(delta=0.5), "HuberLoss(delta=0.5)", (4, 3)),
    "binary cross-entropy": Case(losses.BinaryCrossEntropy, "BCELoss()", (6,)),
    "softmax cross-entropy": Case(
        losses.SoftmaxCrossEntropy, "CrossEntropyLoss()", (4, 3)
    ),
}

OPTIMIZERS = {
    "sgd": Case(lambda: optimizers.SGD(0.1), "SGD(p, 0.1)", (20,)),
    "momentum": Case(
        lambda: optimizers.SGD(0.1, momentum=0.9), "SGD(p, 0.1, momentum=0.9)", (20,)
    ),
    "nesterov, decay": Case(
        lambda: optimizers.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
        "SGD(p, 0.1, momentum=0.9, nesterov=True, weight_decay=0.01)",
        (20,),
    ),
    "rmsprop": Case(lambda: optimizers.RMSProp(0.01), "RMSprop(p, 0.01)", (20,)),
    "adam": Case(lambda: optimizers.Adam(0.01), "Adam(p, 0.01)", (20,)),
}


def named(subject: Layer | Sequential, kinds: str) -> Arrays:
    """Parameters ("p"), gradients ("g") and state ("s"), numbered in PyTorch's order."""
    layers = getattr(subject, "layers", [subject])
    return {
        f"{kind} {i} {n}": getattr(layer, "d" + name if kind == "g" else name)
        for kind in kinds
        for i, layer in enumerate(layers)
        for n, name in enumerate(layer.state if kind == "s" else layer.parameters)
    }


def our_layer(case: Case, given: Arrays) -> Arrays:
    """Run our layer forward and backward, from the given parameters and state."""
    layer = case.ours()
    assert isinstance(layer, Layer | Sequential)
    for name, array in named(layer, "ps").items():
        array[...] = given[name]
    for part in getattr(layer, "layers", [layer]):
        part.training = case.training
    options = {"training": case.training} if isinstance(layer, Sequential) else {}
    y = layer.forward(given["x"], **options)
    dx = layer.backward(given["dy"])
    after = {f"after {k}": v for k, v in named(layer, "s").items()}
    return {"y": y, "dx": dx, **named(layer, "g"), **after}


def our_loss(case: Case, given: Arrays) -> Arrays:
    loss = case.ours()
    assert isinstance(loss, losses.Loss)
    value = loss(given["x"], given["target"])
    return {"value": np.array(value), "dx": loss.gradient(given["x"], given["target"])}


def our_optimizer(case: Case, given: Arrays) -> Arrays:
    optimizer = case.ours()
    assert isinstance(optimizer, optimizers.Optimizer)
    parameters = given["x"].copy()
    steps = []
    for gradients in given["gradients"]:
        optimizer.step(parameters, gradients)
        steps.append(parameters.copy())
    return {"steps": np.array(steps)}


RUNNERS = {"layer": our_layer, "loss": our_loss, "optimizer": our_optimizer}
CASES = {"layer": LAYERS, "loss": LOSSES, "optimizer": OPTIMIZERS}


def compare(kind: str, case: Case, given: Arrays, expected: Arrays) -> None:
    ours = RUNNERS[kind](case, given)
    assert ours.keys() == expected.keys()
    for name, array in expected.items():
        np.testing.assert_allclose(
            ours[name], array, rtol=1e-10, atol=1e-10, err_msg=f"{case.theirs}: {name}"
        )


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind in CASES for name in CASES[kind]]
)
def test_same_as_pytorch(kind: str, name: str) -> None:
    with np.load(FIXTURES) as stored:
        parts: dict[str, Arrays] = {"given": {}, "expected": {}}
        for key in stored.files:
            case, part, array = (*key.split("|"), "", "")[:3]
            if case == name:
                parts[part][array] = stored[key]
    compare(kind, CASES[kind][name], **parts)


def test_the_fixtures_name_their_version_and_hold_nothing_else() -> None:
    with np.load(FIXTURES) as stored:
        assert str(stored["torch"]).startswith("2.")
        cases = {key.split("|")[0] for key in stored.files} - {"torch"}
    assert cases == {name for kind in CASES.values() for name in kind}
