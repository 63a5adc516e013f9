"""Coin flips: patterns come before noise, and training cannot tell them apart."""

import pytest

from neuralblog_site.inpage.explorables import generalization

SHARES = [tenths / 10 for tenths in range(11)]


@pytest.mark.parametrize("share", SHARES)
def test_training_learns_whatever_it_is_taught(share: float) -> None:
    assert generalization.answer(share)["right"][-1] >= 95


def test_the_more_flips_the_fewer_new_digits_are_read() -> None:
    new = [generalization.answer(share)["new"][-1] for share in SHARES]
    assert new == sorted(new, reverse=True)
    assert new[0] > 80 and new[-1] < 20


@pytest.mark.parametrize("share", SHARES[1:9])
def test_true_labels_come_first(share: float) -> None:
    facts = generalization.answer(share)
    for true, false in list(zip(facts["true"], facts["false"], strict=True))[:6]:
        assert true > false + 5


def test_where_no_label_is_thrown_none_is_false() -> None:
    facts = generalization.answer(0.0)
    assert facts["false"] == []
    assert facts["told"] == (
        "No label is false. In the end 100 % of all are learned, "
        "86 % of new digits read."
    )


def test_the_sentence_tells_when_it_was_better() -> None:
    facts = generalization.answer(0.4)
    best = facts["new"].index(max(facts["new"]))
    assert facts["told"].startswith("37 % of the labels are false. In the end 100 %")
    assert facts["told"].endswith(
        f"after epoch {best + 1} it was {max(facts['new'])} %."
    )


def test_other_shares_throw_the_same_labels_and_some_more() -> None:
    few, more = (generalization.learned(share)[4][0] for share in (0.2, 0.25))
    assert few < more
