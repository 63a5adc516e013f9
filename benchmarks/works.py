"""What is raced: networks and single layers, with the same numbers for everybody."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from neuralblog.activations import ReLU
from neuralblog.convolution import Conv2D
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.network import Sequential
from neuralblog.pooling import MaxPool2D

DATA = np.random.default_rng  # every contestant draws the same numbers, from the seed 0


@dataclass(frozen=True)
class Work:
    """Layers and the shape of a batch; a network, with an optimizer, learns from it."""

    title: str
    shape: tuple[int, ...]
    layers: Callable[[np.random.Generator], list[Layer]]
    optimizer: str = ""  # "SGD", "Adam", or none for a single layer

    def network(self, dtype: str) -> Sequential:
        """Build the layers, with weights that are the same each time."""
        return Sequential(*self.layers(DATA(0)), dtype=dtype)

    def batch(self, dtype: str) -> tuple[np.ndarray, np.ndarray]:
        """Draw the inputs, and the true classes or, of a layer, the slopes dy."""
        rng = DATA(1)
        x = rng.standard_normal(self.shape).astype(dtype)
        if self.optimizer:
            return x, rng.integers(0, 10, self.shape[0])
        y = self.network(dtype).forward(x)
        return x, rng.standard_normal(y.shape).astype(dtype)


def mlp(rng: np.random.Generator) -> list[Layer]:
    """The dense network of W1."""
    return [Dense(784, 128, rng=rng), ReLU(), Dense(128, 10, rng=rng)]


def small_cnn(rng: np.random.Generator) -> list[Layer]:
    """The CNN of W2."""
    layers = [Conv2D(1, 8, 3, padding=1, rng=rng), ReLU(), MaxPool2D(2)]
    layers += [Conv2D(8, 16, 3, padding=1, rng=rng), ReLU(), MaxPool2D(2)]
    return [*layers, Flatten(), Dense(64, 10, rng=rng)]


def lenet(rng: np.random.Generator) -> list[Layer]:
    """The LeNet of W3, without padding."""
    layers = [Conv2D(1, 6, 5, rng=rng), ReLU(), MaxPool2D(2)]
    layers += [Conv2D(6, 16, 5, rng=rng), ReLU(), MaxPool2D(2), Flatten()]
    layers += [Dense(256, 120, rng=rng), ReLU(), Dense(120, 84, rng=rng), ReLU()]
    return [*layers, Dense(84, 10, rng=rng)]


CONVOLUTIONS = [  # N, C, side, F, K, stride
    (1, 1, 28, 8, 3, 1),
    (32, 1, 10, 8, 3, 1),
    (64, 1, 28, 6, 5, 1),
    (64, 6, 12, 16, 5, 1),
    (64, 16, 18, 32, 3, 1),
    (128, 32, 10, 64, 3, 1),
    (32, 16, 32, 32, 3, 1),
    (8, 64, 32, 64, 3, 1),
    (8, 32, 64, 32, 3, 1),
    (16, 32, 32, 64, 3, 2),
    (32, 64, 16, 64, 1, 1),
    (16, 3, 64, 16, 7, 2),
]
POOLS = [(1, 8, 26), (32, 8, 8), (64, 6, 24), (64, 16, 8), (128, 16, 16), (16, 64, 32)]


def convolution(N: int, C: int, side: int, F: int, K: int, stride: int) -> Work:
    """One size of W5."""
    title = f"W5 conv N={N} C={C} {side}x{side} F={F} K={K} stride {stride}"
    return Work(
        title,
        (N, C, side, side),
        lambda rng: [Conv2D(C, F, K, stride=stride, rng=rng)],
    )


def pool(N: int, C: int, side: int) -> Work:
    """One size of W6."""
    title = f"W6 2x2 max pool N={N} C={C} {side}x{side}"
    return Work(title, (N, C, side, side), lambda rng: [MaxPool2D(2)])


NETWORKS = [
    Work("W1 dense 784-128-10, batch 64, SGD", (64, 784), mlp, "SGD"),
    Work("W2 small CNN 8x8, batch 32, Adam", (32, 1, 8, 8), small_cnn, "Adam"),
    Work("W3 LeNet 28x28, batch 64, SGD", (64, 1, 28, 28), lenet, "SGD"),
]
LAYERS = [convolution(*sizes) for sizes in CONVOLUTIONS]
LAYERS += [pool(*sizes) for sizes in POOLS]
WORKS = {work.title: work for work in NETWORKS + LAYERS}
RATES = {"SGD": 0.01, "Adam": 1e-3}
