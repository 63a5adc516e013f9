"""One small window of weights, used at every place of an image.

`Conv2D` is the layer; `correlate2d` shows the idea on one gray image; `output_size`
says how large the result is. As in most deep learning libraries the kernel is not
flipped: strictly speaking, this is cross-correlation. Borders are zeros.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from neuralblog import windows
from neuralblog.arrays import Array, check_generator, check_sizes, floats
from neuralblog.initializers import he
from neuralblog.layers import Initializer, Weighted

__all__ = ["KERNELS", "Conv2D", "correlate2d", "output_size"]


def output_size(
    size: int, kernel_size: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Count the places that a kernel finds along one side of an image.

    floor((size + 2 padding - dilation (kernel_size - 1) - 1) / stride) + 1.
    Raises: ValueError where the kernel is larger than the padded image.

    Examples:
        >>> output_size(28, 5), output_size(28, 5, padding=2), output_size(28, 2, stride=2)
        (24, 28, 14)
    """
    check_sizes("output_size", size=size)
    window = windows.Window("output_size", kernel_size, stride, padding, dilation)
    return window.places(int(size) + 2 * window.padding)


def correlate2d(
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Array:
    """Slide a kernel over one gray image: (H, W), (K, L) -> (H', W').

    Each result is the sum of the products of the kernel and the window under it.
    Raises: ValueError where the kernel is larger than the padded image.

    Examples:
        >>> correlate2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, 1]])
        array([[ 6.,  8.],
               [12., 14.]])
    """
    image = floats("correlate2d", "image", image, ("H", "W"), float)
    kernel = floats("correlate2d", "kernel", kernel, ("K", "L"), float)
    sides = [
        windows.Window("correlate2d", K, stride, padding, dilation)
        for K in kernel.shape
    ]
    framed = np.pad(image, padding)
    for size, window in zip(framed.shape, sides, strict=True):
        window.places(size)  # refuses where there is none
    seen = sliding_window_view(framed, tuple(window.span for window in sides))
    seen = seen[::stride, ::stride, ::dilation, ::dilation]
    result: Array = np.einsum("ijkl,kl->ij", seen, kernel)
    return result


class Conv2D(Weighted):
    """Slide F kernels over images: (N, C, H, W) -> (N, F, H', W').

    Kernel f, W[f] (C, K, K), sees all C channels of the input and draws map f of the
    output, with the one bias b[f]; H' and W' come from `output_size`. `windows` shows
    how both ways become matrix products. Borders are padded with zeros.
    Raises: ValueError for other channels, or a kernel larger than the padded image.

    Examples:
        >>> conv = Conv2D(1, 6, 5, padding=2, rng=np.random.default_rng(0))
        >>> conv.forward(np.zeros((8, 1, 28, 28))).shape
        (8, 6, 28, 28)
    """

    def __init__(
        self,
        n_channels: int,
        n_filters: int,
        kernel_size: int,
        *,
        stride: int = 1,
        padding: int = 0,
        dilation: int = 1,
        rng: np.random.Generator,
        initializer: Initializer = he,
    ) -> None:
        check_sizes("Conv2D", n_channels=n_channels, n_filters=n_filters)
        check_generator("Conv2D", rng)
        self.window = windows.Window("Conv2D", kernel_size, stride, padding, dilation)
        size = (n_filters, n_channels, kernel_size, kernel_size)
        super().__init__(initializer(size, rng))

    def forward(self, x: Array) -> Array:
        """Multiply the kernels with what each window sees, and add the biases."""
        x = floats(self, "x", x, ("N", self.W.shape[1], "H", "W"))
        seen = windows.unfold(x, self.window)  # (H', K*C*K, W', N)
        rows = windows.matmul_stack(kernels_in_rows(self.W), seen)  # (H', F, W', N)
        rows += self.b[:, np.newaxis, np.newaxis]
        y = windows.from_rows(rows)
        self.remember(x, seen, y)
        return y

    def backward(self, dy: Array) -> Array:
        """Give each pixel the slopes of all windows that saw it, by their weights."""
        dy = floats(self, "dy", dy)
        self.parameter_gradients(dy)
        x, _, _ = self.recall()
        columns = kernels_in_columns(self.W)
        dcopies = windows.unstack(columns, dy, x.shape[2], self.window)
        return windows.fold(dcopies, x.shape, self.window)

    def parameter_gradients(self, dy: Array) -> None:
        """Fill dW, for each weight what it met times dy, and db, the sum of dy."""
        _, seen, y = self.recall()
        dy = floats(self, "dy", dy, y.shape)
        F, C, K, _ = self.W.shape
        drows = windows.to_rows(dy)  # (H', F, W', N)
        dkernels = windows.matmul_stack_back(drows, seen)  # (F, K*C*K)
        self.dW[...] = dkernels.reshape(F, K, C, K).transpose(0, 2, 1, 3)
        # twice as fast as drows.sum; each row as it is, the sum of all rows in float64
        self.db[...] = np.einsum("hfwn->hf", drows).sum(axis=0, dtype=np.float64)

    def __repr__(self) -> str:
        F, C, _, _ = self.W.shape
        return f"Conv2D({C}, {F}, {self.window.options(usual_stride=1)})"


def kernels_in_rows(W: Array) -> Array:
    """Write each kernel as a row, in the order of `unfold`: -> (F, K * C * K)."""
    return W.transpose(0, 2, 1, 3).reshape(len(W), -1)


def kernels_in_columns(W: Array) -> Array:
    """Write each kernel as columns, the last of its rows first: -> (C * K, K, F)."""
    F, C, K, _ = W.shape
    return W[:, :, ::-1].transpose(1, 3, 2, 0).reshape(C * K, K, F)


def kernel(*rows: tuple[float, ...], divided_by: float = 1) -> Array:
    values = np.array(rows) / divided_by
    values.flags.writeable = False
    return values


KERNELS = {
    "identity": kernel((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "vertical edge": kernel((1, 0, -1), (1, 0, -1), (1, 0, -1)),
    "horizontal edge": kernel((1, 1, 1), (0, 0, 0), (-1, -1, -1)),
    "outline": kernel((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
    "blur": kernel((1, 2, 1), (2, 4, 2), (1, 2, 1), divided_by=16),
    "sharpen": kernel((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
    "emboss": kernel((-2, -1, 0), (-1, 1, 1), (0, 1, 2)),
}
"""Classic kernels by name, each (3, 3) and read-only."""
