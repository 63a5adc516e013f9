"""The graph: the facts are those of the library's network, and of the post."""

import numpy as np
import pytest

from neuralblog import SGD, BinaryCrossEntropy, Dense, ReLU, Sequential, Sigmoid
from neuralblog_site.inpage.explorables import backpropagation as graph
from neuralblog_site.project.places import ROOT


def library(theta: list[float]) -> tuple[Sequential, float]:
    """The same network as arrays, with its gradients filled, and its loss."""
    rng = np.random.default_rng(0)
    network = Sequential(Dense(2, 2, rng=rng), ReLU(), Dense(2, 1, rng=rng), Sigmoid())
    network.parameters[:] = theta
    loss, y = BinaryCrossEntropy(), np.array([[1.0]])
    p = network.forward([graph.X])
    network.backward(loss.gradient(p, y))
    return network, float(loss(p, y))


@pytest.mark.parametrize("seed", range(20))
def test_slopes_loss_and_step_are_those_of_the_layers(seed: int) -> None:
    theta = np.random.default_rng(seed).uniform(-1, 1, 9).round(2).tolist()
    facts = graph.answer(theta, "v1", theta[6], 0.2)
    network, loss = library(theta)
    assert np.allclose(facts["slopes"], network.gradients, atol=1e-4)
    assert facts["nodes"][3] == pytest.approx([loss], abs=1e-4)
    SGD(0.2).step(network.parameters, network.gradients)
    assert np.allclose(facts["stepped"], network.parameters, atol=1e-4)
    assert facts["step"][1] == graph._n(library(facts["stepped"])[1])


def test_the_first_state_is_the_post_s() -> None:
    facts = graph.answer(**graph.STATE)
    post = (ROOT / "docs/posts/backpropagation.md").read_text("utf-8")
    assert "theta = [0.5, -0.25, -0.5, 0.75, -0.25, 0.25, 1.0, -2.0, 0.5]" in post
    assert graph.THETA == [0.5, -0.25, -0.5, 0.75, -0.25, 0.25, 1.0, -2.0, 0.5]
    assert facts["slopes"] == [0, 0, 1.7616, 3.5232, 0, 1.7616, 0, -1.101, -0.8808]
    assert facts["messages"] == [[-0.8808, 1.3212], [0, 1.7616], [-0.8808], [1]]
    assert facts["step"] == ["0.07", "0.59"]
    assert "promised 0.0662, got 0.5877" in post


@pytest.mark.parametrize(
    ("value", "written"),  # what JavaScript's toFixed makes of four digits
    [(0.98504, "0.98"), (0.995, "0.99"), (0.125, "0.13"), (-0.125, "−0.13"), (-1e-3, "0.00")],
)  # fmt: skip
def test_the_sentence_rounds_as_the_picture_does(value: float, written: str) -> None:
    assert graph._n(value) == written


@pytest.mark.parametrize("name", graph.NAMES)
def test_the_arithmetic_ends_at_the_slope(name: str) -> None:
    index = graph.NAMES.index(name)
    facts = graph.answer(graph.THETA, name, graph.THETA[index], 0.1)
    forward, back, slope = facts["how"]
    assert slope.endswith(f" = {graph._short(facts['slopes'][index])}")
    unit = 2 if index > 5 else index // 2 if index < 4 else index - 4
    assert forward.endswith(f" = {graph._short(facts['sums'][unit])}")
    message = [*facts["messages"][1], *facts["messages"][2]][unit]
    assert back.endswith(f" = {graph._short(message)}")


def test_the_tangent_touches_the_curve_and_promises() -> None:
    theta = [*graph.THETA[:3], 0.5, *graph.THETA[4:]]
    facts = graph.answer(theta, "w22", 0.75, 0.1)
    (x0, y0), (x1, y1) = facts["tangent"]
    assert (y1 - y0) / (x1 - x0) == pytest.approx(3.5232, abs=1e-3)
    assert facts["curve"][15] == [0.75, 2.13]
    assert facts["told"] == (
        "You turned w₂₂ from 0.75 to 0.50. Promised 1.25, got 1.31."
    )


@pytest.mark.parametrize(
    ("theta", "at", "words"),
    [
        (graph.THETA, "w22", "3.52: turn it down."),
        (graph.THETA, "b2", "−0.88: turn it up."),
        (graph.THETA, "v1", "0.00: it multiplies a zero."),
        (graph.THETA, "w11", "0.00: its neuron is off, and the message ends there."),
        ([6.0] * 9, "b2", "0.00: the answer is right, and nothing pulls any more."),
    ],
)
def test_the_sentence_says_what_the_slope_wants(
    theta: list[float], at: str, words: str
) -> None:
    start = theta[graph.NAMES.index(at)]
    assert graph.answer(theta, at, start, 0.1)["told"].endswith(words)


@pytest.mark.parametrize("ends", [[6.0] * 6 + [-6.0] * 3, [6.0] * 9, [-6.0] * 9])
def test_the_ends_of_the_limits_are_finite(ends: list[float]) -> None:
    facts = graph.answer(ends, "w11", ends[0], 0.5)
    assert np.isfinite(facts["slopes"]).all()
    assert np.isfinite(facts["curve"]).all()
    assert np.abs(facts["stepped"]).max() <= 6
