"""The shift: eight numbers slide by, and what pools and strides make of them."""

from typing import TYPE_CHECKING, Any

import numpy as np

from neuralblog import KERNELS, AveragePool2D, MaxPool2D, correlate2d
from neuralblog_site.inpage.explorables.common import Array, Facts, rounded

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TITLE = "The shift"
QUESTION = "Slide the numbers by one: whose answer glides, and whose jumps?"
HEIGHT = 590
SIGNALS = {
    "pairs": [0.0, 0, 1, 1, 0, 0, 1, 1],
    "one pixel": [0.0, 0, 1, 0, 0, 0, 0, 0],
    "hill": [0.0, 0.2, 0.6, 1, 1, 0.6, 0.2, 0],
}
STATE: dict[str, Any] = {"signal": SIGNALS["pairs"], "shift": 0}
LIMITS: dict[str, Any] = {"signal": (0, 1, 0.1), "shift": (0, 8, 1)}
NAMES = ("max", "mean", "blur", "edge")
SLACK = 0.02  # less than this off is a glide


def pooled(x: Array) -> list[Array]:
    """Four numbers made of eight, in each of the four ways."""
    rows = np.tile(x, (8, 1))
    image = rows[np.newaxis, np.newaxis]
    wide = np.pad(image, ((0, 0), (0, 0), (1, 2), (1, 2)), mode="wrap")
    largest = MaxPool2D(2, stride=1).forward(wide)[0, 0]
    return [
        MaxPool2D(2).forward(image)[0, 0, 0],
        AveragePool2D(2).forward(image)[0, 0, 0],
        correlate2d(largest, KERNELS["blur"], stride=2)[0],
        correlate2d(rows, [[-1, 1]], stride=2)[0],
    ]


def due(y: Array, shift: int) -> Array:
    """Where half a cell for each pixel moves an answer: between two of its cells."""
    whole, half = divmod(shift, 2)
    moved = np.roll(y, -whole)
    return (moved + np.roll(moved, -1)) / 2 if half else moved


def answer(signal: Any, shift: float) -> Facts:
    """The shifted numbers, each answer, where it is due, and how far it is off."""
    x, steps = np.array(signal, float), round(shift)
    shifted = np.roll(x, -steps)
    answers = pooled(shifted)
    wanted = [due(y, steps) for y in pooled(x)]
    off = [float(abs(y - d).mean()) for y, d in zip(answers, wanted, strict=True)]
    return {
        "x": rounded(shifted),
        "answers": rounded(answers),
        "due": rounded(wanted),
        "off": [_off(o) for o in off],
        "glides": [o < SLACK for o in off],
        "told": _told(steps, off),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Every shift of every signal, and each of the eight numbers moved."""
    states: list[dict[str, Any]] = [{"shift": shift} for shift in range(1, 9)]
    for signal in list(SIGNALS.values())[1:]:
        states += [{"signal": signal, "shift": shift} for shift in range(9)]
    for i, value in enumerate(STATE["signal"]):
        for other in (0.1, 0.5, 1.0) if value == 0 else (0.9, 0.5, 0.0):
            signal = [*STATE["signal"]]
            signal[i] = other
            states.append({"signal": signal})
    return {"answer": [{}, *states]}


def still() -> tuple["Figure", str]:
    """The pairs, shifted by one, below the four answers to them as they were."""
    from matplotlib.figure import Figure

    from neuralblog.plotting import COLORS

    figure = Figure(figsize=(5.6, 4.2), layout="constrained")
    axes = figure.subplots(5, 2, sharex=True)
    for column, shift in zip(axes.T, (0, 1), strict=True):
        facts = answer(STATE["signal"], shift)
        column[0].bar(np.arange(8) + 0.5, facts["x"], 0.8, color=COLORS["input"])
        column[0].set(title=f"shifted by {shift}", ylim=(0, 1.2), yticks=[0, 1])
        for ax, name, y in zip(column[1:], NAMES, facts["answers"], strict=True):
            ax.bar(np.arange(4) * 2 + 1, y, 1.8, color=COLORS["activation"])
            low = -1.2 if name == "edge" else 0
            ax.set(ylim=(low, 1.2), yticks=[0, 1], xticks=[], ylabel=name)
    return figure, (
        "Eight numbers, 0 0 1 1 0 0 1 1, before and after a shift by one, and below them "
        "four answers of four numbers each. The max goes from 0 1 0 1 to all ones, the "
        "mean to halves, the blur from 0.5 1 0.5 1 to 0.75, the edge from zeros to 1 and "
        "minus 1 in turn."
    )


def _off(off: float) -> str:
    return f"{rounded(off, 2):.2f}"


def _told(shift: int, off: list[float]) -> str:
    if not shift:
        return "Nothing has moved yet: each answer is where it is due."
    moved = f"Moved by {shift}"
    named = list(zip(NAMES, off, strict=True))
    late = ", ".join(f"{name} is off by {_off(o)}" for name, o in named if o >= SLACK)
    if not late:
        return f"{moved}: all four glide."
    glide = " and ".join(name for name, o in named if o < SLACK)
    if not glide:
        return f"{moved}: {late}."
    return f"{moved}: {glide} glide{'s' * (' ' not in glide)}; {late}."
