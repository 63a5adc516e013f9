"""The scores: the facts are those of the post, and slopes are those that a nudge measures."""

import numpy as np
import pytest

from neuralblog import MeanSquaredError, numerical_gradient, softmax
from neuralblog_site.inpage.explorables import losses

SURE = losses.PRESETS["sure of the dog"]


def test_the_post_s_scores() -> None:
    facts = losses.answer(**losses.STATE)
    assert facts["shares"] == ["0.659", "0.242", "0.099"]
    assert facts["losses"][0] == "0.417"
    assert np.round(facts["slopes"][0], 3).tolist() == [-0.341, 0.242, 0.099]


@pytest.mark.parametrize("seed", range(10))
def test_slopes_are_what_a_nudge_changes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    z, true = rng.uniform(-4, 4, 3), int(rng.integers(3))
    y = np.eye(3)[true]
    by_hand = {
        "log": lambda z: -np.log(softmax(z)[true]),
        "square": lambda z: MeanSquaredError()(softmax(z), y),
    }
    for name, (loss, slopes) in losses.judged(z, true).items():
        assert np.isclose(loss, by_hand[name](z))
        assert np.allclose(slopes, numerical_gradient(by_hand[name], z), atol=1e-7)
        assert abs(slopes.sum()) < 1e-12
    assert np.allclose(losses.judged(z, true)["log"][1], softmax(z) - y)


def test_sure_and_wrong_the_log_pulls_back_and_the_square_hardly_does() -> None:
    moved = {
        loss: losses.stepped(SURE, "cat", loss)["state"]["scores"]
        for loss in losses.NAMES
    }
    assert moved["log"][0] == pytest.approx(SURE[0] + 1, abs=1e-3)
    assert moved["square"] == pytest.approx(SURE, abs=0.01)


def test_the_log_needs_six_steps_and_the_square_thousands() -> None:
    needed = {}
    for loss in losses.NAMES:
        scores, needed[loss] = SURE, 0
        while scores[0] <= max(scores[1:]):
            scores = losses.stepped(scores, "cat", loss)["state"]["scores"]
            needed[loss] += 1
    assert needed["log"] == 6
    assert 2000 < needed["square"] < 3000


def test_what_is_nearly_0_or_1_says_so() -> None:
    assert losses.answer([6, -6, -6], "cat")["shares"] == ["> 0.999"] + 2 * ["< 0.001"]


@pytest.mark.parametrize(
    ("loss", "up"), [("log", "cat + 0.999955"), ("square", "cat + 0.000060")]
)
def test_a_step_says_how_far_it_went(loss: str, up: str) -> None:
    assert losses.stepped(SURE, "cat", loss)["up"] == up


def test_a_step_stays_within_the_limits() -> None:
    down = losses.stepped([6, -6, -6], "dog", "log")["state"]["scores"]
    up = losses.stepped([-6, 6, 6], "dog", "log")["state"]["scores"]
    assert (down[2], up[1]) == (-6, 6)


@pytest.mark.parametrize(
    ("scores", "truth", "words"),
    [
        ([1, 1, 1], "owl", "Equal scores: each class gets a third, and the log costs"),
        (SURE, "cat", "Sure, and wrong: the cat got 0.000045. The log pulls"),
        (SURE, "cat", "17,000 times weaker."),
        (SURE, "dog", "Sure, and right: the dog got 0.993."),
        ([6, -6, -6], "cat", "the squared error with almost 0"),
        ([2, 1, 0.1], "cat", "The cat got 0.659, and the log costs 0.417. That pulls"),
    ],
)
def test_the_sentence_says_who_pulls(
    scores: list[float], truth: str, words: str
) -> None:
    assert words in losses.answer(scores, truth)["told"]


def test_the_script_has_the_same_presets() -> None:
    from neuralblog_site.inpage.catalog import SCRIPTS

    script = (SCRIPTS / "losses.js").read_text("utf-8")
    for name, scores in losses.PRESETS.items():
        assert f"{name}" in script
        assert f"[{', '.join(f'{score:g}' for score in scores)}]" in script
