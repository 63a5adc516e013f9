"""Fold and cut: the facts are those of the library's network."""

from itertools import pairwise

import numpy as np
import pytest

from neuralblog import datasets
from neuralblog_site.inpage.explorables import network

FOLD = {**network.STATE, "crease1": [0.5, 0.5, 1.0, -1.0]}


def inside(polygon: list[list[float]], point: list[float]) -> bool:
    """Whether a point lies in a convex polygon, whichever way around it goes."""
    p = np.array(polygon)
    side, to = np.roll(p, -1, axis=0) - p, np.array(point) - p
    turn = side[:, 0] * to[:, 1] - side[:, 1] * to[:, 0]
    return bool((turn > 0).all() or (turn < 0).all())


def test_the_post_s_fold_gets_all_corners_right() -> None:
    facts = network.answer(**FOLD)
    assert facts["right"] == [True] * 4
    assert facts["h"] == [[0, 0], [0, 1], [1, 0], [0, 0]]
    assert facts["told"] == (
        "All four corners are right. The fold puts 00 and 11 together."
    )


def test_the_first_state_has_something_to_mend() -> None:
    assert network.answer(**network.STATE)["right"] != [True] * 4


@pytest.mark.parametrize("seed", range(30))
def test_the_areas_are_where_the_network_says_yes(seed: int) -> None:
    rng = np.random.default_rng(seed)
    lines = {
        name: [*rng.uniform(0, 1, 2), *rng.uniform(-3, 3, 2)]
        for name in ("crease1", "crease2", "cut")
    }
    net = network.network(**lines)
    areas = network._yes(net)
    points = rng.uniform(*network.SHEET, (200, 2))
    z = net.forward(points)[:, 0]
    found = [any(inside(area, point) for area in areas) for point in points.tolist()]
    clear = abs(z) > 1e-9
    assert (np.array(found) == (z > 0))[clear].all()


def test_the_mesh_bends_at_the_creases_only() -> None:
    facts = network.answer(**network.STATE)
    net = network.network(*(network.STATE[k] for k in ("crease1", "crease2", "cut")))
    row = [[x, 0.25] for x in np.linspace(0, 1, 101)]
    h = network._hidden(net, np.array(row))
    drawn = np.array(facts["mesh"][2])  # the row at 0.25
    for point in h:
        distances = []
        for p, q in pairwise(drawn):
            share = np.clip((point - p) @ (q - p) / max((q - p) @ (q - p), 1e-12), 0, 1)
            distances.append(np.hypot(*(p + share * (q - p) - point)))
        assert min(distances) < 0.01  # it is drawn to two decimals


def test_training_ends_as_in_the_post() -> None:
    corners = network.STATE["corners"]
    made = [network.train(corners, seed) for seed in range(20)]
    ends = [f"{one['loss']:.2f}" for one in made]
    assert {end: ends.count(end) for end in ends} == {
        "0.00": 2, "0.35": 3, "0.48": 12, "0.69": 3
    }  # fmt: skip
    assert sum(one["won"] for one in made) == 2
    for one in made:
        if one["won"]:  # the lines, rounded, are still those of a winner
            facts = network.answer(corners, **one["frames"][-1])
            assert facts["yes"] == datasets.xor()[1].astype(bool).tolist()


def test_a_silent_unit_is_told() -> None:
    state = {**FOLD, "crease2": [5.0, 5.0, 1.0, 1.0]}
    assert network.answer(**state)["told"].endswith(
        "The ReLU of crease 2 is silent at every corner."
    )
    state["crease1"] = state["crease2"]
    assert network.answer(**state)["told"].endswith(
        "Both ReLUs are silent at every corner."
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_trained_network_s_silent_units_are_told(seed: int) -> None:
    """The rounding of its lines wakes none: of the post's twenty, these are dead."""
    corners = network.STATE["corners"]
    *_, net = network.training(corners, seed)
    dead = ~(net.layers[0].forward(np.array(corners)) > 0).any(axis=0)
    ends = network.train(corners, seed)["frames"][-1]
    told = network.answer(corners, **ends)["told"]
    assert ("Both ReLUs are silent" in told) == bool(dead.all())
    if dead.sum() == 1:
        assert f"crease {dead.argmax() + 1} is silent" in told
    assert ("silent" in told) == bool(dead.any())
