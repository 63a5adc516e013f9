"""How a convolution becomes matrix products, and how its gradient finds the way back.

To the caller, images are (N, C, H, W). In memory they lie as *rows*, (H, C, W, N), the
batch innermost: whatever is copied, compared or added then runs along W*N neighbors.
Made for batches; with a single image the long runs are W numbers short.
"""

import math
import sys
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import numpy as np

from neuralblog.arrays import Array, check_sizes

__all__ = ["Window", "fold", "from_rows", "to_rows", "unfold", "unstack"]

MANY_MULTIPLICATIONS = 1_000_000
HAS_BLAS = sys.platform != "emscripten"  # in a page, NumPy multiplies on its own

if sys.platform == "linux":  # pragma: no branch
    # There, freed memory goes back to the system, and comes anew in the next step, page
    # by page. Once a block of 16 MB was freed, up to twice as much is kept (mallopt(3)).
    # This one is never written to, so it takes addresses, but no memory and no time.
    np.empty(2**24, np.uint8)


@dataclass(frozen=True)
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
        names = ("kernel_size", "stride", "dilation")
        sizes = {name: getattr(self, name) for name in names}
        check_sizes(self.owner, **sizes)
        check_sizes(self.owner, at_least=0, padding=self.padding)
        for name, size in {**sizes, "padding": self.padding}.items():
            object.__setattr__(self, name, int(size))  # a uint8 ends at 255

    @property
    def span(self) -> int:
        """How many pixels lie between its borders, seen or not."""
        return self.dilation * (self.kernel_size - 1) + 1

    def places(self, size: int) -> int:
        """Count its places along one side of an image with its frame.

        Raises: ValueError where there is no room for a single one.
        """
        if self.span > size:
            came = f"{self.owner}: the kernel spans {self.span} pixels"
            raise ValueError(f"{came}, the padded image has {size}")
        return (size - self.span) // self.stride + 1

    def options(self, usual_stride: int) -> str:
        """Write the sizes as they were given, without those that are usual."""
        usual = {"stride": usual_stride, "padding": 0, "dilation": 1}
        shown = [f", {k}={v}" for k, v in vars(self).items() if v != usual.get(k, v)]
        return f"{self.kernel_size}{''.join(shown)}"


def unfold(x: Array, window: Window) -> Array:
    """Line up what each window sees: (N, C, H, W) -> (H', K * C * K, W', N).

    One matrix for each row of windows, and in it one column for each window.
    """
    rows = to_rows(x, window.padding)  # (H + 2P, C, W + 2P, N)
    copies = shift_columns(rows, window)  # (H + 2P, C*K, W', N)
    n = window.places(len(copies))
    return stack_rows(copies, n, window.kernel_size, window.stride, window.dilation)


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


def from_rows(rows: Array) -> Array:
    """Show rows as images: (H, C, W, N) -> (N, C, H, W), a view."""
    return rows.transpose(3, 1, 0, 2)


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
    K, n = window.kernel_size, window.places(W)
    row, channel, column, image = rows.strides
    strides = (row, channel, window.dilation * column, window.stride * column, image)
    shifted = np.ndarray((H, C, K, n, N), rows.dtype, rows, strides=strides)
    return shifted.copy().reshape(H, C * K, n, N)  # `as_strided` is slower


def fold(copies: Array, shape: tuple[int, ...], window: Window) -> Array:
    """Send gradients back the way of `shift_columns`: (H, C*K, W', N) -> shape.

    A number that was copied to several places gets the sum of their gradients; those
    of the frame are dropped.
    """
    N, C, H, W = shape
    K, S, D, P = window.kernel_size, window.stride, window.dilation, window.padding
    copies = copies.reshape(H, C, K, *copies.shape[2:])
    size = S * copies.shape[3]
    rows = np.zeros((H, C, W + 2 * P, N), copies.dtype)
    for k in range(K):
        rows[:, :, k * D : k * D + size : S] += copies[:, :, k]
    return from_rows(rows[:, :, P : P + W])


def stack_rows(rows: Array, n: int, K: int, stride: int, dilation: int) -> Array:
    """Stack the K rows that each of n windows needs: (H, R, W, N) -> (n, K*R, W, N).

    Neighboring rows are neighbors in memory, so a window of K rows is there already:
    it is a *view* that starts at its first row, and the views overlap (K = 3):

        memory     | row 0 | row 1 | row 2 | row 3 | row 4 |
        window 0   |-----------------------|
        window 1           |-----------------------|
        window 2                   |-----------------------|

    A dilated window skips rows in between; only then are they copied together.
    """
    _, R, W, N = rows.shape
    if dilation > 1:
        chosen = stride * np.arange(n)[:, np.newaxis] + dilation * np.arange(K)
        return np.reshape(rows[chosen], (n, K * R, W, N))
    size, row = rows.itemsize, R * W * N * rows.itemsize  # in bytes
    strides = (stride * row, W * N * size, N * size, size)
    return np.ndarray((n, K * R, W, N), rows.dtype, rows, strides=strides)


