"""Layers that shrink every feature map by looking at small windows of it.

They work on each channel alone and have nothing to learn. Pixels at the right and the
bottom that fill no whole window are left out.
"""

from collections.abc import Iterator, Sequence
from functools import reduce

import numpy as np

from neuralblog.arrays import Array, floats
from neuralblog.layers import Layer
from neuralblog.windows import Window

__all__ = ["AveragePool2D", "GlobalAveragePool2D", "MaxPool2D"]


class Pool2D(Layer):
    """What pools have in common: windows of K x K pixels, `stride` pixels apart.

    A square is a row of rows: pools work along one side first, then along the other.
    """

    features = ()

    def __init__(self, kernel_size: int, *, stride: int | None = None) -> None:
        stride = kernel_size if stride is None else stride
        self.window = Window(type(self).__name__, kernel_size, stride)

    def along(self, axis: int, images: Array) -> Iterator[Array]:
        """Yield K views: the first pixel of every window, the second, and so on.

        Windows of 2 pixels along a side of 6; every view has one letter: a b a b a b.
        """
        K, S = self.window.kernel_size, self.window.stride
        size = S * self.window.places(images.shape[axis])
        for k in range(K):
            yield images[(slice(None),) * axis + (slice(k, k + size, S),)]

    def tiles(self, images: Array) -> list[Array]:
        """Return K*K views, those `along` both sides, row by row of the window."""
        return [tile for rows in self.along(2, images) for tile in self.along(3, rows)]

    def spread(self, axis: int, shares: Sequence[Array], x: Array) -> Array:
        """Add up what the K pixels of every window get, in an array like x."""
        K, S = self.window.kernel_size, self.window.stride
        each_once = K == S and x.shape[axis] % S == 0  # pixels are in one window each
        dx = (np.empty_like if each_once else np.zeros_like)(x, shares[0].dtype)
        for dpixels, share in zip(self.along(axis, dx), shares, strict=True):
            dpixels[...] = share if each_once else dpixels + share
        return dx

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.window.options(self.window.kernel_size)})"


class MaxPool2D(Pool2D):
    """Keep the largest value of every window: (N, C, H, W) -> (N, C, H', W').

    On the way back the gradient goes to the pixel that was the largest; of equal ones,
    to the first. The stride is the window's size if not given.

    Examples:
        >>> MaxPool2D(2).forward(np.arange(4.0).reshape(1, 1, 2, 2))
        array([[[[3.]]]])
    """

    def forward(self, x: Array) -> Array:
        """Keep the largest of each row of a window, and then the largest of those."""
        x = floats(self, "x", x, ("N", "C", "H", "W"))
        across = reduce(np.maximum, self.along(3, x))  # (N, C, H, W')
        y = reduce(np.maximum, self.along(2, across))
        self.remember(x, across, y)
        return y

    def backward(self, dy: Array) -> Array:
        """Hand the slope of each window to the first pixel that is its largest."""
        x, across, y = self.recall()
        dy = floats(self, "dy", dy, y.shape)
        if np.isnan(y).any():  # NaN counts as the largest number of all
            x, across, y = (np.where(np.isnan(a), np.inf, a) for a in (x, across, y))
        dacross = self.spread(2, self.shares(2, dy, y, across), across)
        return self.spread(3, self.shares(3, dacross, across, x), x)

    def shares(self, axis: int, dy: Array, y: Array, x: Array) -> list[Array]:
        """Split slopes among the K pixels x: all for the first that is as large as y."""
        shares = []
        for pixels in list(self.along(axis, x))[:-1]:
            shares.append(dy * (pixels == y))
            dy = dy - shares[-1]
        return [*shares, dy]


class AveragePool2D(Pool2D):
    """Keep the mean of every window: (N, C, H, W) -> (N, C, H', W').

    The stride is the window's size if not given.

    Examples:
        >>> AveragePool2D(2).forward(np.arange(4.0).reshape(1, 1, 2, 2))
        array([[[[1.5]]]])
    """

    def forward(self, x: Array) -> Array:
        """Add up each row of a window, then those sums, and divide."""
        x = floats(self, "x", x, ("N", "C", "H", "W"))
        across = reduce(np.add, self.along(3, x))  # (N, C, H, W')
        y: Array = reduce(np.add, self.along(2, across)) / self.window.kernel_size**2
        self.remember(x, across, y)
        return y

    def backward(self, dy: Array) -> Array:
        """Share the slope of each window equally among its pixels."""
        x, across, y = self.recall()
        dy = floats(self, "dy", dy, y.shape)
        K = self.window.kernel_size
        dacross = self.spread(2, K * [dy / K**2], across)
        return self.spread(3, K * [dacross], x)


class GlobalAveragePool2D(Layer):
    """Keep one number of every feature map, its mean: (N, C, H, W) -> (N, C).

    Examples:
        >>> GlobalAveragePool2D().forward(np.arange(4.0).reshape(1, 1, 2, 2))
        array([[1.5]])
    """

    features = ()

    def forward(self, x: Array) -> Array:
        """Take the mean of each map."""
        x = floats(self, "x", x, ("N", "C", "H", "W"))
        self.remember(x)
        # added up in float64: in float32, a million numbers are too many
        y: Array = x.mean(axis=(2, 3), dtype=np.float64).astype(x.dtype)
        return y

    def backward(self, dy: Array) -> Array:
        """Share the slope of each mean equally among the pixels of its map."""
        (x,) = self.recall()
        N, C, H, W = x.shape
        dy = floats(self, "dy", dy, (N, C))
        dx = np.empty_like(x, dy.dtype)
        dx[...] = dy[:, :, np.newaxis, np.newaxis] / (H * W)
        return dx
