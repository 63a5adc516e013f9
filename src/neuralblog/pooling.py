"""Layers that shrink every feature map by looking at small windows of it.

They work on each channel alone and have nothing to learn. Pixels at the right and the
bottom that fill no whole window are left out.
"""

from collections.abc import Iterator

import numpy as np

from neuralblog.layers import Array, Layer, check_shape
from neuralblog.windows import Window

__all__ = ["AveragePool2D", "GlobalAveragePool2D", "MaxPool2D"]


class Pool2D(Layer):
    """What pools have in common: windows of K x K pixels, `stride` pixels apart."""

    def __init__(self, kernel_size: int, *, stride: int | None = None) -> None:
        stride = kernel_size if stride is None else stride
        self.window = Window(type(self).__name__, kernel_size, stride)

    def tiles(self, images: Array) -> Iterator[Array]:
        """Yield K*K views: the first pixel of every window, the second, and so on.

        Windows of 2 x 2 in a map of 4 x 4; every view has one letter, (2, 2):

            a b a b
            c d c d
            a b a b
            c d c d
        """
        check_shape(self, "x", images, ("N", "C", "H", "W"))
        K, S = self.window.kernel_size, self.window.stride
        H, W = (S * self.window.places(size, S) for size in images.shape[2:])
        for i in range(K):
            for j in range(K):
                yield images[:, :, i : i + H : S, j : j + W : S]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.window.options(self.window.kernel_size)})"


class MaxPool2D(Pool2D):
    """Keep the largest value of every window: (N, C, H, W) -> (N, C, H', W').

    On the way back the gradient goes to the pixel that was the largest; of equal ones,
    to the first. The stride is the window's size if not given.
    """

    def forward(self, x: Array) -> Array:
        """Compare the windows tile by tile, and keep the largest."""
        first, *others = self.tiles(x)
        y = first.copy(order="K")
        for tile in others:
            np.maximum(y, tile, out=y)
        self.remember(x, y)
        return y

    def backward(self, dy: Array) -> Array:
        """Hand the slope of each window to the first pixel that is its largest."""
        x, y = self.recall()
        check_shape(self, "dy", dy, y.shape)
        dx = np.zeros_like(x, dy.dtype)
        unpaid = np.ones_like(y, bool)  # windows whose gradient has found no pixel yet
        overlap = self.window.stride < self.window.kernel_size
        for tile, dtile in zip(self.tiles(x), self.tiles(dx), strict=True):
            hit = (tile == y) & unpaid
            unpaid ^= hit
            if overlap:  # a pixel of several windows gets the sum
                dtile += dy * hit
            else:
                np.multiply(dy, hit, out=dtile)
        return dx


class AveragePool2D(Pool2D):
    """Keep the mean of every window: (N, C, H, W) -> (N, C, H', W').

    The stride is the window's size if not given.
    """

    def forward(self, x: Array) -> Array:
        """Add up the windows tile by tile, and divide."""
        first, *others = self.tiles(x)
        y = first.copy(order="K")
        for tile in others:
            y += tile
        y /= self.window.kernel_size**2
        self.remember(x, y)
        return y

    def backward(self, dy: Array) -> Array:
        """Share the slope of each window equally among its pixels."""
        x, y = self.recall()
        check_shape(self, "dy", dy, y.shape)
        dx = np.zeros_like(x, dy.dtype)
        share = dy / self.window.kernel_size**2
        for dtile in self.tiles(dx):
            dtile += share
        return dx


class GlobalAveragePool2D(Layer):
    """Keep one number of every feature map, its mean: (N, C, H, W) -> (N, C)."""

    def forward(self, x: Array) -> Array:
        """Take the mean of each map."""
        check_shape(self, "x", x, ("N", "C", "H", "W"))
        self.remember(x)
        y: Array = x.mean(axis=(2, 3))
        return y

    def backward(self, dy: Array) -> Array:
        """Share the slope of each mean equally among the pixels of its map."""
        (x,) = self.recall()
        N, C, H, W = x.shape
        check_shape(self, "dy", dy, (N, C))
        dx = np.empty_like(x, dy.dtype)
        dx[...] = dy[:, :, np.newaxis, np.newaxis] / (H * W)
        return dx
