"""The shift: eight numbers slide by, and what pools and strides make of them."""

from functools import cache
from typing import Any

import numpy as np

from neuralblog import KERNELS, AveragePool2D, MaxPool2D, correlate2d, datasets
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import Array, Facts, pictured, rounded

TITLE = "The shift"
QUESTION = "Slide the numbers by one: whose answer glides, and whose jumps?"
HEIGHT = 618
STILL = (5.6, 4.2)
SIGNALS = {
    "pairs": [0.0, 0, 1, 1, 0, 0, 1, 1],
    "one pixel": [0.0, 0, 1, 0, 0, 0, 0, 0],
    "hill": [0.0, 0.2, 0.6, 1, 1, 0.6, 0.2, 0],
}
STATE: dict[str, Any] = {"view": "numbers", "signal": SIGNALS["pairs"], "shift": 0}
LIMITS: dict[str, Any] = {
    "view": ("numbers", "boat"),
    "signal": (0, 1, 0.1),
    "shift": (0, 8, 1),
}
CELL = 8  # pixels of the boat that three pools make one cell of
NAMES = ("max", "mean", "blur", "edge")
SLACK = 0.02  # less than this off is a glide


def pooled(x: Array) -> list[Array]:
    """Four numbers made of eight, in each of the four ways."""
    rows = np.tile(x, (8, 1))
    image = rows[np.newaxis, np.newaxis]
    return [
        MaxPool2D(2).forward(image)[0, 0, 0],
        AveragePool2D(2).forward(image)[0, 0, 0],
        blur_pool(image)[0, 0, 0],
        correlate2d(rows, [[-1, 1]], stride=2)[0],
    ]


def blur_pool(x: Array) -> Array:
    """Max pooling that skips only behind a blur: (1, 1, H, W) -> (1, 1, H/2, W/2)."""
    wide = np.pad(x, ((0, 0), (0, 0), (1, 2), (1, 2)), mode="wrap")
    largest = MaxPool2D(2, stride=1).forward(wide)[0, 0]
    return correlate2d(largest, KERNELS["blur"], stride=2)[np.newaxis, np.newaxis]


@cache
def edges() -> Array:
    """How strong the upright edges of the boat are: (96, 96)."""
    return np.asarray(abs(correlate2d(datasets.boat(98), KERNELS["vertical edge"])))


def maps(shift: int) -> list[Array]:
    """The shifted boat after three pools, in each of three ways: (12, 12) each."""
    pools = MaxPool2D(2).forward, AveragePool2D(2).forward, blur_pool
    moved = np.roll(edges(), -shift, axis=1)[np.newaxis, np.newaxis]
    return [pool(pool(pool(moved)))[0, 0] for pool in pools]


def boat(shift: int) -> tuple[list[Array], list[float]]:
    """These maps, and how far each is off, as a part of what is due.

    Due is the first map, moved by a part of a cell: so much of the next cell comes in.
    """
    share, now = shift / CELL, maps(shift)
    wanted = [(1 - share) * y + share * np.roll(y, -1, axis=1) for y in maps(0)]
    pairs = zip(now, wanted, strict=True)
    return now, [float(np.linalg.norm(y - d) / np.linalg.norm(d)) for y, d in pairs]


def due(y: Array, shift: int) -> Array:
    """Where half a cell for each pixel moves an answer: between two of its cells."""
    whole, half = divmod(shift, 2)
    moved = np.roll(y, -whole)
    return (moved + np.roll(moved, -1)) / 2 if half else moved


def answer(view: str, signal: Any, shift: float) -> Facts:
    """What is seen of the numbers, or of the boat; the other one stands still."""
    at = round(shift)
    if view == "numbers":
        return {**numbers(signal, at), **boat_seen(0)}
    seen = boat_seen(at)
    return {**numbers(signal, 0), **seen, "told": _told_boat(at, seen["parts"])}


def boat_seen(shift: int) -> Facts:
    """The boat's edges, its maps, and by how many percent each is off."""
    now, off = boat(shift)
    strongest = float(maps(0)[0].max())
    return {
        "edges": pictured(edges(), float(edges().max())),
        "maps": [pictured(y, strongest) for y in now],
        "parts": [int(rounded(100 * o, 0)) for o in off],
    }


def numbers(signal: Any, steps: int) -> Facts:
    """The shifted numbers, each answer, where it is due, and how far it is off."""
    x = np.array(signal, float)
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
        "told": _told(steps, off, same=steps > 0 and bool((shifted == x).all())),
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
    states += [{"view": "boat", "shift": shift} for shift in range(9)]
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The pairs, shifted by one, below the four answers to them as they were."""
    axes = figure.subplots(5, 2, sharex=True)
    for column, shift in zip(axes.T, (0, 1), strict=True):
        facts = numbers(STATE["signal"], shift)
        column[0].bar(np.arange(8) + 0.5, facts["x"], 0.8, color=COLORS["input"])
        column[0].set(title=f"shifted by {shift}", ylim=(0, 1.2), yticks=[0, 1])
        for ax, name, y in zip(column[1:], NAMES, facts["answers"], strict=True):
            ax.bar(np.arange(4) * 2 + 1, y, 1.8, color=COLORS["activation"])
            low = -1.2 if name == "edge" else 0
            ax.set(ylim=(low, 1.2), yticks=[0, 1], xticks=[], ylabel=name)
    return (
        "Eight numbers, 0 0 1 1 0 0 1 1, before and after a shift by one, and below them "
        "four answers of four numbers each. The max goes from 0 1 0 1 to all ones, the "
        "mean to halves, the blur from 0.5 1 0.5 1 to 0.75, the edge from zeros to 1 and "
        "minus 1 in turn."
    )


def _off(off: float) -> str:
    return f"{rounded(off, 2):.2f}"


def _told(shift: int, off: list[float], *, same: bool) -> str:
    if not shift:
        return "Nothing has moved yet: each answer is where it is due."
    moved = f"Moved by {shift}" + ", which looks like no shift" * same
    named = list(zip(NAMES, off, strict=True))
    late = ", ".join(f"{name} is off by {_off(o)}" for name, o in named if o >= SLACK)
    if not late:
        return f"{moved}: all four glide."
    glide = " and ".join(name for name, o in named if o < SLACK)
    if not glide:
        return f"{moved}: {late}."
    return f"{moved}: {glide} glide{'s' * (' ' not in glide)}; {late}."


def _told_boat(shift: int, parts: list[int]) -> str:
    if not shift:
        return "The boat has not moved yet: each map is where it is due."
    if shift == CELL:
        return "Moved by a whole cell: each map is where it is due."
    said = ", ".join(f"{name} {off} %" for name, off in zip(NAMES, parts, strict=False))
    return f"Moved by {shift} of a cell's {CELL} pixels. Off by: {said}."
