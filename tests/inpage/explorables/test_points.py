"""Your own points: a training can be entered anywhere, and is that of the post."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from neuralblog import (
    SGD,
    BinaryCrossEntropy,
    Dense,
    ReLU,
    Sequential,
    Sigmoid,
    datasets,
)
from neuralblog_site.inpage.explorables import points
from neuralblog_site.project.places import ROOT

KINDS = points.kinds()


def answer(**changes: Any) -> dict[str, Any]:
    return points.answer(**{**points.STATE, **changes})


def test_it_is_the_training_of_the_post() -> None:
    ends = [answer(seed=seed, step=1000)["losses"][-1][1] for seed in range(20)]
    words = [f"{end:.2f}" for end in ends]
    assert {end: words.count(end) for end in words} == {
        "0.00": 2, "0.35": 3, "0.48": 12, "0.69": 3
    }  # fmt: skip


@pytest.mark.parametrize("layers", ["one", "two"])
def test_wherever_one_enters_it_the_training_is_the_same(layers: str) -> None:
    state: dict[str, Any] = {"layers": layers, "units": 3, "seed": 5, "rate": 0.35}
    there = answer(**state, step=200)
    for step in (300, 100, 200, 0, 200):
        shown = answer(**state, step=step)
    assert shown == there and shown["losses"][-1][0] == 200
    (x, y), rng = datasets.xor(), np.random.default_rng(5)
    sizes = [2, 3, 1] if layers == "one" else [2, 3, 3, 1]
    parts: list[Any] = []
    for n, m in pairwise(sizes):
        parts += [Dense(n, m, rng=rng), ReLU()]
    net, loss, descent = (
        Sequential(*parts[:-1], Sigmoid()),
        BinaryCrossEntropy(),
        SGD(0.35),
    )
    for _ in range(200):
        net.parameter_gradients(loss.gradient(net.forward(x), y[:, None]))
        descent.step(net.parameters, net.gradients)
    end = loss(net.forward(x)[:, 0], y)
    assert there["losses"][-1] == [200, pytest.approx(end, abs=5.1e-4)]


def test_the_picture_is_what_the_network_says_with_the_first_row_on_top() -> None:
    its = points.run(
        **{k: v for k, v in points.STATE.items() if k != "step"} | {"seed": 1}
    )
    net, said = its.at(1000), points.said(its.net)
    middle = points.SIDE // 2
    low, high, _ = points.LIMITS["points"]
    half = (high - low) / points.SIDE / 2
    upper_left = net.forward(np.array([[low + half, high - half]]))
    assert said[0, 0] == pytest.approx(upper_left.item())
    assert said[middle, middle] < 0.5 < said[0, 0]  # between the dots; with a square


def test_a_crease_is_where_a_sum_is_zero() -> None:
    its = points.run(**{k: v for k, v in points.STATE.items() if k != "step"})
    layer = its.at(500).layers[0]
    for unit, ends in enumerate(points.creases(layer)):
        np.testing.assert_allclose(layer.forward(ends)[:, unit], 0, atol=1e-9)
        assert np.hypot(*np.subtract(*ends)) == pytest.approx(8)


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("XOR", {"units": 1}, "3 of 4 points right, loss 0.48"),
        ("ring", {"units": 1}, "16 of 21 points right"),
        ("ring", {"units": 8}, "21 of 21 points right"),
    ],
)
def test_what_it_takes(kind: str, change: dict[str, Any], told: str) -> None:
    assert told in answer(points=KINDS[kind], step=points.STEPS, **change)["told"]


def test_one_half_is_no_answer() -> None:
    said, labels = np.array([0.5, 0.5, 0.4, 0.6]), np.array([0, 1, 0, 1])
    assert points.parted(said, labels).tolist() == [False, False, True, True]


def test_the_axis_reaches_the_largest_loss() -> None:
    facts = answer(points=KINDS["ring"], units=8, rate=3.0, seed=6, step=200)
    assert 1 < max(loss for _, loss in facts["losses"]) <= facts["top"]
    assert answer()["top"] == 1


@pytest.mark.parametrize(
    ("change", "least", "most"),
    [
        ({"units": 2}, 0, 0),
        ({"units": 2, "layers": "two"}, 0, 0),
        ({"units": 3}, 2, 5),
        ({"units": 8}, 10, 10),
    ],
)
def test_two_units_do_not_fence_the_ring_in(
    change: dict[str, Any], least: int, most: int
) -> None:
    state = {"points": KINDS["ring"], "step": points.STEPS, **change}
    won = ["21 of 21" in answer(**state, seed=seed)["told"] for seed in range(10)]
    assert least <= sum(won) <= most


def test_the_spiral_of_the_post_needs_a_second_layer() -> None:
    def right(**change: Any) -> list[bool]:
        state = {"points": KINDS["spiral"], "units": 8, "step": points.STEPS, **change}
        return [": 14 of 14" in answer(**state, seed=seed)["told"] for seed in range(6)]

    assert not any(right())
    assert sum(right(layers="two", activation="tanh")) >= 4


def test_silent_units_are_told() -> None:
    assert answer(step=1000)["told"].endswith("1 ReLU is silent at every point.")
    assert "silent" not in answer(step=1000, activation="tanh")["told"]


def test_no_points_and_one_point_are_no_mistake() -> None:
    assert answer(points=[], step=50)["told"].startswith("The plane is empty")
    one = answer(points=[[0.5, 0.5, 1]], step=50)
    assert one["told"].startswith("After 50 steps: 1 of 1 points right")


def test_the_script_takes_as_many_as_this() -> None:
    script = (ROOT / "web" / "explorables" / "points.js").read_text("utf-8")
    assert f"most = {points.FREE['points']};" in script


def test_points_to_begin_with_stand_on_the_grid() -> None:
    low, high, step = points.LIMITS["points"]
    for kind in KINDS.values():
        at = np.array(kind)
        assert len(at) <= points.FREE["points"] and set(at[:, 2]) == {0, 1}
        assert ((at >= low) & (at <= high)).all()
        np.testing.assert_allclose(
            at[:, :2] / step, np.round(at[:, :2] / step), atol=1e-9
        )
        assert len({(x, y) for x, y, _ in kind}) == len(kind)
