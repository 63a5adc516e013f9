"""Kernel lab: it shows what correlate2d returns, cell by cell."""

from typing import Any

import numpy as np
import pytest

from neuralblog import KERNELS, correlate2d
from neuralblog_site.inpage.explorables import convolution
from neuralblog_site.inpage.explorables.common import SIGNS, from_text

WHOLE = {key: value for key, value in convolution.STATE.items() if key != "at"}


def state(**changes: Any) -> dict[str, Any]:
    return {**convolution.STATE, **changes}


def whole(**changes: Any) -> dict[str, Any]:
    return {**WHOLE, **changes}


def test_the_post_s_numbers() -> None:
    assert convolution.result(**WHOLE)["y"] == [[0, -27, -27]] * 3
    facts = convolution.answer(**state(at=[0, 1]))
    assert facts["products"] == [[0, 0, -9]] * 3
    assert facts["told"] == "Row 0, column 1: the products add up to −27."


@pytest.mark.parametrize("picture", ["square", "boat", "digit", "checkerboard"])
@pytest.mark.parametrize(
    ("name", "stride", "padding", "dilation"),
    [("blur", 1, 0, 1), ("sharpen", 3, 2, 2), ("emboss", 2, 3, 1)],
)
def test_it_shows_what_correlate2d_returns(
    picture: str, name: str, stride: int, padding: int, dilation: int
) -> None:
    given = {"stride": stride, "padding": padding, "dilation": dilation}
    kernel = KERNELS[name].ravel().tolist()
    image = convolution.shown(picture, "")
    y = correlate2d(image, KERNELS[name], **given)
    facts = convolution.result(**whole(picture=picture, kernel=kernel, **given))
    np.testing.assert_allclose(facts["y"], y, atol=0.0051)
    assert len(facts["rows"]) == y.shape[0] and facts["rows"][-1] == stride * (
        y.shape[0] - 1
    )
    assert convolution.written(**whole(picture=picture, kernel=kernel, **given))[
        "sizes"
    ][0].endswith(f"= {y.shape[0]}")
    ring = np.array(convolution.pixels(picture, "", padding)["x"])
    at = [y.shape[0] // 2, y.shape[1] - 1]
    facts = convolution.answer(**state(picture=picture, kernel=kernel, at=at, **given))
    window = ring[np.ix_(facts["rows"], facts["columns"])]
    assert np.sum(window * KERNELS[name]) == pytest.approx(y[tuple(at)], abs=0.06)


def test_bias_and_relu() -> None:
    facts = convolution.result(**whole(bias=28.0, relu=True, kernel=[-1.0]))
    assert facts["y"] == [[28, 28, 28, 19, 19]] * 5
    facts = convolution.answer(**state(bias=2.5, relu=True, at=[0, 2]))
    told = "Row 0, column 2: the products add up to −27; −27 + 2.5 = −24.5; ReLU makes it 0."
    assert facts["told"] == told
    assert convolution.result(**whole(bias=2.5, relu=True))["y"] == [[2.5, 0, 0]] * 3


def test_a_place_that_is_gone_becomes_the_last() -> None:
    assert convolution.answer(**state(at=[9, 9]))["at"] == [2, 2]


def test_a_kernel_that_does_not_fit_is_told() -> None:
    with pytest.raises(ValueError, match="window is 7 pixels wide"):
        convolution.result(**whole(dilation=3))
    with pytest.raises(ValueError, match="5 numbers are none"):
        convolution.result(**whole(kernel=[1.0] * 5))


def test_a_kernel_of_another_size_keeps_its_numbers() -> None:
    assert convolution.resized([1, 2, 3, 4], 3)["kernel"] == [1, 2, 0, 3, 4, 0, 0, 0, 0]
    assert convolution.resized([1, 2, 3, 4], 1)["kernel"] == [1]


def test_a_picture_of_the_reader_fits_into_an_address() -> None:
    canvas = np.zeros((2, 3, 4))
    canvas[0, 0] = [255, 255, 255, 255]
    canvas[0, 1] = [0, 0, 0, 255]  # and what is transparent is white
    own = convolution.packed(canvas)["own"]
    assert own == "3._0____"
    assert from_text(own, 3).tolist() == [[1, 0, 1], [1, 1, 1]]
    assert set(SIGNS) <= set(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
    )
    assert len(set(SIGNS)) == 64


@pytest.mark.parametrize("own", ["", "3", "3.", "3.00", "0.00", "x.0", "1.!", "41.0"])
def test_what_is_no_picture_is_refused(own: str) -> None:
    with pytest.raises(ValueError, match="choose one"):
        convolution.answer(**state(picture="own", own=own))


@pytest.mark.parametrize(("stride", "dilation", "padding"), [(1, 1, 0), (2, 3, 2)])
def test_the_code_for_scipy_gives_the_same(
    stride: int, dilation: int, padding: int
) -> None:
    given = whole(
        picture="boat", stride=stride, dilation=dilation, padding=padding, bias=-0.5
    )
    text = dict(convolution.written(**given)["code"])["SciPy, which flips the kernel"]
    *lines, call = text.split("\n")
    known = {
        "np": np,
        "image": convolution.shown("boat", ""),
        "convolve2d": lambda x, k, mode: correlate2d(x, np.rot90(k, 2)),
    }
    exec("\n".join(lines), known)
    np.testing.assert_allclose(
        eval(call, known), convolution.result(**given)["y"], atol=0.0051
    )
