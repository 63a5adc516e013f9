"""The matrix: pictures are rows, bars are columns, and a shuffle changes no score."""

import json
import re

import numpy as np
import pytest

from neuralblog_site.inpage import catalog
from neuralblog_site.inpage.explorables import images
from neuralblog_site.inpage.explorables.common import LEVELS, pictured

DIGITS = range(10)


def cells(lines: list[str]) -> np.ndarray:
    plain = [re.sub("[A-Z]", lambda run: (ord(run[0]) - 63) * "h", s) for s in lines]
    return np.array([[LEVELS.index(level) - 17 for level in line] for line in plain])


@pytest.mark.parametrize("order", images.LIMITS["order"])
@pytest.mark.parametrize("score", [0, 7])
def test_the_picture_is_the_row_and_the_bars_are_the_column(
    order: str, score: int
) -> None:
    facts = images.answer(3, [15, 14], score, order, "weights")
    W = images.learned(order)[1].reshape(10, 784)
    expected = np.clip(17 * W[score] / images.STRONGEST, -17, 17)
    np.testing.assert_allclose(cells(facts["row"]).ravel(), expected, atol=0.51)
    np.testing.assert_allclose(facts["weights"], W[:, 15 * 28 + 14], atol=0.0051)


@pytest.mark.parametrize("digit", DIGITS)
def test_products_and_the_bias_add_up_to_the_score(digit: int) -> None:
    facts = images.answer(digit, [0, 0], digit, "plain", "products")
    layer = images.learned("plain")[0].layers[1]
    added = cells(facts["row"]).sum() * images.STRONGEST / 17 + layer.b[digit]
    assert facts["scores"][digit] == pytest.approx(added, abs=0.3)  # 35 levels


@pytest.mark.parametrize("digit", DIGITS)
def test_a_shuffle_changes_no_score_and_no_share(digit: int) -> None:
    plain, shuffled = (
        images.answer(digit, [15, 14], 8, order, "weights")
        for order in ("plain", "shuffled")
    )
    assert plain["scores"] == shuffled["scores"]
    assert plain["told"].split("The")[1] == shuffled["told"].split("The")[1]
    assert plain["image"] != shuffled["image"]
    rows = (np.sort(cells(facts["row"]), axis=None) for facts in (plain, shuffled))
    np.testing.assert_array_equal(*rows)


def test_the_weights_move_with_their_pixels() -> None:
    W, again = (images.learned(order)[1] for order in ("plain", "shuffled"))
    moved = images.ordered(W[:, None], "shuffled")[:, 0]
    np.testing.assert_allclose(again, moved, atol=1e-9)


def test_ink_in_the_middle_speaks_against_a_0() -> None:
    told = images.answer(**images.STATE)["told"]
    assert told == (
        "Ink here speaks most for a 1, most against a 0. The 8 is read as an 8; "
        "of 2,000 new digits, 86.9 % are right."
    )


def test_where_no_ink_was_the_weights_are_still_zero() -> None:
    facts = images.answer(**{**images.STATE, "at": [0, 0]})
    assert facts["weights"] == [0] * 10
    assert facts["told"].startswith("No training digit has ink here")


def test_one_of_the_ten_is_misread() -> None:
    read = [
        int(np.argmax(images.answer(d, [0, 0], 0, "plain", "weights")["scores"]))
        for d in DIGITS
    ]
    assert read == [0, 1, 2, 3, 4, 5, 6, 9, 8, 9]


def test_the_table_has_every_row_and_every_digit() -> None:
    rows = json.loads(catalog.file("images"))["table"]["answer"]
    for name in ("score", "digit"):
        assert {given[name] for given, _ in rows if name in given} | {8} == set(DIGITS)


def test_a_picture_as_text_keeps_zero_and_the_ends() -> None:
    assert pictured(np.array([[-2, -1, 0], [0.53, 1, 3]]), 1) == ["00h", "qyy"]
    assert pictured(np.eye(3, 31), 1) == ["yZB", "hyZA", "AyZh"]
    assert cells(["yZB"]).tolist() == [[17] + 30 * [0]]
    assert LEVELS.index("h") == 17 and int(LEVELS[34], 36) == 34
