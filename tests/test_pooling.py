"""Pooling: worked values, measured gradients, and where the gradient of a tie goes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.arrays import Array
from neuralblog.convolution import Conv2D
from neuralblog.gradients import check_gradients
from neuralblog.network import Sequential
from neuralblog.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D

Pool = type[MaxPool2D] | type[AveragePool2D]


@st.composite
def sizes(draw: st.DrawFn) -> tuple[int, int, Array]:
    """Draw a kernel size, a stride, and images that fit."""
    K, S = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    N, C = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    H, W = (K + draw(st.integers(0, 4)) for _ in range(2))
    x = np.random.default_rng(0).permutation(N * C * H * W)  # all different: no ties
    return K, S, x.reshape(N, C, H, W) / x.size


def test_max_and_average_by_hand() -> None:
    x = np.array([[[[1.0, 2, 5, 3], [4, 0, 1, 1], [0, 0, 7, 7], [0, 0, 7, 7]]]])
    np.testing.assert_array_equal(MaxPool2D(2).forward(x), [[[[4, 5], [0, 7]]]])
    average = [[[[1.75, 2.5], [0, 7]]]]
    np.testing.assert_array_equal(AveragePool2D(2).forward(x), average)
    np.testing.assert_array_equal(GlobalAveragePool2D().forward(x), [[2.8125]])


def test_tiles_go_through_a_window_row_by_row() -> None:
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    tiles = [tile[0, 0].tolist() for tile in MaxPool2D(2).tiles(x)]
    assert tiles[:2] == [[[0, 2], [8, 10]], [[1, 3], [9, 11]]]
    assert tiles[2:] == [[[4, 6], [12, 14]], [[5, 7], [13, 15]]]
    wide = MaxPool2D(3, stride=1).tiles(x)
    assert len(wide) == 9 and all(tile.shape == (1, 1, 2, 2) for tile in wide)


def test_shifting_by_one_breaks_max_pooling() -> None:
    signal = np.array([0.0, 0, 1, 1, 0, 0, 1, 1])
    image = np.stack([signal, signal])[np.newaxis, np.newaxis]
    moved = np.roll(image, -1, axis=3)
    for pool, before, after in (
        (MaxPool2D(2), [0, 1, 0, 1], [1, 1, 1, 1]),
        (AveragePool2D(2), [0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]),
    ):
        np.testing.assert_array_equal(pool.forward(image)[0, 0], [before])
        np.testing.assert_array_equal(pool.forward(moved)[0, 0], [after])


@pytest.mark.parametrize("pool", [MaxPool2D, AveragePool2D])
@settings(derandomize=True, deadline=None, max_examples=30)
@given(case=sizes())
def test_gradients(pool: Pool, case: tuple[int, int, Array]) -> None:
    K, S, x = case
    report = check_gradients(pool(K, stride=S), x, tolerance=1e-8)
    assert report.ok, report


@settings(derandomize=True, deadline=None, max_examples=10)
@given(case=sizes())
def test_gradients_of_the_global_average(case: tuple[int, int, Array]) -> None:
    report = check_gradients(GlobalAveragePool2D(), case[2], tolerance=1e-8)
    assert report.ok, report


@settings(derandomize=True, deadline=None, max_examples=30)
@given(case=sizes())
def test_the_plain_form(case: tuple[int, int, Array]) -> None:
    K, S, x = case
    windows = np.lib.stride_tricks.sliding_window_view(x, (K, K), axis=(2, 3))
    windows = windows[:, :, ::S, ::S]
    largest, mean = windows.max(axis=(4, 5)), windows.mean(axis=(4, 5))
    np.testing.assert_array_equal(MaxPool2D(K, stride=S).forward(x), largest)
    np.testing.assert_allclose(AveragePool2D(K, stride=S).forward(x), mean)


def test_of_equal_values_the_first_gets_the_whole_gradient() -> None:
    pool = MaxPool2D(2)
    pool.forward(np.full((1, 1, 2, 4), 3.0))
    dx = pool.backward(np.array([[[[1.0, 2.0]]]]))
    np.testing.assert_array_equal(dx, [[[[1, 0, 2, 0], [0, 0, 0, 0]]]])


def test_ties_are_right_seen_from_the_filter_before() -> None:
    """A flat background moves as one when the filter moves: the tie stays a tie."""
    rng = np.random.default_rng(0)
    x = np.full((2, 1, 9, 9), -0.5)
    x[:, :, 3:6, 4] = rng.random((2, 1, 3))
    network = Sequential(Conv2D(1, 2, 3, rng=rng), MaxPool2D(2))
    dy = rng.standard_normal(network.forward(x).shape)
    network.backward(dy)
    before, h = network.parameters.copy(), 1e-6
    for i, slope in enumerate(network.gradients.copy()):
        sides = []
        for side in (h, -h):
            network.parameters[:] = before
            network.parameters[i] += side
            sides.append(np.vdot(network.forward(x), dy))
        assert slope == pytest.approx((sides[0] - sides[1]) / (2 * h), abs=1e-8)


@pytest.mark.parametrize("pool", [MaxPool2D, AveragePool2D])
def test_what_does_not_fit_is_refused(pool: Pool) -> None:
    name = pool.__name__
    with pytest.raises(ValueError, match=f"^{name}: kernel_size is 0, expected 1 or"):
        pool(0)
    with pytest.raises(TypeError, match=f"^{name}: stride is 1.5, expected a whole"):
        pool(2, stride=1.5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=f"^{name}: the kernel spans 3 pixels, the "):
        pool(3).forward(np.zeros((1, 1, 5, 2)))
    with pytest.raises(ValueError, match=r"shape \(5, 5\), expected \(N, C, H, W\)"):
        pool(3).forward(np.zeros((5, 5)))


def test_the_global_average_takes_images() -> None:
    with pytest.raises(ValueError, match=r"shape \(5, 5\), expected \(N, C, H, W\)"):
        GlobalAveragePool2D().forward(np.zeros((5, 5)))


def test_a_gap_in_the_data_gets_the_slope_of_its_window() -> None:
    """NaN counts as the largest; of several, the first one."""
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    x[0, 0, 0, 0] = x[0, 0, 2, 3] = x[0, 0, 3, 2] = np.nan
    pool = MaxPool2D(2)
    y = pool.forward(x)
    np.testing.assert_array_equal(y[0, 0], [[np.nan, 7], [13, np.nan]])
    dx = pool.backward(np.array([[[[1.0, 2], [3, 4]]]]))
    expected = np.zeros((4, 4))
    expected[0, 0], expected[1, 3], expected[3, 1], expected[2, 3] = 1, 2, 3, 4
    np.testing.assert_array_equal(dx[0, 0], expected)


@pytest.mark.parametrize(
    ("kind", "value", "mean"),
    [("uint8", 200, 200), ("bool", 1, 1), ("f2", 40000, 40000)],
)
def test_a_mean_does_not_overflow(kind: str, value: int, mean: float) -> None:
    x = np.full((1, 1, 2, 2), value).astype(kind)
    assert AveragePool2D(2).forward(x).item() == pytest.approx(mean, rel=1e-3)
