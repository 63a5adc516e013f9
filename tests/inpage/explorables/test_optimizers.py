"""Downhill: the runners are those of the post's race, and break where the theory says."""

import numpy as np
import pytest

from neuralblog import SGD, MeanSquaredError, numerical_gradient
from neuralblog_site.inpage.explorables import optimizers

POST = {"SGD": (0.08, 222), "momentum": (0.015, 102), "Adam": (0.8, 116)}


def steps(name: str, rate: float, ground: str, *start: float) -> int | None:
    found: int | None = optimizers.run(name, rate, ground, start)["steps"]
    return found


@pytest.mark.parametrize("name", optimizers.RUNNERS)
def test_the_post_s_race(name: str) -> None:
    rate, count = POST[name]
    assert steps(name, rate, "valley", 4, 6) == count


def test_the_grounds_slope_like_the_post_s_losses() -> None:
    x, y = np.arange(1, 6), np.array([12.1, 13.8, 16.0, 18.3, 19.9])
    losses = {
        "valley": lambda theta: MeanSquaredError()(theta[0] * x + theta[1], y),
        "parabola": lambda theta: (2 * theta[0] - 4) ** 2 / 2,
    }
    for name, ground in optimizers.GROUNDS.items():
        at = np.array([3.0, 7.0])[: len(ground.best)]
        measured = numerical_gradient(losses[name], at)
        assert np.allclose(ground.slope(at), measured, rtol=1e-5)
        assert np.allclose(ground.slope(ground.best), 0)


def test_a_ring_is_of_one_height() -> None:
    valley = optimizers.GROUNDS["valley"]
    for corner in valley.ring(5):
        off = np.array(corner) - valley.best
        assert off @ valley.bend @ off / 2 == pytest.approx(5, abs=0.3)


@pytest.mark.parametrize(
    ("name", "ground", "limit"),
    [
        ("SGD", "parabola", 0.5),
        ("SGD", "valley", 0.0845),
        ("momentum", "valley", 0.1606),
    ],
)
@pytest.mark.parametrize("start", [(4.0, 6.0), (1.0, 11.0)])
def test_it_breaks_at_the_limit_wherever_it_starts(
    name: str, ground: str, limit: float, start: tuple[float, float]
) -> None:
    start = start if ground == "valley" else start[:1]  # type: ignore[assignment]
    assert steps(name, 0.9 * limit, ground, *start) != -1
    assert steps(name, 1.1 * limit, ground, *start) == -1


def test_the_factor_on_the_parabola() -> None:
    given = {**optimizers.STATE, "ground": "parabola"}
    for rate, factor in (0.1, 0.6), (0.25, 0), (0.5, -1), (0.6, -1.4):
        facts = optimizers.answer(**{**given, "sgd": optimizers.RATES.index(rate)})
        first, then = facts["SGD"][0], facts["SGD"][2]
        assert then - 200 == pytest.approx(factor * (first - 200))
        assert f"{rate:g} = {factor:g}".replace("-", "−") in facts["told"]


def test_a_walk_is_the_optimizer_s_own() -> None:
    theta, sgd = np.array([4.0, 6.0]), SGD(0.08)
    path = np.reshape(optimizers.answer(**optimizers.STATE)["SGD"], (-1, 2)) / 100
    for place in path:
        assert np.allclose(place, theta, atol=0.006)
        sgd.step(theta, optimizers.GROUNDS["valley"].slope(theta))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "First is momentum, after 106 steps; SGD needs 222 and Adam needs 231."),
        (
            {"sgd": 12},
            "SGD diverges and Adam needs 231. Each step of SGD ends higher up",
        ),
        (
            {"sgd": 0, "momentum": 0, "adam": 0},
            "None arrives: SGD is not there after 300, momentum is not",
        ),
        (
            {"ground": "parabola", "sgd": 15},
            "First is SGD, after 1 step; momentum needs 92 and Adam needs 94.",
        ),
        ({"ground": "parabola", "knob": 2}, "First is SGD, after 0 steps;"),
    ],
)
def test_the_sentence_tells_the_order(change: dict[str, int | str], words: str) -> None:
    assert words in optimizers.answer(**{**optimizers.STATE, **change})["told"]


def test_the_script_has_the_same_rates_and_steps() -> None:
    from neuralblog_site.inpage.catalog import SCRIPTS

    script = (SCRIPTS / "optimizers.js").read_text("utf-8")
    assert f"RATES = {optimizers.RATES};" in script
    assert f"STEPS = {optimizers.DRAWN};" in script
    assert f"within {optimizers.NEAR} of" in script
