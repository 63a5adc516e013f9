"""Fold and cut: two ReLUs crease a sheet of paper, and one straight cut parts it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

import neuralblog as nb
from neuralblog.colors import CLASSES, COLORS
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    listed,
    rounded,
    rounded_each,
)

TITLE = "Fold and cut"
QUESTION = "Two creases, one cut. Can you get all four corners right?"
HEIGHT = 600  # with the film of a training
STILL = (5.6, 2.9)
STATE: dict[str, Any] = {
    "corners": [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]],
    "crease1": [0.5, 0.5, 1.0, 1.0],  # a place on the line, and its weights
    "crease2": [0.25, 0.25, -1.0, 1.0],
    "cut": [0.25, 0.25, 1.0, 1.0],
}
LIMITS: dict[str, Any] = {
    "corners": (-0.5, 1.5, 0.05),
    "crease1": (-8, 8, 0.05),
    "crease2": (-8, 8, 0.05),
    "cut": (-8, 8, 0.05),
}
NAMES = ("00", "01", "10", "11")
SHEET = (-0.3, 1.3)  # the range of the first picture
SILENT = 1e-4  # an answer so small is 0, but for the digits of a line
GRID = np.linspace(0, 1, 5)
EPOCHS, FRAMES = 1500, (0, 3, 10, 20, 40, 70, 110, 170, 250, 400, 600, 900, 1200, 1500)


def network(crease1: Any, crease2: Any, cut: Any) -> nb.Sequential:
    """The network of these lines: each is `w @ (x - place)`, so b is `-w @ place`."""
    rng = np.random.default_rng(0)
    fold, last = nb.Dense(2, 2, rng=rng), nb.Dense(2, 1, rng=rng)
    for layer, lines in (fold, [crease1, crease2]), (last, [cut]):
        places, weights = np.hsplit(np.array(lines, float), 2)
        layer.W[:], layer.b[:] = weights, -(weights * places).sum(axis=1)
    return nb.Sequential(fold, nb.ReLU(), last)


def answer(corners: Any, crease1: Any, crease2: Any, cut: Any) -> Facts:
    """What two creases and a cut make of the four corners."""
    net = network(crease1, crease2, cut)
    x, y = np.array(corners, float), nb.datasets.xor()[1]
    h, z = _hidden(net, x), net.forward(x)[:, 0]
    right = (z > 0) == y
    return {
        "h": rounded(h, 3),
        "landed": _landed(h),
        "yes": (z > 0).tolist(),
        "right": right.tolist(),
        "sheet": rounded_each(_yes(net), 2),
        "reach": (reach := _reach(h)),
        "folded": rounded_each(_yes_folded(net, reach), 2),
        "mesh": rounded_each(_mesh(net), 2),
        "told": _told(h, right),
    }


def training(corners: Any, seed: int) -> Iterator[nb.Sequential]:
    """Train from the random start of a seed, as the post does: the network at each epoch."""
    x, y = np.array(corners, float), nb.datasets.xor()[1]
    rng = np.random.default_rng(seed)
    hidden = nb.Dense(2, 2, rng=rng), nb.ReLU()
    net = nb.Sequential(*hidden, nb.Dense(2, 1, rng=rng), nb.Sigmoid())
    loss, descent = nb.BinaryCrossEntropy(), nb.SGD(0.5)
    yield net
    for _ in range(EPOCHS):
        net.parameter_gradients(loss.gradient(net.forward(x), y[:, None]))
        descent.step(net.parameters, net.gradients)
        yield net


def train(corners: Any, seed: int) -> Facts:
    """Train, and give back the lines on the way."""
    frames = []
    for epoch, net in enumerate(training(corners, seed)):
        if epoch in FRAMES:
            first, _, last, _ = net.layers
            lines = [*_lines(first, center=0.5), *_lines(last, center=0.0)]
            frames.append(dict(zip(("crease1", "crease2", "cut"), lines, strict=True)))
    p, y = net.forward(np.array(corners, float))[:, 0], nb.datasets.xor()[1]
    end = nb.BinaryCrossEntropy()(p, y)
    return {
        "frames": frames,
        "epochs": list(FRAMES),
        "loss": rounded(end, 2),
        "won": bool(((p > 0.5) == y).all() and end < 0.1),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Each handle one step to each side, and a few coarse places to drag it to."""
    states: list[dict[str, Any]] = []

    def moved(name: str, index: Any, *ways: tuple[float, float]) -> None:
        for way in ways:
            value = np.array(STATE[name], float)
            value[index] += way
            states.append({name: rounded(value, 6)})

    near = [(0.05, 0), (-0.05, 0), (0, 0.05), (0, -0.05)]
    for i, (x1, x2) in enumerate(STATE["corners"]):
        inward = [(0.5 - x1, 0), (0, 0.5 - x2), (0.5 - x1, 0.5 - x2)]
        moved("corners", i, *near, *inward)
    for name in ("crease1", "crease2"):
        across = [(0.25, -0.25), (-0.25, 0.25)]
        moved(name, slice(0, 2), *near, *across)
        moved(name, slice(2, 4), *near)
    moved("crease1", slice(2, 4), (0, -0.5), (0, -1), (0, -1.5), (0, -2))
    moved("cut", slice(0, 2), *near, (0.25, 0.25), (-0.15, -0.15), (0.5, 0.5))
    moved("cut", slice(2, 4), *near, (-1, 0), (0, -1), (-2, -2))
    trained = [{"corners": STATE["corners"], "seed": seed} for seed in range(3)]
    return {"answer": [{}, *states], "train": trained}


