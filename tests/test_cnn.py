"""The digit reader: its size, what the shipped weights are worth, and that it learns."""

import hashlib
from pathlib import Path

import numpy as np

import neuralblog
from neuralblog.cnn import lenet, trained
from neuralblog.datasets import digits
from neuralblog.losses import SoftmaxCrossEntropy
from neuralblog.optimizers import Adam, linear_decay
from neuralblog.training import accuracy, train

WEIGHTS = Path(neuralblog.__file__).parent / "data" / "lenet.npz"


def test_lenet_has_61706_parameters() -> None:
    network = lenet(rng=np.random.default_rng(0))
    parts = [
        sum(getattr(layer, name).size for name in layer.parameters)
        for layer in network.layers
        if layer.parameters
    ]
    assert parts == [156, 2_416, 48_120, 10_164, 850]
    assert network.parameters.size == 61_706
    assert network.forward(np.zeros((2, 1, 28, 28))).shape == (2, 10)


def test_lenet_comes_in_float32_too() -> None:
    network = lenet(rng=np.random.default_rng(0), dtype=np.float32)
    assert network.forward(np.zeros((1, 1, 28, 28))).dtype == np.float32


def test_the_shipped_weights_are_those_of_make_weights() -> None:
    sha256 = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    assert sha256 == "083f802db0b44c92bc14bc00060b1d30db5a5d83b02188fdd689d33d53e29574"


def test_the_shipped_network_reads_digits_it_never_saw() -> None:
    _, _, x_test, y_test = digits()
    network = trained()
    assert network.parameters.dtype == np.float64
    assert accuracy(network, x_test, y_test) == 0.9785


def test_lenet_learns_to_read() -> None:
    """A quarter of the digits, two epochs: far from good, far beyond chance."""
    x_train, y_train, x_test, y_test = digits()
    rng = np.random.default_rng(0)
    network = lenet(rng=rng, dtype=np.float32)
    train(
        network,
        x_train[:2000],
        y_train[:2000],
        loss=SoftmaxCrossEntropy(),
        optimizer=Adam(3e-3),
        schedule=linear_decay,
        epochs=2,
        rng=rng,
    )
    assert accuracy(network, x_test[:500], y_test[:500]) > 0.85
