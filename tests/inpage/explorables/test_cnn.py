"""Draw a digit: what is read from a paper, clean or photographed."""

import numpy as np
import pytest

from neuralblog_site.inpage.explorables import cnn
from neuralblog_site.inpage.explorables.common import Array, held_back

SIZE = 280


def paper(ink: Array, kind: str, seed: int) -> Array:
    """Pixels of a canvas that shows ink (28, 28): clean, or in one of three lights."""
    page = np.zeros((SIZE, SIZE))
    page[56:224, 56:224] = cnn.resized(ink, 168, 168)
    light = np.ones((SIZE, SIZE))
    if kind != "clean":
        x, y = np.meshgrid(*2 * [np.linspace(-1, 1, SIZE)])
        light = 0.7 + 0.18 * x + 0.1 * y - 0.08 * (x * x + y * y)
        noise = np.random.default_rng(seed).standard_normal(light.shape)
        page = page * 0.75 - 0.02 * noise
    if kind == "lined":
        light[np.arange(SIZE) % 28 < 2] *= 0.8
    gray = np.clip(light * (1 - page), 0, 1)
    return np.stack([255 * gray] * 3 + [np.full_like(gray, 255)], axis=-1)


@pytest.mark.parametrize("kind", ["clean", "uneven", "lined"])
def test_a_digit_is_read_in_any_light(kind: str) -> None:
    x, y = held_back()
    right = 0
    for i in range(30):
        seen = cnn.prepared(paper(x[i, 0], kind, i))
        right += cnn.reading(seen["input"])["probabilities"].argmax() == y[i]
    assert right >= 27


@pytest.mark.parametrize("kind", ["clean", "uneven"])
def test_a_paper_without_ink_is_empty(kind: str) -> None:
    assert cnn.prepared(paper(np.zeros((28, 28)), kind, 0))["empty"]


def test_a_light_digit_on_an_uneven_dark_ground_is_read() -> None:
    x, y = held_back()
    pixels = paper(x[3, 0], "uneven", 0)
    pixels[..., :3] = 255 - pixels[..., :3]
    seen = cnn.prepared(pixels)
    assert cnn.reading(seen["input"])["probabilities"].argmax() == y[3]


@pytest.mark.parametrize("index", [2000, -1, 3.7, float("nan")])
def test_a_digit_that_is_not_there_is_refused(index: float) -> None:
    with pytest.raises(ValueError, match="a whole number from 0 to 1999"):
        cnn.held_back_digit(index)