def still(figure: Any) -> str:
    """The sheet with its creases, and the sheet as the last neuron sees it, with the cut."""
    facts, labels = answer(**STATE), nb.datasets.xor()[1]
    pictures = zip(
        figure.subplots(1, 2),
        ("sheet", "folded"),
        (STATE["corners"], facts["h"]),
        (SHEET, (-0.2, facts["reach"])),
        ("the sheet", "folded, then cut"),
        strict=True,
    )
    for ax, name, places, limits, title in pictures:
        for polygon in facts[name]:
            ax.fill(*np.transpose(polygon), color=COLORS["weight"], alpha=0.2)
        for (x, y), label, text in zip(places, labels, NAMES, strict=True):
            ax.plot(x, y, "os"[label], color=COLORS[CLASSES[label]])
            if name == "sheet":
                ax.text(x, y + 0.12, text, ha="center")
        ax.set(xlim=limits, ylim=limits, aspect="equal", title=title)
    sheet, folded = figure.axes
    sheet.plot([0, 0, 1, 1, 0], [0, 1, 1, 0, 0], color=COLORS["muted"], linewidth=0.7)
    for name, dash in ("crease1", "-"), ("crease2", "--"):
        _draw(sheet, STATE[name], dash, COLORS["activation"])
    for row in facts["mesh"]:
        folded.plot(*np.transpose(row), color=COLORS["muted"], linewidth=0.7)
    _draw(folded, STATE["cut"], "-", COLORS["wrong"])
    sheet.set(xlabel="$x_1$", ylabel="$x_2$")
    folded.set(xlabel="$a_1$", ylabel="$a_2$")
    return (
        "Left, a square sheet with the corners 00, 01, 10 and 11 and two creases, one along "
        "each diagonal. Right, the sheet as the last neuron sees it: folded, so that 00 and "
        "10 lie on one place, and a straight cut that has 01 and 11 on its other side."
    )


def _draw(ax: Any, line: list[float], dash: str, color: str) -> None:
    """A line of the state, and its arrow."""
    place, w = np.hsplit(np.array(line), 2)
    ax.axline(place, place + w[::-1] * (-1, 1), linestyle=dash, color=color)
    ax.annotate(
        "", place + 0.25 * w, place, arrowprops={"arrowstyle": "->", "color": color}
    )


def _hidden(net: nb.Sequential, x: Array) -> Array:
    fold, relu, _ = net.layers
    return relu.forward(fold.forward(x))


