"""Draw a digit: what is read from a paper, drawn on or photographed, and why."""

import re
from typing import Any

import numpy as np
import pytest
from PIL import Image

from neuralblog import feature_maps, softmax, trained
from neuralblog_site.inpage.explorables import cnn
from neuralblog_site.inpage.explorables.common import SIGNS, Array, held_back
from neuralblog_site.project.places import ROOT

SIZE = 280


def answer(**changes: Any) -> dict[str, Any]:
    return cnn.answer(**{**cnn.STATE, **changes})


def drawn(*strokes: list[tuple[int, int]], **changes: Any) -> dict[str, Any]:
    text = ".".join(cnn.drawn(*stroke) for stroke in strokes)
    return answer(**{"index": -1, "strokes": text, **changes})


def paper(ink: Array, kind: str, seed: int) -> Array:
    """Pixels of a picture that shows ink (28, 28): clean, or photographed."""
    page = np.zeros((SIZE, SIZE))
    page[56:224, 56:224] = cnn.resized(ink, 168, 168)
    light = np.ones((SIZE, SIZE))
    if kind != "clean":
        x, y = np.meshgrid(*2 * [np.linspace(-1, 1, SIZE)])
        light = 0.7 + 0.18 * x + 0.1 * y - 0.08 * (x * x + y * y)
        rng = np.random.default_rng(seed)
        noise = rng.standard_normal(light.shape)
        page = page * 0.75 - (0.05 if kind == "grainy" else 0.02) * noise
    ruled = np.arange(SIZE) % 28 < 2
    if kind in ("lined", "checked"):
        light[ruled] *= 0.8
    if kind == "checked":
        light[:, ruled] *= 0.8
    if kind == "shaded":  # by the hand that holds the camera
        turn, off = rng.uniform(0, 2 * np.pi), rng.uniform(-0.3, 0.3)
        edge = np.cos(turn) * x + np.sin(turn) * y - off
        light *= 1 - 0.3 / (1 + np.exp(-12 * edge))
    gray = np.clip(light * (1 - page), 0, 1)
    if kind == "tilted":
        held = Image.fromarray((255 * gray).astype(np.uint8))
        turned = held.rotate(rng.uniform(-12, 12), Image.Resampling.BILINEAR)
        gray = np.asarray(turned)[30:-30, 30:-30] / 255
    return np.stack([255 * gray] * 3 + [np.full_like(gray, 255)], axis=-1)


def read(pixels: Array) -> int:
    p = answer(index=-1, **cnn.photographed(pixels))["p"]
    return int(np.argmax(p))


PAPERS = ["clean", "uneven", "lined", "grainy", "tilted", "checked", "shaded"]


@pytest.mark.parametrize("kind", PAPERS)
def test_a_digit_is_read_on_any_paper(kind: str) -> None:
    x, y = held_back()
    right = sum(read(paper(x[i, 0], kind, i)) == y[i] for i in range(30))
    assert right >= (27 if kind in PAPERS[-2:] else 29)


@pytest.mark.parametrize("kind", ["clean", "uneven"])
def test_a_paper_without_ink_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="no ink in this picture"):
        cnn.photographed(paper(np.zeros((28, 28)), kind, 0))


def test_a_light_digit_on_an_uneven_dark_ground_is_read() -> None:
    x, y = held_back()
    pixels = paper(x[3, 0], "uneven", 0)
    pixels[..., :3] = 255 - pixels[..., :3]
    assert read(pixels) == y[3]


@pytest.mark.parametrize("light", [0, 255])
def test_a_drawing_without_a_ground_stands_out_from_one(light: int) -> None:
    x, y = held_back()
    pixels = np.full((28, 28, 4), float(light))
    pixels[..., 3] = 255 * x[3, 0]
    assert read(pixels) == y[3]


def test_the_post_s_3() -> None:
    facts = answer()
    x, y = held_back()
    assert facts["p"][3] == 0.842 and facts["p"][8] == 0.1443 and y[53] == 3
    assert facts["told"] == "It reads a 3, 84.2 %, and the label says so, too."
    assert facts["sure"] == "84.2 %"
    np.testing.assert_allclose(
        facts["p"], softmax(trained().forward(x[53:54]))[0], atol=5.1e-5
    )


def test_a_wrong_reading_is_told() -> None:
    x, y = held_back()
    wrong = int(np.flatnonzero(trained().forward(x).argmax(axis=1) != y)[0])
    assert "but the label says a" in answer(index=wrong)["told"]


def test_a_tap_is_a_disk_and_a_line_has_round_ends() -> None:
    disk = np.pi * (cnn.PEN / 2) ** 2
    assert cnn.inked(cnn.drawn((140, 140))).sum() == pytest.approx(disk, rel=0.01)
    line = cnn.inked(cnn.drawn((60, 60), (220, 60)))
    assert line.sum() == pytest.approx(disk + 160 * cnn.PEN, rel=0.01)
    assert line[60, 55] == 1 and line[60, 45] == line[75, 100] == 0
    corner = cnn.inked(cnn.drawn((0, 0), (279, 279)))
    assert corner.shape == (280, 280) and corner[0, 0] == corner[279, 279] == 1


