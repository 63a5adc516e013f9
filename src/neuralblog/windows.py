"""How a convolution becomes matrix products, and how its gradient finds the way back.

To the caller, images are (N, C, H, W). In memory they lie as *rows*, (H, C, W, N), the
batch innermost: whatever is copied, compared or added then runs along W*N neighbors.
Made for batches; with a single image the long runs are W numbers short.
"""

import sys
from dataclasses import dataclass

import numpy as np

from neuralblog.layers import Array, check_sizes

__all__ = ["Window", "fold", "from_rows", "to_rows", "unfold", "unfold_back"]

MANY_MULTIPLICATIONS = 1_000_000

if sys.platform == "linux":  # pragma: no branch
    # There, freed memory goes back to the system, and comes anew in the next step, page
    # by page. Once a block of 16 MB was freed, up to twice as much is kept (mallopt(3)).
    np.empty(2**24, np.uint8)


@dataclass
class Window:
    """A square of K x K pixels, and the way it moves over an image.

    Each place is `stride` pixels from the one before, the image has a frame of
    `padding` zeros, and of every `dilation` pixels in a row the window sees one.
    """

    owner: str  # for messages
    kernel_size: int
    stride: int
    padding: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        sizes = {"kernel_size": self.kernel_size, "stride": self.stride}
        check_sizes(self.owner, **sizes, dilation=self.dilation)
        check_sizes(self.owner, at_least=0, padding=self.padding)

    def places(self, size: int, stride: int) -> int:
        """Count its places, `stride` apart, along one side of an image with its frame.

        Raises: ValueError where there is no room for a single one.
        """
        span = self.dilation * (self.kernel_size - 1) + 1
        if span > size:
            came = f"{self.owner}: the kernel spans {span} pixels"
            raise ValueError(f"{came}, the padded image has {size}")
        return (size - span) // stride + 1

    def options(self, usual_stride: int) -> str:
        """Write the sizes as they were given, without those that are usual."""
        usual = {"stride": usual_stride, "padding": 0, "dilation": 1}
        given = {name: getattr(self, name) for name in usual}
        shown = [f", {name}={n}" for name, n in given.items() if n != usual[name]]
        return f"{self.kernel_size}{''.join(shown)}"


def unfold(x: Array, window: Window) -> Array:
    """Line up what each window sees: (N, C, H, W) -> (H', K * C * K, W', N).

    One matrix for each row of windows, and in it one column for each window.
    """
    rows = to_rows(x, window.padding)  # (H + 2P, C, W + 2P, N)
    copies = shift_columns(rows, window)  # (H + 2P, C*K, W', N)
    return stack_rows(copies, window, stride=window.stride)


def unfold_back(dy: Array, shape: tuple[int, ...], window: Window) -> Array:
    """Line up the windows that saw each row: (N, F, H', W') -> (H + 2P, K*F, W', N).

    Put each row where its window began, zeros around. The K rows (dilated) from row h
    on are then those of the windows that saw row h of the framed images (of that
    shape), the last window first: what `stack_rows` is on the way forward, it is on
    the way back too.
    """
    rows = to_rows(dy)
    n, *others = rows.shape
    before = window.dilation * (window.kernel_size - 1)
    spread = np.zeros((before + shape[2] + 2 * window.padding, *others), dy.dtype)
    spread[before : before + n * window.stride : window.stride] = rows
    return stack_rows(spread, window, stride=1)


def to_rows(x: Array, padding: int = 0) -> Array:
    """Bring images into memory order, framed by zeros: (N, C, H, W) -> (H, C, W, N).

    Copies nothing where there is no frame and `from_rows` made the images.
    """
    rows = x.transpose(2, 1, 3, 0)
    if not padding:
        return np.ascontiguousarray(rows)
    H, C, W, N = rows.shape
    framed = np.zeros((H + 2 * padding, C, W + 2 * padding, N), x.dtype)
    framed[padding : padding + H, :, padding : padding + W] = rows
    return framed


def from_rows(rows: Array, padding: int = 0) -> Array:
    """Show rows as images without their frame: (H, C, W, N) -> (N, C, H, W), a view."""
    H, _, W, _ = rows.shape
    inner = rows[padding : H - padding, :, padding : W - padding]
    return inner.transpose(3, 1, 0, 2)


