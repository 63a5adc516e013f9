"""What every layer is: a step of a network that knows its way forward and its way back.

Here are the base class and the two layers with no idea of space, Dense and Flatten.
Layers remember what passed last, so one layer object serves one place in one network.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from neuralblog.arrays import Array, check_generator, check_shape, check_sizes, floats
from neuralblog.initializers import he

__all__ = ["Dense", "Flatten", "Layer"]

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
    # features or channels in and out, None for any, () where all come out that go in
    features: tuple[int | None, ...] = (None, None)
    _memory: tuple[Array, ...] | None = None

    def forward(self, x: Array) -> Array:
        """Compute the output y from the input x, and remember what `backward` needs."""
        raise NotImplementedError

    def backward(self, dy: Array) -> Array:
        """Fill the gradients of the parameters, and return dx, the one of the input."""
        raise NotImplementedError

    def parameter_gradients(self, dy: Array) -> None:
        """Fill the gradients alone: all that the first layer of a network has to do.

        A layer that can save the way back to its input has a shorter one of its own.
        """
        self.backward(dy)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set an attribute; what a network keeps in its vectors is overwritten."""
        if self.in_network and name.removeprefix("d") in self.parameters:
            overwrite(self, name, value)
        else:
            super().__setattr__(name, value)

    def __getstate__(self) -> dict[str, Any]:
        """Give a copy, or what `pickle` writes, no place in a network yet."""
        return {**vars(self), "in_network": False}

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


def overwrite(owner: object, name: str, value: Any) -> None:
    """Write into the array that is there, since others have views of it."""
    array = getattr(owner, name)
    if value is not array:
        array[...] = floats(f"{owner}", name, value, array.shape)


class Weighted(Layer):
    """A layer with weights `W` and, for each of its outputs, a bias `b` of zero."""

    parameters = ("W", "b")

    def __init__(self, W: Array) -> None:
        self.W, self.b = W, np.zeros(len(W))
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
        self.features = self.W.shape[1], len(self.W)


class Dense(Weighted):
    """Connect every input to every output: (N, in) -> (N, out), y = x @ W.T + b.

    Row i of `W` (out, in) holds the weights of output i; `b` (out,) starts at zero.
    Raises: ValueError where x has another number of features.

    Examples:
        >>> layer = Dense(2, 1, rng=np.random.default_rng(0))
        >>> layer.W = np.array([[1.0, -1.0]])
        >>> layer.forward([[5, 3]])
        array([[2.]])
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
        check_generator("Dense", rng)
        super().__init__(initializer((n_outputs, n_inputs), rng))

    def forward(self, x: Array) -> Array:
        """Weigh the inputs and add them up: y = x @ W.T + b."""
        x = floats(self, "x", x, ("N", self.W.shape[1]))
        self.remember(x)
        y = self.W @ x.T  # (out, N), turned below: in memory the batch is innermost
        y += self.b[:, np.newaxis]
        return y.T

    def backward(self, dy: Array) -> Array:
        """Send each slope back along its weights: dx = dy @ W."""
        dy = floats(self, "dy", dy)
        self.parameter_gradients(dy)
        return (self.W.T @ dy.T).T

    def parameter_gradients(self, dy: Array) -> None:
        """Fill dW = dy.T @ x and db, the sum of dy over the batch."""
        (x,) = self.recall()
        dy = floats(self, "dy", dy, (len(x), len(self.W)))
        np.matmul(dy.T, x, out=self.dW)
        # einsum is faster than dy.sum for so few numbers; float64, for a huge batch
        self.db[...] = np.einsum("no->o", dy, dtype=np.float64)

    def __repr__(self) -> str:
        n_outputs, n_inputs = self.W.shape
        return f"Dense({n_inputs}, {n_outputs})"


class Flatten(Layer):
    """Unroll every image to one row of numbers: (N, C, H, W) -> (N, C * H * W).

    Examples:
        >>> Flatten().forward(np.zeros((5, 1, 28, 28))).shape
        (5, 784)
    """

    def forward(self, x: Array) -> Array:
        """Unroll channel by channel, row by row."""
        x = floats(self, "x", x)
        if x.ndim == 0:
            check_shape(self, "x", x, ("N", "C", "H", "W"))
        self.remember(x)
        columns = x.transpose(*range(1, x.ndim), 0)  # (C, H, W, N), the batch innermost
        return columns.reshape(math.prod(x.shape[1:]), len(x)).T

    def backward(self, dy: Array) -> Array:
        """Roll the slopes up again, to the shape of the images."""
        (x,) = self.recall()
        dy = floats(self, "dy", dy, (len(x), math.prod(x.shape[1:])))
        dx = np.empty_like(x, dy.dtype)  # in the memory order of x, see `windows`
        dx[...] = dy.reshape(x.shape)
        return dx
