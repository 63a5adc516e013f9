"""What was read as what: the table counts every digit once, and cells open to their own."""

import numpy as np
import pytest

from neuralblog import softmax, trained
from neuralblog_site.inpage.explorables import confusion
from neuralblog_site.inpage.explorables.common import held_back

EACH = [[row, column] for row in range(10) for column in range(10)]


def test_the_table_counts_each_digit_once() -> None:
    counts = np.array(confusion.answer(**confusion.STATE)["counts"])
    assert counts.sum() == 2000
    assert (counts.sum(axis=1) == np.bincount(held_back()[1])).all()


def test_a_cell_opens_to_digits_that_were_read_so() -> None:
    x, labels = held_back()
    for is_, as_ in EACH:
        facts = confusion.answer([is_, as_])
        count = facts["counts"][is_][as_]
        assert len(facts["digits"]) == min(count, confusion.MOST)
        for (index, picture), sure in zip(facts["digits"], facts["sure"], strict=True):
            p = softmax(trained().forward(x[index : index + 1]))[0]
            assert (labels[index], p.argmax()) == (is_, as_)
            assert sure == pytest.approx(100 * p[as_], abs=0.51)
            assert picture.startswith("Z")  # its first lines are paper


@pytest.mark.parametrize(
    ("at", "told"),
    [
        ([9, 4], "Of 193 pictures of a 9, 3 were read as a 4."),
        ([1, 8], "Of 245 pictures of a 1, one was read as an 8."),
        ([0, 1], "Of 217 pictures of a 0, none was read as a 1."),
        (
            [3, 3],
            "202 of 204 pictures of a 3 were read right. These are the first 4.",
        ),
    ],
)
def test_it_is_told(at: list[int], told: str) -> None:
    assert confusion.answer(at)["told"] == told