def shift_columns(rows: Array, window: Window) -> Array:
    """Copy every row K times, each shifted: (H, C, W, N) -> (H, C*K, W', N).

    Column i of the K copies then holds what window i sees of the row (K = 3):

        row      a b c d e
        copy 0   a b c
        copy 1   b c d        column 0 holds a b c, window 0 of this row
        copy 2   c d e        column 1 holds b c d, window 1 ...

    This is half of what is known as im2col; `stack_rows` does the other half.
    """
    H, C, W, N = rows.shape
    K, n = window.kernel_size, window.places(W, window.stride)
    copies = np.empty((H, C, K, n, N), rows.dtype)
    for k in range(K):
        copies[:, :, k] = rows[:, :, columns(k, n, window)]
    return copies.reshape(H, C * K, n, N)


def fold(copies: Array, shape: tuple[int, ...], window: Window) -> Array:
    """Send gradients back the way of `shift_columns`: (H + 2P, C*K, W', N) -> shape.

    A number that was copied to several places gets the sum of their gradients; those
    of the frame are dropped.
    """
    N, C, _, W = shape
    K, P = window.kernel_size, window.padding
    rows = np.zeros((len(copies), C, W + 2 * P, N), copies.dtype)
    copies = copies.reshape(len(copies), C, K, *copies.shape[2:])
    for k in range(K):
        rows[:, :, columns(k, copies.shape[3], window)] += copies[:, :, k]
    return from_rows(rows, P)


def columns(k: int, n: int, window: Window) -> slice:
    """The columns that the k-th column of the kernel meets, in n windows."""
    first = k * window.dilation
    return slice(first, first + n * window.stride, window.stride)


def stack_rows(rows: Array, window: Window, stride: int) -> Array:
    """Stack the K rows that each window needs: (H, R, W, N) -> (H', K*R, W, N).

    Neighboring rows are neighbors in memory, so a window of K rows is there already:
    it is a *view* that starts at its first row, and the views overlap (K = 3):

        memory     | row 0 | row 1 | row 2 | row 3 | row 4 |
        window 0   |-----------------------|
        window 1           |-----------------------|
        window 2                   |-----------------------|

    A dilated window skips rows in between; only then are they copied together.
    """
    H, R, W, N = rows.shape
    K, D = window.kernel_size, window.dilation
    n = window.places(H, stride)
    if D > 1:
        first = stride * np.arange(n)[:, np.newaxis]
        chosen: Array = rows[first + D * np.arange(K)]  # (H', K, R, W, N)
        return chosen.reshape(n, K * R, W, N)
    row, *others = rows.strides
    strides = (stride * row, *others)  # as `as_strided` does, but faster:
    return np.ndarray((n, K * R, W, N), rows.dtype, rows, strides=strides)


def matmul_stack(A: Array, stack: Array) -> Array:
    """Multiply A with every matrix of a stack: (F, R), (n, R, W, N) -> (n, F, W, N).

    BLAS is at its best with products that fit its cache: wide ones are done in blocks
    of N columns. Both ways, the matrices are views; nothing is copied.
    """
    n, R, W, N = stack.shape
    product = np.empty((n, len(A), W, N), np.result_type(A, stack))
    if N >= 16 and A.size * W * N > MANY_MULTIPLICATIONS:
        np.matmul(A, stack.transpose(0, 2, 1, 3), out=product.transpose(0, 2, 1, 3))
    else:
        out = product.reshape(n, len(A), W * N)
        np.matmul(A, stack.reshape(n, R, W * N), out=out)
    return product


def matmul_stack_back(dproduct: Array, stack: Array) -> Array:
    """Return the gradient of A in `matmul_stack`: (n, F, W, N), (n, R, W, N) -> (F, R).

    dA = dproduct @ matrix.T for every matrix of the stack, all added up.
    """
    n, F, W, N = dproduct.shape
    turned = dproduct.reshape(n, F, W * N).transpose(0, 2, 1)
    products = stack.reshape(n, stack.shape[1], W * N) @ turned  # (n, R, F)
    dA: Array = products.sum(axis=0).T
    return dA
