"""The shift: the facts are those of the post, and of shifts that can be done by hand."""

import numpy as np
import pytest

from neuralblog_site.inpage.explorables import pooling


def test_the_post_s_pairs_shifted_by_one() -> None:
    facts = pooling.numbers(pooling.SIGNALS["pairs"], 1)
    assert facts["x"] == [0, 1, 1, 0, 0, 1, 1, 0]
    assert facts["answers"] == [
        [1, 1, 1, 1],
        [0.5, 0.5, 0.5, 0.5],
        [0.75, 0.75, 0.75, 0.75],
        [1, -1, 1, -1],
    ]
    assert facts["off"] == ["0.50", "0.00", "0.00", "1.00"]
    assert facts["told"] == (
        "Moved by 1: mean and blur glide; max is off by 0.50, edge is off by 1.00."
    )


def test_before_the_shift_the_answers_are_the_post_s() -> None:
    facts = pooling.answer(**pooling.STATE)
    assert facts["answers"] == [
        [0, 1, 0, 1],
        [0, 1, 0, 1],
        [0.5, 1, 0.5, 1],
        [0, 0, 0, 0],
    ]
    assert facts["glides"] == [True] * 4


@pytest.mark.parametrize(
    ("signal", "shift", "words"),
    [
        ("pairs", 0, "Nothing has moved yet: each answer is where it is due."),
        ("pairs", 2, "Moved by 2: all four glide."),
        ("pairs", 4, "Moved by 4, which looks like no shift: all four glide."),
        (
            "hill",
            3,
            "Moved by 3: max is off by 0.05, mean is off by 0.10, "
            "blur is off by 0.08, edge is off by 0.05.",
        ),
    ],
)
def test_the_sentence_counts_who_glides(signal: str, shift: int, words: str) -> None:
    assert pooling.numbers(pooling.SIGNALS[signal], shift)["told"] == words


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("shift", [0, 2, 4, 6, 8])
def test_whole_windows_move_every_answer_along(seed: int, shift: int) -> None:
    signal = np.random.default_rng(seed).uniform(0, 1, 8).round(1).tolist()
    facts = pooling.numbers(signal, shift)
    assert facts["off"] == ["0.00"] * 4
    for now, then in zip(
        facts["answers"], pooling.numbers(signal, 0)["answers"], strict=True
    ):
        assert now == [*then[shift // 2 :], *then[: shift // 2]]


def test_halfway_lies_between_the_neighbors() -> None:
    assert pooling.due(np.array([0.0, 1, 4, 9]), 1).tolist() == [0.5, 2.5, 6.5, 4.5]
    assert pooling.due(np.array([0.0, 1, 4, 9]), 3).tolist() == [2.5, 6.5, 4.5, 0.5]


def test_the_script_has_the_same_signals() -> None:
    from neuralblog_site.inpage.catalog import SCRIPTS

    script = (SCRIPTS / "pooling.js").read_text("utf-8")
    for signal in pooling.SIGNALS.values():
        assert f"[{', '.join(f'{value:g}' for value in signal)}]" in script


def test_the_boat_of_the_post_moved_by_half_a_cell() -> None:
    _, off = pooling.boat(pooling.CELL // 2)
    assert [f"{part:.2f}" for part in off] == ["0.49", "0.87", "0.23"]
    facts = pooling.answer(**{**pooling.STATE, "view": "boat", "shift": 4})
    assert facts["x"] == pooling.STATE["signal"]  # the numbers stand still
    told = "Moved by 4 of a cell's 8 pixels. Off by: max 49 %, mean 87 %, blur 23 %."
    assert facts["told"] == told


@pytest.mark.parametrize("shift", [0, 8])
def test_by_a_whole_cell_every_map_of_the_boat_moves_along(shift: int) -> None:
    now, off = pooling.boat(shift)
    np.testing.assert_allclose(off, 0, atol=1e-12)
    for y, first in zip(now, pooling.maps(0), strict=True):
        assert y.shape == (12, 12)
        np.testing.assert_allclose(y, np.roll(first, -shift // 8, axis=1))
