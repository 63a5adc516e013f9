"""Dropout and batch normalization, which behave differently while training.

`Layer.training` tells which it is.
"""

from __future__ import annotations

import numpy as np

from neuralblog.arrays import (
    Array,
    check_generator,
    check_number,
    check_shape,
    check_sizes,
    floats,
)
from neuralblog.layers import Layer

__all__ = ["BatchNorm", "Dropout"]


class Dropout(Layer):
    """While training, silence a random share of all numbers: any shape -> the same.

    The others are made larger, by 1 / (1 - rate), so that the sum stays the same on
    average, and nothing has to be done once training is over. Source: Srivastava et al.
    (2014), here with the scale applied while training.

    Examples:
        >>> dropout = Dropout(0.5, rng=np.random.default_rng(0))
        >>> dropout.training = True
        >>> dropout.forward(np.ones((1, 6)))
        array([[0., 2., 2., 2., 0., 0.]])
    """

    features = ()

    def __init__(self, rate: float, *, rng: np.random.Generator) -> None:
        check_number("Dropout", at_least=0, below=1, rate=rate)
        check_generator("Dropout", rng)
        self.rate, self.rng = rate, rng

    def forward(self, x: Array) -> Array:
        """Silence by chance while training; else hand x on."""
        x = floats(self, "x", x)
        mask, keep = np.ones_like(x), 1 - self.rate
        if self.training:
            mask[...] = (self.rng.random(x.shape) < keep) / keep
        self.remember(mask)
        return x * mask

    def backward(self, dy: Array) -> Array:
        """Let the slopes through where the numbers went through, equally scaled."""
        (mask,) = self.recall()
        dy = floats(self, "dy", dy, mask.shape)
        return dy * mask

    def __repr__(self) -> str:
        return f"Dropout({self.rate})"


class BatchNorm(Layer):
    """Give every feature mean 0 and variance 1 over the batch, then learn better ones.

    (N, C) -> (N, C) or, over all pixels of a channel, (N, C, H, W) -> (N, C, H, W).
    While training, mean and variance are the batch's, and running means of them are
    kept: these are used afterwards, where one input must not depend on its neighbors.
    `momentum` is the share that each new batch has in them, 0 to 1.
    Source: Ioffe and Szegedy (2015).
    Raises: ValueError for other channels, or a single value per channel in training.

    Examples:
        >>> norm = BatchNorm(1)
        >>> norm.training = True
        >>> norm.forward(np.array([[1.0], [2.0], [3.0]])).round(2)
        array([[-1.22],
               [ 0.  ],
               [ 1.22]])
    """

    parameters = ("gamma", "beta")
    state = ("running_mean", "running_variance")
    epsilon = 1e-5  # keeps the division finite where all values are equal

    def __init__(self, n_features: int, *, momentum: float = 0.1) -> None:
        check_sizes("BatchNorm", n_features=n_features)
        check_number("BatchNorm", at_least=0, up_to=1, momentum=momentum)
        self.gamma, self.beta = np.ones(n_features), np.zeros(n_features)
        self.dgamma, self.dbeta = np.zeros_like(self.gamma), np.zeros_like(self.beta)
        self.running_mean, self.running_variance = self.beta.copy(), self.gamma.copy()
        self.momentum, self.features = momentum, (n_features, n_features)

    def forward(self, x: Array) -> Array:
        """Normalize every channel, then scale by gamma and shift by beta."""
        C = len(self.gamma)
        x = floats(self, "x", x)
        check_shape(self, "x", x, ("N", C, "H", "W") if x.ndim == 4 else ("N", C))
        x = np.moveaxis(x, 1, -1)  # channels last: they meet gamma and beta
        mean, variance = self.statistics(x)
        std = np.sqrt(variance + self.epsilon)
        normalized = (x - mean) / std
        self.remember(normalized, std)
        self.trained = self.training
        return np.moveaxis(self.gamma * normalized + self.beta, -1, 1)

    def backward(self, dy: Array) -> Array:
        """Fill dgamma and dbeta, and follow all ways from x to y back to dx."""
        normalized, std = self.recall()
        dy = floats(self, "dy", dy, np.moveaxis(normalized, -1, 1).shape)
        dy = np.moveaxis(dy, 1, -1)
        self.dbeta[...] = dy.sum(pixels(dy), np.float64)
        self.dgamma[...] = (dy * normalized).sum(pixels(dy), np.float64)
        if self.trained:  # each x also moves the mean and the variance of all
            n = dy.size // len(self.gamma)
            dy = dy - self.dbeta / n - normalized * (self.dgamma / n)
        return np.moveaxis(dy * (self.gamma / std), -1, 1)

    def statistics(self, x: Array) -> tuple[Array, Array]:
        """Return mean and variance of every channel; in training, those of the batch.

        Each batch moves the running ones a little.
        """
        if not self.training:
            return self.running_mean, self.running_variance
        mean, variance, n = moments(self, x)
        unbiased = variance * n / (n - 1)
        self.running_mean += self.momentum * (mean - self.running_mean)
        self.running_variance += self.momentum * (unbiased - self.running_variance)
        return mean, variance

    def __repr__(self) -> str:
        return f"BatchNorm({len(self.gamma)})"


def moments(owner: object, x: Array) -> tuple[Array, Array, int]:
    """Return mean and variance of every channel, the last axis, and of how many values.

    Added up in float64: in float32, a million numbers are too many.
    """
    n = x.size // x.shape[-1]
    if n < 2:
        came = f"{owner}: x has {n} values per channel, expected 2 or more in training"
        raise ValueError(f"{came}; choose a batch_size that leaves no rest of one")
    mean, variance = (f(x, pixels(x), np.float64) for f in (np.mean, np.var))
    return np.asarray(mean, x.dtype), np.asarray(variance, x.dtype), n


def pixels(x: Array) -> tuple[int, ...]:
    """Return all axes but the last, that of the channels."""
    return tuple(range(x.ndim - 1))
