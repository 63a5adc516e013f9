"""A convolutional network that reads handwritten digits, and one that has learned to.

`lenet` builds it, 61,706 numbers to learn; `trained` loads those that `make weights`
has learned. It reads gray images of 28 x 28 pixels, from 0 (paper) to 1 (ink).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from neuralblog.activations import ReLU
from neuralblog.convolution import Conv2D
from neuralblog.datasets import data_file
from neuralblog.layers import Dense, Flatten
from neuralblog.network import Sequential
from neuralblog.pooling import MaxPool2D

__all__ = ["lenet", "trained"]


def lenet(*, rng: np.random.Generator, dtype: DTypeLike = np.float64) -> Sequential:
    """Build a LeNet with random weights: (N, 1, 28, 28) -> (N, 10) scores.

    ReLU and max pooling stand where the one of 1998 had tanh and a mean that learns.
    Source: LeCun, Bottou, Bengio and Haffner (1998).

    Examples:
        >>> network = lenet(rng=np.random.default_rng(0))
        >>> network.parameters.size, network.predict(np.zeros((2, 1, 28, 28))).shape
        (61706, (2, 10))
    """
    return Sequential(
        Conv2D(1, 6, 5, padding=2, rng=rng),
        ReLU(),
        MaxPool2D(2),
        Conv2D(6, 16, 5, rng=rng),
        ReLU(),
        MaxPool2D(2),
        Flatten(),
        Dense(16 * 5 * 5, 120, rng=rng),
        ReLU(),
        Dense(120, 84, rng=rng),
        ReLU(),
        Dense(84, 10, rng=rng),
        dtype=dtype,
    )


def trained() -> Sequential:
    """Load the LeNet that has learned from the 8,000 training digits.

    Examples:
        >>> x_test, y_test = datasets.digits()[2:]
        >>> accuracy(trained(), x_test[:100], y_test[:100])
        0.97
    """
    network = lenet(rng=np.random.default_rng(0))
    network.load(data_file("lenet.npz"))
    return network