def kept(points: Array, values: Array) -> Array:
    """The part of a convex polygon, or of a stroke, where a linear function is positive."""
    kept = []
    for i in range(len(points)):
        p, q, a, b = points[i - 1], points[i], values[i - 1], values[i]
        if (a > 0) != (b > 0):
            kept.append(p + (q - p) * (a / (a - b)))
        if b > 0:
            kept.append(q)
    return np.array(kept).reshape(-1, 2)


def square(low: float, high: float) -> Array:
    """Its four corners."""
    return np.array([[low, low], [high, low], [high, high], [low, high]])


def _yes(net: nb.Sequential) -> list[Array]:
    """Where the network says yes on the sheet: between creases it is linear."""
    pieces = [square(*SHEET)]
    for unit in (0, 1):
        halves = []
        for piece in pieces:
            z = net.layers[0].forward(piece)[:, unit]
            halves += [kept(piece, z), kept(piece, -z)]
        pieces = [half for half in halves if len(half) > 2]
    found = [kept(piece, net.forward(piece)[:, 0]) for piece in pieces]
    return [piece for piece in found if len(piece) > 2]


def _reach(h: Array) -> float:
    """How far the second picture goes: it changes in steps, so that it stands still."""
    return next(r for k in range(8) if h.max() < 0.9 * (r := 1.6 * 2.0**k))


def _yes_folded(net: nb.Sequential, reach: float) -> list[Array]:
    """The side of the cut on which the answer is yes, among what the fold can reach."""
    piece = square(0, reach)
    found = kept(piece, net.layers[2].forward(piece)[:, 0])
    return [found] if len(found) > 2 else []


def _mesh(net: nb.Sequential) -> list[Array]:
    """Where the fold puts the lines of a grid on the sheet, each bent at the creases."""
    rows = []
    for at in GRID:
        for ends in ([[0, at], [1, at]], [[at, 0], [at, 1]]):
            p, q = np.array(ends, float)
            shares = [0.0, 1.0]
            for a, b in net.layers[0].forward(np.array([p, q])).T:
                if (a > 0) != (b > 0):
                    shares.append(a / (a - b))
            rows.append(_hidden(net, p + np.outer(sorted(shares), q - p)))
    return rows


def _lines(layer: Any, center: float) -> list[Any]:
    """Each unit's line: its weights, and its place nearest to the center."""
    lines = []
    for w, b in zip(layer.W, layer.b, strict=True):
        middle = np.full(2, center)
        place = middle - w * (w @ middle + b) / max(w @ w, 1e-6)
        lines.append(rounded(np.clip([*place, *w], -8, 8), 6))
    return lines


def _together(h: Array) -> list[list[int]]:
    """The corners in groups: those of a group land on one place, or nearly."""
    groups: list[list[int]] = []
    for i in range(4):
        near = [g for g in groups if abs(h[g[0]] - h[i]).max() <= 0.02 * h.max()]
        if near:
            near[0].append(i)
        else:
            groups.append([i])
    return groups


def _landed(h: Array) -> list[str]:
    """What stands beside each corner on the folded sheet: those that lie there."""
    words = {g[0]: ", ".join(NAMES[i] for i in g) for g in _together(h)}
    return [words.get(i, "") for i in range(4)]


def _told(h: Array, right: Any) -> str:
    wrong = [name for name, good in zip(NAMES, right, strict=True) if not good]
    said = f"{4 - len(wrong)} of 4 corners are right; {listed(wrong)} not."
    if not wrong:
        said = "All four corners are right."
    dead = [str(unit + 1) for unit in (0, 1) if h[:, unit].max() < SILENT]
    if dead == ["1", "2"]:
        return f"{said} Both ReLUs are silent at every corner."
    if dead:
        return f"{said} The ReLU of crease {dead[0]} is silent at every corner."
    for group in _together(h):
        if len(group) > 1:
            return f"{said} The fold puts {listed([NAMES[i] for i in group])} together."
    return said
