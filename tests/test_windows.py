"""Windows: each step does what its picture shows, and its way back is its adjoint.

And all layers for images hand on the memory order that makes them fast.
"""

import platform
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest

from neuralblog import windows
from neuralblog.activations import (
    ELU,
    GELU,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softplus,
    Tanh,
)
from neuralblog.arrays import Array
from neuralblog.convolution import Conv2D
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.network import Sequential
from neuralblog.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm, Dropout
from neuralblog.windows import (
    Window,
    fold,
    from_rows,
    matmul_stack,
    matmul_stack_back,
    meetings,
    shift_columns,
    stack_rows,
    to_rows,
    unfold,
    unstack,
)

RNG = np.random.default_rng(0)


def in_rows(x: Array) -> bool:
    """Whether images (N, C, H, W) lie as (H, C, W, N) in memory."""
    return x.transpose(2, 1, 3, 0).flags.c_contiguous


def test_rows_and_images_are_two_views_of_one_array() -> None:
    x = RNG.standard_normal((2, 3, 4, 5))
    rows = to_rows(x)
    assert rows.shape == (4, 3, 5, 2)
    assert rows.flags.c_contiguous
    images = from_rows(rows)
    np.testing.assert_array_equal(images, x)
    assert np.shares_memory(images, rows)
    assert np.shares_memory(to_rows(images), rows)


def test_padding_frames_the_images_with_zeros() -> None:
    x = RNG.standard_normal((2, 3, 4, 5))
    framed = from_rows(to_rows(x, padding=2))
    np.testing.assert_array_equal(framed, np.pad(x, ((0, 0), (0, 0), (2, 2), (2, 2))))


def test_a_window_knows_its_places() -> None:
    window = Window("test", 3, stride=2, padding=1, dilation=2)
    assert [window.places(size) for size in (5, 6, 7, 8)] == [1, 1, 2, 2]
    message = "^test: the kernel spans 5 pixels, the padded image has 4$"
    with pytest.raises(ValueError, match=message):
        window.places(4)


def test_shifted_copies_as_in_the_picture() -> None:
    row = np.array(list("abcde")).reshape(1, 1, 5, 1)
    copies = shift_columns(row, Window("test", 3, 1))[0, :, :, 0]
    assert ["".join(copy) for copy in copies] == ["abc", "bcd", "cde"]
    copies = shift_columns(row, Window("test", 2, 2, dilation=2))[0, :, :, 0]
    assert ["".join(copy) for copy in copies] == ["ac", "ce"]


def test_stacked_rows_as_in_the_picture() -> None:
    rows = np.arange(5.0).reshape(5, 1, 1, 1)
    windows = stack_rows(rows, 3, 3, stride=1, dilation=1)
    np.testing.assert_array_equal(windows[..., 0, 0], [[0, 1, 2], [1, 2, 3], [2, 3, 4]])
    assert np.shares_memory(windows, rows)
    windows = stack_rows(rows, 2, 2, stride=2, dilation=2)
    np.testing.assert_array_equal(windows[..., 0, 0], [[0, 2], [2, 4]])


def test_each_window_is_a_column() -> None:
    x = RNG.standard_normal((2, 3, 6, 7))
    columns = unfold(x, Window("test", 3, 2))
    assert columns.shape == (2, 3 * 3 * 3, 3, 2)
    second = x[1, :, 2:5, 4:7]  # image 1, row of windows 1, window 2
    np.testing.assert_array_equal(
        columns[1, :, 2, 1], second.transpose(1, 0, 2).ravel()
    )


@pytest.mark.parametrize("padding", [0, 1])
@pytest.mark.parametrize(
    ("stride", "dilation"), [(1, 1), (2, 1), (1, 2), (3, 2), (4, 2)]
)
def test_the_way_back_is_the_adjoint_of_the_way_forward(
    stride: int, dilation: int, padding: int
) -> None:
    """For every W: <dy, W unfold(x)> = <fold(unstack(W', dy)), x>."""
    K, C, F, N = 3, 2, 4, 2
    window = Window("test", K, stride, padding, dilation)
    x, W = RNG.standard_normal((N, C, 8, 9)), RNG.standard_normal((F, K, C, K))
    y = matmul_stack(W.reshape(F, -1), unfold(x, window))
    dy = RNG.standard_normal(y.shape)
    turned = W[:, ::-1].transpose(2, 3, 1, 0).reshape(C * K, K, F)
    dcopies = unstack(turned, from_rows(dy), x.shape[2], window)
    dx = fold(dcopies, x.shape, window)
    assert dx.shape == x.shape
    assert np.vdot(dy, y) == pytest.approx(np.vdot(dx, x))


def test_rows_and_the_windows_that_saw_them_as_in_the_picture() -> None:
    stacks = meetings(Window("test", 3, 1), 6, 4)  # upside down: k = 2 comes first
    assert stacks == [
        (slice(0, 1, 1), slice(2, 3, 1), 0),
        (slice(1, 2, 1), slice(1, 3, 1), 0),
        (slice(2, 4, 1), slice(0, 3, 1), 0),
        (slice(4, 5, 1), slice(0, 2, 1), 2),
        (slice(5, 6, 1), slice(0, 1, 1), 3),
    ]
    unseen = meetings(Window("test", 1, 3), 5, 2)  # rows 1, 2 and 4 are never seen
    assert unseen == [(slice(0, 4, 3), slice(0, 1, 3), 0)]