def matmul_stack(A: Array, stack: Array, out: Array | None = None) -> Array:
    """Multiply A with every matrix of a stack: (F, R), (n, R, W, N) -> (n, F, W, N).

    BLAS is at its best with products that fit its cache: wide ones are done in blocks
    of N columns. Both ways, the matrices are views; nothing is copied. Without BLAS,
    `matmul` runs down columns; for a batch, `einsum`, which runs along rows, is faster.
    """
    n, R, W, N = stack.shape
    out = np.empty((n, len(A), W, N), np.result_type(A, stack)) if out is None else out
    if N >= 16 and not HAS_BLAS:
        np.einsum("fr,irwn->ifwn", A, stack, out=out)
    elif N >= 16 and A.size * W * N > MANY_MULTIPLICATIONS:
        np.matmul(A, stack.transpose(0, 2, 1, 3), out=out.transpose(0, 2, 1, 3))
    else:
        np.matmul(A, stack.reshape(n, R, W * N), out=out.reshape(n, len(A), W * N))
    return out


def matmul_stack_back(dproduct: Array, stack: Array) -> Array:
    """Return the gradient of A in `matmul_stack`: (n, F, W, N), (n, R, W, N) -> (F, R).

    dA = dproduct @ matrix.T for every matrix of the stack, all added up.
    """
    n, F, W, N = dproduct.shape
    dA: Array
    if N >= 16 and not HAS_BLAS:
        dA = np.einsum("ifwn,irwn->fr", dproduct, stack)
    else:
        turned = dproduct.reshape(n, F, W * N).transpose(0, 2, 1)
        products = stack.reshape(n, stack.shape[1], W * N) @ turned  # (n, R, F)
        dA = products.sum(axis=0).T
    return dA


def unstack(A: Array, dy: Array, H: int, window: Window) -> Array:
    """Send gradients back the way of `stack_rows`: (N, F, H', W') -> (H, R, W', N).

    Each row of an image gets the slopes of the windows that saw it, weighed by what
    A (R, K, F) has for the row of the kernel that lay there, the last row first. Both
    lie next to each other in memory, so this is a stack of products again.
    """
    drows = to_rows(dy)  # (H', F, W', N)
    make = np.empty if window.stride == window.dilation == 1 else np.zeros
    drows_seen = make((H, len(A), *drows.shape[2:]), dy.dtype)
    step = window.dilation // math.gcd(window.stride, window.dilation)
    for rows, kernel_rows, first in meetings(window, H, len(drows)):
        out, weights = drows_seen[rows], A[:, kernel_rows]
        seeing = stack_rows(drows[first:], len(out), weights.shape[1], 1, step)
        matmul_stack(weights.reshape(len(A), -1), seeing, out)
    return drows_seen


@lru_cache
def meetings(window: Window, H: int, n: int) -> list[tuple[slice, slice, int]]:
    """List which rows of an image meet which rows of the kernel, in n rows of windows.

    Row h of H lies at row k of window i where h + P = i S + k D. Rows that meet the
    same k's share a stack; near the borders, fewer windows see a row (K = 3):

        row 0            window 0               k = 0
        row 1            windows 0, 1           k = 1, 0
        rows 2, 3, ...   windows h-2, h-1, h    k = 2, 1, 0

    Returns for each stack the rows h, those of the kernel turned upside down, and the
    first window i. Rows that no window sees are in none.
    """
    K, S, D, P = window.kernel_size, window.stride, window.dilation, window.padding
    starts, stacks = range(0, n * S, S), []

    def met(h: int) -> list[int]:
        return [k for k in range(K) if h + P - k * D in starts]

    for ks, group in groupby(sorted(range(H), key=lambda h: h % S), met):
        if ks:
            hs = list(group)
            kernel_rows = slice(K - 1 - ks[-1], K - ks[0], S // math.gcd(S, D))
            first = starts.index(hs[0] + P - ks[-1] * D)
            stacks.append((slice(hs[0], hs[-1] + 1, S), kernel_rows, first))
    return stacks
