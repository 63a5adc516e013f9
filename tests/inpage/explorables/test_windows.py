"""The way back: scatter, turned kernel and the sum over places give the library's numbers."""

import numpy as np
import pytest

from neuralblog import correlate2d
from neuralblog_site.inpage.explorables import windows
from neuralblog_site.inpage.explorables.common import Facts


def ask(layer: str, picked: str, *at: int) -> Facts:
    return windows.answer(layer, picked, [*at])


def test_what_the_places_send_adds_up_to_dx() -> None:
    dx, _ = windows.gradients()
    sent = [ask("convolution", "dy", *at)["sent"] for at in np.ndindex(3, 3)]
    assert np.array_equal(np.sum(sent, axis=0), dx)


@pytest.mark.parametrize("at", [*np.ndindex(5, 5)])
def test_what_a_pixel_collects_is_what_the_scatter_sends(at: tuple[int, int]) -> None:
    dx, _ = windows.gradients()
    turned = correlate2d(windows.DY, windows.W[::-1, ::-1], padding=2)
    facts = ask("convolution", "dx", *at)
    assert np.sum(facts["sent"]) == dx[at] == turned[at]
    r, c, high, wide = facts["frames"]["W"]
    i, j, *_ = facts["frames"]["dy"]
    cells = np.array(facts["W"])[r : r + high, c : c + wide]
    met = windows.DY[i : i + high, j : j + wide]
    assert np.sum(cells * met) == dx[at]


@pytest.mark.parametrize("at", [*np.ndindex(3, 3)])
def test_a_weight_collects_from_all_places(at: tuple[int, int]) -> None:
    _, dW = windows.gradients()
    facts = ask("convolution", "dW", *at)
    assert np.sum(facts["sent"]) == dW[at] == correlate2d(windows.X, windows.DY)[at]


@pytest.mark.parametrize(
    ("layer", "arrived"), [("max", 10), ("shared", 10), ("mean", 10), ("every", 20)]
)
def test_only_the_bug_hands_out_more_than_came(layer: str, arrived: int) -> None:
    facts = ask(layer, "dy", 0, 1)
    assert np.sum(facts["dx"]) == arrived
    assert f"10 was sent and {arrived} arrived" in str(facts["told"])
    assert ("bug" in str(facts["told"])) == (layer == "every")
    parts = [ask(layer, "dy", *at)["sent"] for at in np.ndindex(2, 2)]
    assert np.array_equal(np.sum(parts, axis=0), facts["dx"])


@pytest.mark.parametrize(
    ("layer", "at", "words"),
    [
        ("max", (0, 0), "The largest gets all of the message 1."),
        ("max", (0, 1), "4 cells tie: the first gets all of the message 2."),
        ("shared", (1, 1), "2 cells tie and share the message 4."),
        ("every", (1, 1), "2 cells tie, and each gets all of the message 4."),
        ("every", (0, 0), "No tie here: the largest gets all of the message 1."),
        ("mean", (1, 1), "Each of the four gets a quarter of the message 4."),
    ],
)
def test_the_sentence_tells_who_wins(
    layer: str, at: tuple[int, int], words: str
) -> None:
    assert str(ask(layer, "dy", *at)["told"]).startswith(words)


def test_a_pixel_of_a_pool_shows_its_window() -> None:
    facts = ask("max", "dx", 1, 3)
    assert facts["frames"]["dy"] == [0, 1, 1, 1]
    assert facts["frames"]["dx"] == [1, 3, 1, 1]


@pytest.mark.parametrize("picked", windows.LIMITS["picked"])
def test_the_first_key_to_each_side_shows_something(picked: str) -> None:
    r, c = windows.STATE["at"] if picked == windows.STATE["picked"] else (0, 0)
    sides = {(r, c + 1), (max(0, r - 1), c), (r, max(0, c - 1))}
    assert all(np.any(ask("convolution", picked, *at)["sent"]) for at in sides)


def test_the_corner_is_seen_once() -> None:
    told = str(ask("convolution", "dx", 0, 0)["told"])
    assert told.startswith("One window saw this pixel.")
    assert "added up, is 1," in told


def test_a_place_that_another_layer_lacks_is_the_nearest() -> None:
    assert ask("convolution", "dy", 4, 4)["at"] == [2, 2]
    assert ask("max", "dW", 2, 0)["at"] == [1, 0]
