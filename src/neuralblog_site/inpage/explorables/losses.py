"""The scores: what two losses make of three of them, and how each pulls at them."""

from typing import Any

import numpy as np

from neuralblog import MeanSquaredError, Softmax, SoftmaxCrossEntropy
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import Array, Facts, rounded

TITLE = "The scores"
QUESTION = "Be sure, and wrong: which of the two losses still pulls you back?"
HEIGHT = 432
STILL = (5.6, 2.6)
NAMES = ("log", "square")
CLASSES = ("cat", "dog", "owl")
PRESETS = {
    "as above": [2.0, 1.0, 0.1],
    "no idea": [0.0, 0.0, 0.0],
    "sure of the dog": [-5.0, 5.0, 0.0],
}
SURE = 0.05  # or less for the truth is sure, and wrong
STATE: dict[str, Any] = {"scores": PRESETS["as above"], "truth": "cat"}
LIMITS: dict[str, Any] = {"scores": (-6, 6, 0.1), "truth": CLASSES}


def judged(z: Array, true: int) -> dict[str, tuple[float, Array]]:
    """What each loss says of the scores, and its slope along each of them."""
    scores, y = z[np.newaxis], np.eye(len(z))[true : true + 1]
    log = SoftmaxCrossEntropy().with_gradient(scores, np.array([true]))
    softmax, square = Softmax(), MeanSquaredError()
    p = softmax.forward(scores)
    slopes = softmax.backward(square.gradient(p, y))
    return {"log": (log[0], log[1][0]), "square": (square(p, y), slopes[0])}


def answer(scores: Any, truth: str) -> Facts:
    """Softmax of the scores, both losses with their slopes, and who pulls how hard."""
    z, true = np.array(scores, float), CLASSES.index(truth)
    p = Softmax().forward(z[np.newaxis])[0]
    losses = judged(z, true)
    return {
        "p": rounded(p),
        "shares": [_share(share) for share in p.tolist()],
        "y": np.eye(3)[true].tolist(),
        "losses": [_small(loss) for loss, _ in losses.values()],
        "slopes": [rounded(slopes) for _, slopes in losses.values()],
        "told": _told(z, truth, float(p[true]), losses),
    }


def stepped(scores: Any, truth: str, loss: str) -> Facts:
    """The scores after one step downhill, at a rate of 1: each minus its slope.

    And how far that moved the score of the truth.
    """
    z, true = np.array(scores, float), CLASSES.index(truth)
    _, slopes = judged(z, true)[loss]
    low, high, _ = LIMITS["scores"]
    after = rounded(np.clip(z - slopes, low, high), 6)
    return {
        "state": {"scores": after},
        "up": f"{truth} + {_small(after[true] - z[true])}",
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """The presets for each truth, each score moved, and a first step from each preset."""
    states: list[dict[str, Any]] = [
        {"scores": scores, "truth": truth}
        for scores in PRESETS.values()
        for truth in CLASSES
    ]
    for scores in (PRESETS["as above"], PRESETS["sure of the dog"]):
        for i, value in enumerate(scores):
            for other in (value - 0.1, value + 0.1, -6, -3, 0, 3, 6):
                moved = [*scores]
                moved[i] = round(other, 1)
                states.append({"scores": moved})
    steps = [(scores, "cat", loss) for scores in PRESETS.values() for loss in NAMES]
    states += [stepped(*step)["state"] for step in steps]
    asked = [dict(zip(("scores", "truth", "loss"), s, strict=True)) for s in steps]
    return {"answer": [{}, *states[1:]], "stepped": asked}


def still(figure: Any) -> str:
    """The first state: scores, p, and the slopes of both losses."""
    facts = answer(**STATE)
    parts = [
        ("scores", STATE["scores"], "input", (0, 2.4)),
        ("softmax", facts["p"], "activation", (0, 1.1)),
        ("log", facts["slopes"][0], "gradient", (-0.5, 0.5)),
        ("squared error", facts["slopes"][1], "gradient", (-0.5, 0.5)),
    ]
    for ax, (title, bars, color, limits) in zip(
        figure.subplots(1, 4), parts, strict=True
    ):
        ax.bar(CLASSES, bars, color=COLORS[color])
        ax.axhline(0, color=COLORS["muted"], linewidth=0.8)
        ax.set(title=title, ylim=limits, yticks=[0])
    return (
        "Four bar charts for cat, dog and owl: the scores 2, 1 and 0.1, what softmax makes "
        "of them, the slopes of the log, and those of the squared error. Both push the cat "
        "up and the others down; the bars of the squared error are about a quarter as long."
    )


def _share(p: float) -> str:
    """Three digits, and no 0 or 1 where there is none."""
    if p < 0.0005:
        return "< 0.001"
    return "> 0.999" if p >= 0.9995 else f"{rounded(p, 3):.3f}"


def _small(value: float) -> str:
    """Three digits after the point, or six where three would say 0 or 1."""
    if value < 5e-7:
        return "almost 0"
    digits = 6 if value < 0.0005 or 0.9995 <= value < 1 else 3
    return f"{rounded(value, digits):.{digits}f}"


def _told(scores: Array, truth: str, p: float, losses: Facts) -> str:
    true = CLASSES.index(truth)
    log, pull, weak = losses["log"][0], *(abs(losses[n][1][true]) for n in NAMES)
    up = f"pulls its score up with {_small(pull)}"
    other = f"the squared error with {_small(weak)}"
    if np.ptp(scores) == 0:
        return (
            "Equal scores: each class gets a third, and the log costs log 3 = "
            f"{_small(log)}, the price of not knowing."
        )
    if p < SURE:
        times = f"{float(f'{pull / weak:.2g}'):,.0f} times weaker"
        got = f"Sure, and wrong: the {truth} got {_small(p)}."
        return f"{got} The log {up}, {other}: {times}."
    if p > 1 - SURE:
        got = f"Sure, and right: the {truth} got {_small(p)}."
        return f"{got} The log {up}, {other}: little is left to wish for."
    got = f"The {truth} got {_small(p)}, and the log costs {_small(log)}."
    return f"{got} That {up}, {other}."
