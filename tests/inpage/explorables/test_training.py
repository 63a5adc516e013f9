"""The flight recorder: the post's story is what the runs show, and each is recorded whole."""

from typing import Any

import numpy as np
import pytest

from neuralblog import SoftmaxCrossEntropy, datasets, he, softmax, train
from neuralblog_site.inpage.explorables import training
from neuralblog_site.inpage.explorables.common import Facts

SAVED = {**training.STATE, "start": 3}  # he


def ends(**changes: Any) -> float:
    """The share of new digits that a run reads in the end."""
    state = {**training.STATE, **changes}
    return float(training.recorded(*(state[k] for k in list(state)[:4]))["right"][-1])


def test_the_first_run_is_lost_between_its_layers() -> None:
    facts = training.answer(**training.STATE)
    assert facts["told"] == (
        "After 12 epochs the loss is 2.27, on new digits 2.31, and 10 % of those are "
        "right: hardly more than guessing."
    )
    assert facts["guessing"] == pytest.approx(np.log(10), abs=0.001)
    signal, message = np.array(facts["signal"][0]), np.array(facts["message"][0])
    np.testing.assert_allclose(np.diff(signal), -1, atol=0.2)  # about ten times smaller
    assert (np.diff(message) > 0.9).all()
    assert message[0] - message[-1] < -3  # less than a thousandth


def test_he_saves_it_and_so_does_adam_but_no_rate_and_no_momentum() -> None:
    assert ends(start=3) > 70
    assert ends(optimizer="Adam", rate=3) > 70
    for optimizer in ("SGD", "momentum"):
        assert max(ends(optimizer=optimizer, rate=rate) for rate in (0, 4, 6)) <= 10


def test_momentum_is_too_slow_and_then_it_kills_layer_3() -> None:
    def signal(rate: int) -> float:
        return float(training.recorded(1, "momentum", rate, 0.0)["signal"][-1][3])

    assert signal(4) > training.FLOOR  # at 0.1
    assert signal(5) == signal(6) == training.FLOOR


def test_what_comes_back_at_layer_3_is_the_same_for_every_digit() -> None:
    facts = training.answer(**training.STATE)
    assert facts["signal"][-1][3] > facts["signal"][-1][2]
    x, y, _, _ = datasets.digits()
    x, y, rng = x[: training.N], y[: training.N], np.random.default_rng(0)
    net = training.network(0.1, 0.0, rng)
    descent = training.optimizer("SGD", training.RATES[training.STATE["rate"]])
    loss = SoftmaxCrossEntropy()
    train(net, x, y, loss=loss, optimizer=descent, epochs=12, rng=rng)
    _, _, a = training.sizes(net, x, y, loss)
    assert a.std(axis=0).max() < 0.05 * np.sqrt(np.mean(a**2))


def test_zeros_stay_the_same() -> None:
    run = training.recorded(0, "SGD", 4, 0.0)
    assert all(set(one) == {"O"} for one in run["active"])  # "O" is 16 zeros
    assert run["signal"][0][1:] == [training.FLOOR] * 4


def test_a_start_is_a_multiple_of_that_of_the_library() -> None:
    net = training.network(0.1, 0.0, np.random.default_rng(0))
    W = he((32, 784), np.random.default_rng(0))
    np.testing.assert_allclose(net.parameters[: W.size], 0.1 * W.ravel())


def test_the_message_is_that_of_each_digit() -> None:
    run = training.recorded(3, "SGD", 4, 0.0)
    net = training.network(1, 0.0, np.random.default_rng(0))
    x, y, _, _ = datasets.digits()
    p = softmax(net.predict(x[: training.N]))
    p[np.arange(training.N), y[: training.N]] -= 1
    expected = np.log10(np.sqrt(np.mean(p**2)))
    assert run["message"][0][-1] == pytest.approx(expected, abs=0.051)


@pytest.mark.parametrize("changes", [{"start": 5}, {"start": 3, "rate": 6}])
def test_first_steps_that_are_too_large_break_the_network(changes: Facts) -> None:
    told = training.answer(**{**training.STATE, **changes})["told"]
    assert told.endswith("10 % of those are right: hardly more than guessing.")


@pytest.mark.parametrize(
    ("changes", "top", "largest", "words"),
    [
        ({}, 4, 3, "10⁻⁶ 10⁻⁴ 10⁻² 1 100"),
        ({"start": 4}, 40, 3, "10⁻⁶ 10⁻⁴ 10⁻² 1 100"),
        ({"start": 5}, 4000, 7, "10⁻⁶ 10⁻³ 1 10³ 10⁶"),
    ],
)
def test_the_axes_reach_as_far_as_the_run(
    changes: Facts, top: float, largest: int, words: str
) -> None:
    facts = training.answer(**{**training.STATE, **changes})
    assert max(*facts["loss"], *facts["new"]) <= facts["top"] == top
    assert np.max(facts["signal"]) < facts["largest"] == largest
    assert " ".join(text for _, text in facts["powers"]) == words


def test_a_huge_loss_has_a_short_name() -> None:
    assert [training._tick(loss) for loss in (2, 4000, 4e10)] == [
        "2",
        "4,000",
        "4·10¹⁰",
    ]


def test_the_sentence_follows_the_moment() -> None:
    told = training.answer(**{**SAVED, "frame": 0})["told"]
    assert told.startswith("Before the first step the loss is 2.28")
    told = training.answer(**SAVED)["told"]
    assert told.startswith("After 12 epochs the loss is 0.3") and "guessing" not in told


def test_dropout_silences_but_sees_the_same_batches() -> None:
    plain, silenced = (training.recorded(3, "SGD", 4, share) for share in (0.0, 0.5))
    assert plain["signal"][0] == silenced["signal"][0]  # the same start
    assert plain["loss"][-1] < silenced["loss"][-1]
