"""Coin flips with ten sides: digits of which a share has labels that a die has thrown."""

from functools import cache
from typing import Any

import numpy as np

import neuralblog as nb
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import Facts

TITLE = "Coin flips with ten sides"
QUESTION = "Let a die throw more of the labels. Who notices: training, or new digits?"
HEIGHT = 440
STILL = (5.6, 3)
STATE: dict[str, Any] = {"share": 0.4}
LIMITS: dict[str, Any] = {"share": (0, 1, 0.05)}
N, EPOCHS = 300, 24


@cache
def learned(share: float) -> list[list[int]]:
    """After each epoch, in percent: of true and of false labels learned, of new digits."""
    x, labels, _, _ = nb.datasets.digits()
    rng, y = np.random.default_rng(0), labels[:N].copy()
    first, last = nb.Dense(784, 32, rng=rng), nb.Dense(32, 10, rng=rng)
    network, adam = nb.Sequential(nb.Flatten(), first, nb.ReLU(), last), nb.Adam(0.005)
    chance, die = rng.random(N), rng.integers(0, 10, N)
    y[chance < share] = die[chance < share]
    false, rows = y != labels[:N], []
    for _ in range(EPOCHS):
        loss = nb.SoftmaxCrossEntropy()
        nb.train(network, x[:N], y, loss=loss, optimizer=adam, epochs=1, rng=rng)
        right = network.predict(x[:N]).argmax(axis=1) == y
        new = nb.accuracy(network, x[6000:6500], labels[6000:6500])
        shares = [right[~false].mean(), right[false].mean() if false.any() else 0, new]
        rows.append([round(100 * float(share)) for share in [*shares, right.mean()]])
    return [*np.transpose(rows).tolist(), [round(100 * float(false.mean()))]]


def answer(share: float) -> Facts:
    """The three curves, how all of the training labels end, and how many are false."""
    true, false, new, right, [wrong] = learned(round(share, 2))
    best = int(np.argmax(new))
    return {
        "true": true,
        "false": false if wrong else [],
        "new": new,
        "right": right,
        "told": _told(wrong, right[-1], new, best),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Every second place of the slider, and one step to each side of the first."""
    shares = [0.35, 0.45, *(tenths / 10 for tenths in range(11) if tenths != 4)]
    return {"answer": [{}, *[{"share": share} for share in shares]]}


def still(figure: Any) -> str:
    """The three curves of the first state."""
    facts = answer(**STATE)
    ax, epochs = figure.subplots(), range(1, EPOCHS + 1)
    ax.plot(epochs, facts["true"], color=COLORS["activation"], label="true labels")
    ax.plot(epochs, facts["false"], ":", color=COLORS["muted"], label="false labels")
    ax.plot(epochs, facts["new"], "--", color=COLORS["weight"], label="new digits")
    ax.set(xlabel="epoch", ylabel="percent right", ylim=(0, 102))
    ax.legend()
    return (
        "The true labels are learned in a few epochs, the false ones slowly and in the end "
        "as well. New digits are read best while the false labels are not yet learned."
    )


def _told(wrong: int, right: int, new: list[int], best: int) -> str:
    said = f"{wrong} % of the labels are false. " if wrong else "No label is false. "
    said += f"In the end {right} % of all are learned, {new[-1]} % of new digits read"
    if new[best] > new[-1] + 2:
        return f"{said}; after epoch {best + 1} it was {new[best]} %."
    return f"{said}."