def test_what_is_drawn_is_cropped_and_read() -> None:
    facts = drawn([(140, 40), (146, 240)])
    assert facts["told"].startswith("It reads a 1")
    left, top, width, height = facts["box"]
    assert (left, top) == pytest.approx((129, 29), abs=1)
    assert (width, height) == pytest.approx((28, 222), abs=2)
    small = drawn([(140, 100), (143, 200)])
    assert small["told"].startswith("It reads a 1")
    cross = drawn([(140, 40), (140, 240)], [(60, 140), (220, 140)])
    assert cross["box"] == pytest.approx([49, 29, 183, 223], abs=2)


def test_one_draws_over_a_held_back_digit() -> None:
    before = answer(index=53)
    over = drawn([(70, 60), (70, 200)], index=53)
    assert over["under"] == before["under"] and over["image"] != before["image"]
    assert "label" not in over["told"]


def test_a_digit_is_turned_about_its_middle_and_to_the_right() -> None:
    image = held_back()[0][53, 0]
    assert (cnn.turned(image, 0) == image).all()
    for degrees, times in (90, -1), (-90, 1), (180, 2):
        quarter = np.rot90(image, times)  # of a turn, to the left
        np.testing.assert_allclose(cnn.turned(image, degrees), quarter, atol=1e-12)
    ramp = np.mgrid[:28, :28][1] / 27.0  # a plane stays a plane
    inner = (slice(8, 20), slice(8, 20))
    slope = np.gradient(cnn.turned(ramp, 30)[inner])
    np.testing.assert_allclose(slope[0], np.sin(np.pi / 6) / 27)
    np.testing.assert_allclose(slope[1], np.cos(np.pi / 6) / 27)


def test_the_post_s_3_can_lean_to_one_side_only() -> None:
    read = [
        int(np.argmax(answer(turn=degrees)["p"])) for degrees in (-10, -5, 0, 5, 10)
    ]
    assert read == [3, 3, 3, 8, 8]


def test_an_empty_paper_is_read_as_nothing() -> None:
    facts = answer(index=-1, noise=0.3)
    assert (
        facts["p"] == []
        and facts["sure"] == ""
        and facts["told"].startswith("The paper is empty")
    )


@pytest.mark.parametrize("strokes", ["x", "1234", "000.", ".000", "00!", "000..000"])
def test_what_is_no_drawing_is_refused(strokes: str) -> None:
    with pytest.raises(ValueError, match="holds no drawing"):
        answer(strokes=strokes)


@pytest.mark.parametrize("own", ["x", "3.000", "28.0", "27." + 27 * 27 * "0"])
def test_what_is_no_picture_is_refused(own: str) -> None:
    with pytest.raises(ValueError, match="picture"):
        answer(own=own)


def test_the_script_writes_as_this_reads() -> None:
    script = (ROOT / "web" / "kit" / "paper.js").read_text("utf-8")
    rules = (ROOT / "web" / "kit.css").read_text("utf-8")
    assert f'SIGNS = "{SIGNS}"' in script and f"SIDE = {cnn.PAPER};" in script
    assert f"stroke-width: {cnn.PEN}px; stroke-linecap: round" in rules


@pytest.mark.parametrize("layer", range(13))
def test_a_number_and_its_window_are_those_of_the_library(layer: int) -> None:
    image = held_back()[0][53]
    y = image if not layer else feature_maps(trained(), image)[layer - 1][1]
    rng = np.random.default_rng(layer)
    picture = cnn.arranged(y)
    for at in [[-1, -1], *rng.integers(0, 90, (4, 2)).tolist()]:
        facts = answer(layer=layer, at=at)
        cell = cnn.cell_of(y, *facts["at"])
        assert picture[tuple(facts["at"])] == y[cell]
        value = f"{y[cell] + 0.0:.4f}".replace("-", "−")
        assert value in facts["how"] or "ReLU makes it 0" in facts["how"]
        row, column, high, wide = facts["window"]
        changed = rng.random((1, 28, 28))
        changed[0, row : row + high, column : column + wide] = image[
            0, row : row + high, column : column + wide
        ]
        again = changed if not layer else feature_maps(trained(), changed)[layer - 1][1]
        assert again[cell] == pytest.approx(y[cell], abs=1e-9)  # the rest is not seen
    best = answer(layer=layer)["at"]
    assert picture[tuple(best)] == pytest.approx(picture.max())


@pytest.mark.parametrize(("layer", "size"), [(1, 5), (3, 6), (4, 14), (6, 16)])
def test_a_window_within_the_image_is_as_large_as_the_post_says(
    layer: int, size: int
) -> None:
    assert answer(layer=layer, at=[4, 3])["window"][2:] != [0, 0]
    middle = {1: [14, 14], 3: [7, 7], 4: [5, 5], 6: [2, 2]}[layer]
    assert answer(layer=layer, at=middle)["window"][2:] == [size, size]


@pytest.mark.parametrize(
    ("layer", "numbers"), [(1, 50), (3, 4), (4, 300), (7, 1), (8, 800), (12, 168)]
)
def test_its_numbers_are_shown(layer: int, numbers: int) -> None:
    text = cnn.opened(**{**cnn.STATE, "layer": layer})["text"]
    assert len(re.findall(r"^ .*", text, re.M)[0].split()) > 0
    shown = [n for line in text.splitlines() if line[0] == " " for n in line.split()]
    assert len(shown) == numbers
    assert "nothing is computed" in cnn.opened(**{**cnn.STATE, "layer": 0})["text"]
