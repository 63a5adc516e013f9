"""What every layer is: a step of a network that knows its way forward and its way back.

Here are the base class and the two layers with no idea of space, Dense and Flatten.
Layers remember what passed last, so one layer object serves one place in one network.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from neuralblog.initializers import he

__all__ = ["Array", "Dense", "Flatten", "Layer"]

Array = NDArray[np.floating]
"""Real numbers, float64 or float32."""
Initializer = Callable[[tuple[int, ...], "np.random.Generator"], Array]


class Layer:
    """One step of a network: `forward(x) -> y`, then `backward(dy) -> dx`.

    Names start with d for "the slope of the loss along": dy belongs to y and has its
    shape. A layer that learns lists its parameters by name; the gradient of `W` is
    `dW`. `backward` overwrites gradients and never changes a parameter.
    """

    parameters: tuple[str, ...] = ()
    state: tuple[str, ...] = ()  # arrays that belong to the layer, but are not learned
    training = False  # Dropout and BatchNorm behave differently while training
    in_network = False  # a layer remembers one pass, so it has one place in one network
    _memory: tuple[Array, ...] | None = None

    def forward(self, x: Array) -> Array:
        """Compute the output y from the input x, and remember what `backward` needs."""
        raise NotImplementedError

    def backward(self, dy: Array) -> Array:
        """Fill the gradients of the parameters, and return dx, the one of the input."""
        raise NotImplementedError

    def parameter_gradients(self, dy: Array) -> None:
        """Fill the gradients alone: all that the first layer of a network has to do."""

    def remember(self, *arrays: Array) -> None:
        """Keep arrays of the way forward for the way back."""
        self._memory = arrays

    def recall(self) -> tuple[Array, ...]:
        """Return what `forward` remembered.

        Raises: ValueError where no `forward` came before.
        """
        if self._memory is None:
            raise ValueError(f"{self}: backward came before any forward")
        return self._memory

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class Weighted(Layer):
    """A layer with weights `W` and, for each of its outputs, a bias `b` of zero."""

    parameters = ("W", "b")

    def __init__(self, W: Array) -> None:
        self.W, self.b = W, np.zeros(len(W))
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)


class Dense(Weighted):
    """Connect every input to every output: (N, in) -> (N, out), y = x @ W.T + b.

    Row i of `W` (out, in) holds the weights of output i; `b` (out,) starts at zero.
    Raises: ValueError where x has another number of features.
    """

    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        *,
        rng: np.random.Generator,
        initializer: Initializer = he,
    ) -> None:
        check_sizes("Dense", n_inputs=n_inputs, n_outputs=n_outputs)
        super().__init__(initializer((n_outputs, n_inputs), rng))

    def forward(self, x: Array) -> Array:
        """Weigh the inputs and add them up: y = x @ W.T + b."""
        check_shape(self, "x", x, ("N", self.W.shape[1]))
        self.remember(x)
        y = self.W @ x.T  # (out, N), turned below: in memory the batch is innermost
        y += self.b[:, np.newaxis]
        return y.T

    def backward(self, dy: Array) -> Array:
        """Send each slope back along its weights: dx = dy @ W."""
        self.parameter_gradients(dy)
        return (self.W.T @ dy.T).T

    def parameter_gradients(self, dy: Array) -> None:
        """Fill dW = dy.T @ x and db, the sum of dy over the batch."""
        (x,) = self.recall()
        check_shape(self, "dy", dy, (len(x), len(self.W)))
        np.matmul(dy.T, x, out=self.dW)
        self.db[...] = np.einsum("no->o", dy)  # faster than dy.sum for so few numbers

    def __repr__(self) -> str:
        n_outputs, n_inputs = self.W.shape
        return f"Dense({n_inputs}, {n_outputs})"


class Flatten(Layer):
    """Unroll every image to one row of numbers: (N, C, H, W) -> (N, C * H * W)."""

    def forward(self, x: Array) -> Array:
        """Unroll channel by channel, row by row."""
        self.remember(x)
        columns = x.transpose(*range(1, x.ndim), 0)  # (C, H, W, N), the batch innermost
        return columns.reshape(math.prod(x.shape[1:]), len(x)).T

    def backward(self, dy: Array) -> Array:
        """Roll the slopes up again, to the shape of the images."""
        (x,) = self.recall()
        check_shape(self, "dy", dy, (len(x), math.prod(x.shape[1:])))
        dx = np.empty_like(x, dy.dtype)  # in the memory order of x, see `windows`
        dx[...] = dy.reshape(x.shape)
        return dx


def check_sizes(layer: str, at_least: int = 1, **sizes: int) -> None:
    """Refuse a size that is not a whole number, or is too small."""
    for name, size in sizes.items():
        if not isinstance(size, int | np.integer):
            raise TypeError(f"{layer}: {name} is {size!r}, expected a whole number")
        if size < at_least:
            raise ValueError(f"{layer}: {name} is {size}, expected {at_least} or more")


Shape = tuple[int | str, ...]


def check_shape(layer: object, name: str, array: NDArray[Any], expected: Shape) -> None:
    """Refuse an array of another shape; a letter stands for any size."""
    shape = array.shape
    if shape == expected:  # all known, the usual case: no need to look further
        return
    pairs = zip(shape, expected, strict=False)
    fits = [size == wanted or isinstance(wanted, str) for size, wanted in pairs]
    if len(shape) == len(expected) and all(fits):
        return
    sizes = ", ".join(map(str, expected)) + ("," if len(expected) == 1 else "")
    raise ValueError(f"{layer}: {name} has shape {shape}, expected ({sizes})")


def check_labels(owner: object, name: str, labels: Any, N: int | str, C: int) -> None:
    """Refuse labels that are not N whole numbers from 0 to C - 1."""
    check_shape(owner, name, labels, (N,))
    if labels.dtype.kind not in "iu":
        raise TypeError(f"{owner}: {name} is {labels.dtype}, expected whole numbers")
    low, high = labels.min(initial=0), labels.max(initial=0)
    if low < 0 or high >= C:
        came = f"{owner}: {name} runs from {low} to {high}"
        raise ValueError(f"{came}, expected 0 to {C - 1}")