@pytest.mark.parametrize("has_blas", [True, False])
@pytest.mark.parametrize("N", [3, 16])
def test_a_stack_of_products_in_blocks_or_not(
    N: int, has_blas: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "HAS_BLAS", has_blas)
    A, stack = RNG.standard_normal((8, 40)), RNG.standard_normal((2, 40, 300, N))
    product = matmul_stack(A, stack)
    expected = np.tensordot(A, stack, (1, 1)).transpose(1, 0, 2, 3)
    np.testing.assert_allclose(product, expected)
    dA = np.tensordot(product, stack, ((0, 2, 3), (0, 2, 3)))
    np.testing.assert_allclose(matmul_stack_back(product, stack), dA)


@pytest.mark.parametrize("sizes", [{"padding": 1}, {"stride": 2}, {"dilation": 2}])
def test_a_convolution_without_blas_computes_the_same(
    sizes: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    layer = Conv2D(3, 4, 3, rng=RNG, **sizes)
    x = RNG.standard_normal((16, 3, 9, 8))
    both = []
    for has_blas in (True, False):
        monkeypatch.setattr(windows, "HAS_BLAS", has_blas)
        y = layer.forward(x)
        both.append([y, layer.backward(np.cos(y)), layer.dW.copy(), layer.db.copy()])
    for ours, without in zip(*both, strict=True):
        np.testing.assert_allclose(without, ours, atol=1e-10)


IMAGE_LAYERS: dict[str, Callable[[], Layer]] = {
    "conv": lambda: Conv2D(3, 4, 3, rng=RNG),
    "conv, padding": lambda: Conv2D(3, 4, 3, padding=1, rng=RNG),
    "conv, stride": lambda: Conv2D(3, 4, 3, stride=2, rng=RNG),
    "conv, dilation": lambda: Conv2D(3, 4, 3, dilation=2, rng=RNG),
    "max pool": lambda: MaxPool2D(2),
    "max pool, overlapping": lambda: MaxPool2D(3, stride=2),
    "average pool": lambda: AveragePool2D(2),
    "batch norm": lambda: BatchNorm(3),
    "dropout": lambda: Dropout(0.5, rng=RNG),
}
ACTIVATIONS = (ReLU, LeakyReLU, Sigmoid, Tanh, ELU, Softplus, GELU, SiLU)
IMAGE_LAYERS |= {activation.__name__: activation for activation in ACTIVATIONS}


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("name", IMAGE_LAYERS)
def test_image_layers_keep_the_batch_innermost(name: str, training: bool) -> None:
    network = Sequential(IMAGE_LAYERS[name]())
    x = from_rows(to_rows(RNG.standard_normal((5, 3, 8, 8))))
    y = network.forward(x, training=training)
    assert in_rows(y)
    dx = network.backward(from_rows(to_rows(RNG.standard_normal(y.shape))))
    inner = dx.transpose(2, 1, 3, 0)  # what padding framed may leave gaps between rows
    assert inner.strides[-1] == dx.itemsize
    assert list(inner.strides) == sorted(inner.strides, reverse=True)


@pytest.mark.parametrize("make", [Flatten, GlobalAveragePool2D])
def test_the_way_back_to_images_keeps_the_batch_innermost(
    make: Callable[[], Layer],
) -> None:
    layer = make()
    y = layer.forward(from_rows(to_rows(RNG.standard_normal((5, 3, 4, 4)))))
    assert in_rows(layer.backward(np.ones_like(y)))


@pytest.mark.parametrize("make", [lambda: Dense(4, 3, rng=RNG), Flatten, ReLU])
def test_rows_of_numbers_have_the_batch_innermost_too(
    make: Callable[[], Layer],
) -> None:
    layer = make()
    y = layer.forward(np.asfortranarray(RNG.standard_normal((5, 4))))
    assert y.T.flags.c_contiguous
    dx = layer.backward(np.asfortranarray(RNG.standard_normal(y.shape)))
    assert dx.T.flags.c_contiguous


def test_images_are_flattened_with_the_batch_innermost() -> None:
    y = Flatten().forward(from_rows(to_rows(RNG.standard_normal((5, 3, 4, 4)))))
    assert y.T.flags.c_contiguous
    plain = RNG.standard_normal((5, 3, 4, 4))
    assert np.shares_memory(Flatten().forward(plain), plain)  # nothing to copy


def test_images_in_any_order_give_the_same_numbers() -> None:
    layer = Conv2D(3, 4, 3, rng=RNG)
    x = RNG.standard_normal((5, 3, 8, 8))
    np.testing.assert_array_equal(
        layer.forward(x), layer.forward(from_rows(to_rows(x)))
    )


STEPS = """
import resource
import numpy as np
from neuralblog import lenet

rng = np.random.default_rng(0)
network, x = lenet(rng=rng), rng.random((64, 1, 28, 28))
def step():
    network.parameter_gradients(network.forward(x))
for _ in range(5):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(10):
    step()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="about glibc's malloc")
def test_memory_is_kept_from_one_step_to_the_next() -> None:
    """One page of 4 KB at a time would be asked for again: some 600 in each step."""
    command = [sys.executable, "-c", STEPS]
    ended = subprocess.run(command, check=True, capture_output=True, text=True)
    assert int(ended.stdout) < 1000
