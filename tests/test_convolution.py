"""Convolution: worked values, the plain form, measured gradients, clear refusals."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.arrays import Array
from neuralblog.convolution import KERNELS, Conv2D, correlate2d, output_size
from neuralblog.gradients import check_gradients

STEP_EDGE = np.array([[0, 0, 0, 9, 9]] * 5)


@st.composite
def convolutions(draw: st.DrawFn, largest: int = 1) -> tuple[Conv2D, Array]:
    """Draw a layer and images for it: from one window to `largest` more places."""
    rng = np.random.default_rng(draw(st.integers(0, 9)))
    K, S, P, D = (draw(st.integers(*ends)) for ends in ((1, 7), (1, 3), (0, 3), (1, 3)))
    N, C, F = (draw(st.integers(1, 2)) for _ in range(3))
    smallest = max(1, D * (K - 1) + 1 - 2 * P)
    H, W = (smallest + draw(st.integers(0, largest)) for _ in range(2))
    layer = Conv2D(C, F, K, stride=S, padding=P, dilation=D, rng=rng)
    layer.b[...] = rng.standard_normal(F)
    return layer, rng.standard_normal((N, C, H, W))


def plain(layer: Conv2D, x: Array) -> Array:
    """The same with loops over images, filters and channels."""
    names = ("stride", "padding", "dilation")
    options = {name: getattr(layer.window, name) for name in names}
    return np.array(
        [
            [
                b
                + sum(
                    correlate2d(*pair, **options) for pair in zip(image, W, strict=True)
                )
                for W, b in zip(layer.W, layer.b, strict=True)
            ]
            for image in x
        ]
    )


def test_a_step_edge_by_hand() -> None:
    edge = KERNELS["vertical edge"]
    np.testing.assert_array_equal(correlate2d(STEP_EDGE, edge), [[0, -27, -27]] * 3)
    turned = correlate2d(STEP_EDGE, edge[::-1, ::-1])
    np.testing.assert_array_equal(turned, [[0, 27, 27]] * 3)


@pytest.mark.parametrize(
    ("size", "kernel_size", "options", "expected"),
    [
        (28, 3, {}, 26),
        (28, 3, {"padding": 1}, 28),
        (7, 3, {"stride": 2}, 3),
        (10, 3, {"stride": 2}, 4),
        (7, 3, {"dilation": 2}, 3),
        (224, 7, {"stride": 2, "padding": 3}, 112),
        (227, 11, {"stride": 4}, 55),
    ],
)
def test_output_sizes(
    size: int, kernel_size: int, options: dict[str, int], expected: int
) -> None:
    assert output_size(size, kernel_size, **options) == expected
    image, kernel = np.zeros((size, size)), np.zeros((kernel_size, kernel_size))
    assert correlate2d(image, kernel, **options).shape == (expected, expected)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(convolutions(largest=9))
def test_the_fast_form_equals_the_plain_one(case: tuple[Conv2D, Array]) -> None:
    layer, x = case
    np.testing.assert_allclose(layer.forward(x), plain(layer, x), atol=1e-12)


def test_wide_products_in_blocks_equal_the_plain_form() -> None:
    rng = np.random.default_rng(0)
    layer = Conv2D(3, 16, 5, padding=1, rng=rng)
    x = rng.standard_normal((16, 3, 60, 60))  # over a million multiplications a row
    np.testing.assert_allclose(layer.forward(x), plain(layer, x), atol=1e-12)


@settings(derandomize=True, deadline=None, max_examples=25)
@given(convolutions())
def test_gradients(case: tuple[Conv2D, Array]) -> None:
    report = check_gradients(*case, tolerance=1e-8)
    assert report.ok, report


@settings(derandomize=True, deadline=None, max_examples=60)
@given(convolutions(largest=9))
def test_gradients_of_larger_images(case: tuple[Conv2D, Array]) -> None:
    """The layer is linear in x, and in W: its slope times any step is the change."""
    layer, x = case
    rng = np.random.default_rng(0)
    layer.b[...] = 0
    dy = rng.standard_normal(layer.forward(x).shape)
    dx = layer.backward(dy)
    change = np.vdot(dy, layer.forward(x))
    assert np.vdot(dx, x) == pytest.approx(change, abs=1e-9)
    assert np.vdot(layer.dW, layer.W) == pytest.approx(change, abs=1e-9)
    np.testing.assert_allclose(layer.db, dy.sum(axis=(0, 2, 3)), atol=1e-10)


def test_parameter_gradients_are_those_of_backward() -> None:
    rng = np.random.default_rng(0)
    layer = Conv2D(2, 3, 3, rng=rng)
    dy = rng.standard_normal(layer.forward(rng.standard_normal((4, 2, 6, 6))).shape)
    layer.backward(dy)
    dW, db = layer.dW.copy(), layer.db.copy()
    layer.dW[...] = layer.db[...] = np.nan
    layer.parameter_gradients(dy)
    np.testing.assert_array_equal(layer.dW, dW)
    np.testing.assert_array_equal(layer.db, db)


def test_a_kernel_that_slides_moves_its_map_along() -> None:
    rng = np.random.default_rng(0)
    layer = Conv2D(1, 1, 3, rng=rng)
    x = rng.standard_normal((1, 1, 9, 9))
    y = layer.forward(x)
    moved = layer.forward(np.roll(x, 1, axis=3))
    np.testing.assert_allclose(moved[..., 1:], y[..., :-1])


def test_an_image_is_not_a_batch_and_channels_must_fit() -> None:
    layer = Conv2D(3, 2, 3, rng=np.random.default_rng(0))
    message = r"^Conv2D\(3, 2, 3\): x has shape \(1, 1, 8, 8\), expected \(N, 3, H, W\)"
    with pytest.raises(ValueError, match=message):
        layer.forward(np.zeros((1, 1, 8, 8)))
    with pytest.raises(ValueError, match=r"shape \(3, 8, 8\), expected \(N, 3, H, W\)"):
        layer.forward(np.zeros((3, 8, 8)))


def test_a_kernel_larger_than_the_padded_image_is_refused() -> None:
    layer = Conv2D(1, 1, 5, padding=1, rng=np.random.default_rng(0))
    for shape in ((1, 1, 9, 2), (1, 1, 2, 9)):
        with pytest.raises(
            ValueError, match="^Conv2D: the kernel spans 5 pixels, the "
        ):
            layer.forward(np.zeros(shape))
    message = "^output_size: the kernel spans 9 pixels, the padded image has 8$"
    with pytest.raises(ValueError, match=message):
        output_size(6, 5, padding=1, dilation=2)
    with pytest.raises(ValueError, match="the kernel spans 3 pixels"):
        correlate2d(np.zeros((5, 2)), np.zeros((3, 3)))


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"stride": 0}, ValueError),
        ({"stride": 1.5}, TypeError),
        ({"padding": -1}, ValueError),
        ({"dilation": 0}, ValueError),
    ],
)
def test_sizes_must_be_whole_and_positive(
    options: dict[str, int], error: type[Exception]
) -> None:
    (name,) = options
    with pytest.raises(error, match=f"^Conv2D: {name} is"):
        Conv2D(1, 1, 3, **options, rng=np.random.default_rng(0))
    with pytest.raises(error, match=f"^output_size: {name} is"):
        output_size(9, 3, **options)


def test_correlate2d_takes_gray_images() -> None:
    with pytest.raises(
        ValueError, match=r"image has shape \(3, 5, 5\), expected \(H, W"
    ):
        correlate2d(np.zeros((3, 5, 5)), np.zeros((3, 3)))


def test_a_convolution_shows_its_options() -> None:
    rng = np.random.default_rng(0)
    assert repr(Conv2D(1, 6, 5, rng=rng)) == "Conv2D(1, 6, 5)"
    layer = Conv2D(1, 6, 5, stride=2, padding=1, dilation=3, rng=rng)
    assert repr(layer) == "Conv2D(1, 6, 5, stride=2, padding=1, dilation=3)"


def test_named_kernels_cannot_be_changed_and_do_what_they_say() -> None:
    flat = np.full((5, 5), 0.3)
    for name, kernel in KERNELS.items():
        with pytest.raises(ValueError, match="read-only"):
            kernel[0, 0] = 5
        kept = name in ("identity", "blur", "sharpen", "emboss")
        expected = np.full((3, 3), 0.3 if kept else 0)
        np.testing.assert_allclose(correlate2d(flat, kernel), expected, atol=1e-12)
    image = np.random.default_rng(0).random((6, 6))
    same = correlate2d(image, KERNELS["identity"], padding=1)
    np.testing.assert_array_equal(same, image)


def test_small_kinds_of_whole_numbers_do_not_overflow() -> None:
    size = np.uint8(250)
    assert output_size(size, np.uint8(3), padding=np.uint8(10)) == 268
    layer = Conv2D(
        np.uint8(20), np.uint8(20), np.uint8(3), rng=np.random.default_rng(0)
    )
    assert layer.W.std() == pytest.approx(np.sqrt(2 / 180), rel=0.1)


def test_correlate2d_names_itself() -> None:
    with pytest.raises(
        ValueError, match="^correlate2d: stride is 0, expected 1 or more"
    ):
        correlate2d(np.ones((3, 3)), np.ones((2, 2)), stride=0)
    with pytest.raises(
        ValueError, match="^correlate2d: the kernel spans 3 pixels, the"
    ):
        correlate2d([[1, 2], [3, 4]], np.ones((3, 1)))
