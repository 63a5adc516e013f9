"""The line: a neuron with two inputs parts the plane, and a perceptron finds where."""

from typing import Any

import numpy as np

from neuralblog import Perceptron
from neuralblog.colors import CLASSES, COLORS
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    listed,
    rounded,
    unlike,
)
from neuralblog_site.inpage.explorables.network import kept, square

TITLE = "The line"
QUESTION = "Turn the arrow w and slide b. Can you get all four corners right?"
HEIGHT = 472
STILL = (3.6, 3.4)
STATE: dict[str, Any] = {
    "w": [1.0, -1.0],
    "b": 0.5,
    "wanted": [False, False, False, True],  # of 00, 01, 10, 11: this is "and"
    "turn": 0,  # the corner that the perceptron looks at next
}
LIMITS: dict[str, Any] = {"w": (-4, 4, 0.1), "b": (-4, 4, 0.1), "turn": (0, 3, 1)}
NAMES = ("00", "01", "10", "11")
CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], float)
SHEET = (-0.8, 1.6)  # the range of the picture
LONG = 0.3  # of the arrow, for a weight of 1


def neuron(w: Any, b: float) -> Perceptron:
    """A perceptron with these weights."""
    made = Perceptron(2)
    made.w, made.b = np.array(w, float), float(b)
    return made


def answer(w: Any, b: float, wanted: Any, turn: int) -> Facts:
    """What the neuron says of each corner, and where its line runs."""
    one = neuron(w, b)
    right = one(CORNERS) == wanted
    return {
        "z": rounded(one.weighted_sum(CORNERS), 2),
        "yes": one(CORNERS).astype(bool).tolist(),
        "right": right.tolist(),
        "area": rounded(_yes(one), 3),
        "line": rounded(_line(one), 3),
        "told": _told(one, right, wanted),
    }


def mistake(w: Any, b: float, wanted: Any, turn: int) -> Facts:
    """Let the perceptron learn from the next corner that is wrong: the state after it."""
    one = neuron(w, b)
    for step in range(4):
        at = (turn + step) % 4
        if one.fit(CORNERS[[at]], [wanted[at]], passes=1) == [1]:
            break
    else:
        told = "No corner is wrong: it stays as it is."
        return {"state": None, "at": -1, "told": told}
    told = f"{NAMES[at]} should be a no: take it from w, and 1 from b."
    if wanted[at]:
        told = f"{NAMES[at]} should be a yes: add it to w, and 1 to b."
    after = {"w": rounded(one.w, 6), "b": rounded(one.b, 6), "turn": (at + 1) % 4}
    if max(map(abs, [*after["w"], after["b"]])) > LIMITS["b"][1]:
        raise ValueError(
            "That move would leave the picture. Begin with smaller weights."
        )
    return {"state": after, "at": at, "told": told}


def table() -> dict[str, list[dict[str, Any]]]:
    """Each handle one step to each side, a few coarse places, and the way to "and"."""
    ways = ((0.1, 0), (-0.1, 0), (0, 0.1), (0, -0.1), (0, 1), (0, 1.5), (0, 2))
    states = [{"w": rounded(np.add(STATE["w"], way), 6)} for way in ways]
    states += [{"w": there} for there in ([-1, 1], [-1, -1], [2, 0], [-2, 0], [0, 2])]
    states += [{"b": b} for b in (-2, -1.5, -1, -0.5, 0, 0.4, 0.6, 1, 1.5, 2)]
    for i in range(4):
        flipped = [not yes if i == j else yes for j, yes in enumerate(STATE["wanted"])]
        states.append({"wanted": flipped})
    moves = []
    for start in {}, {"w": [0.0, 0.0], "b": 0.0}:
        now = {**STATE, **start}
        states += [start] if start else []
        while True:
            moves.append(now)
            after = mistake(**now)["state"]
            if not after:
                break
            states.append(after)
            now = {**now, **after}
    return {"answer": [{}, *unlike(states)], "mistake": moves}


def still(figure: Any) -> str:
    """The four corners, the line, and the arrow of the weights."""
    facts, w = answer(**STATE), STATE["w"]
    ax = figure.subplots()
    ax.fill(*np.transpose(facts["area"]), color=COLORS["activation"], alpha=0.25)
    ax.plot(*np.transpose(facts["line"]), color=COLORS["ink"])
    arrow = {"arrowstyle": "->", "color": COLORS["weight"], "lw": 2, "shrinkA": 0}
    ax.annotate("", (LONG * w[0], LONG * w[1]), (0, 0), arrowprops=arrow)
    for (x, y), wanted, name in zip(CORNERS, STATE["wanted"], NAMES, strict=True):
        ax.plot(x, y, "os"[wanted], color=COLORS[CLASSES[int(wanted)]])
        ax.text(x, y + 0.1, name, ha="center")
    ax.set(xlim=SHEET, ylim=SHEET, aspect="equal", xlabel="$x_1$", ylabel="$x_2$")
    return (
        "A square with the corners 00, 01, 10 and 11, of which only 11 should be a yes. A "
        "straight line parts the plane; an arrow for the weights stands at a right angle to "
        "it. On the shaded side, of the yes, lie 00, 10 and 11."
    )


def _yes(one: Perceptron) -> Array:
    """Where the neuron says yes, in the picture."""
    piece = square(*SHEET)
    return kept(piece, one.weighted_sum(piece))


def _line(one: Perceptron) -> Array:
    """Where the sum is zero, beyond the picture to both sides; nothing without weights."""
    if not one.w.any():
        return np.zeros((0, 2))
    length = np.hypot(*one.w)
    foot, along = -one.b * one.w / length**2, one.w[::-1] * (-1, 1) / length
    far = 9 + np.hypot(*foot)
    return np.array([foot - far * along, foot + far * along])


def _told(one: Perceptron, right: Any, wanted: Any) -> str:
    w1, w2, b = (f"{round(value, 1):g}".replace("-", "−") for value in (*one.w, one.b))
    said = f"With w = ({w1}, {w2}) and b = {b}"
    wrong = [name for name, good in zip(NAMES, right, strict=True) if not good]
    if not wrong:
        return f"{said}, all four corners are right."
    are = "is" if len(wrong) == 1 else "are"
    if wanted[0] == wanted[3] != wanted[1] == wanted[2]:
        return f"{said}: {listed(wrong)} {are} wrong. No straight line gets all four right."
    if not one.w.any():
        every = "yes" if one.b > 0 else "no"
        return f"{said} there is no line: always {every}. {listed(wrong)} {are} wrong."
    return f"{said}: {listed(wrong)} {are} wrong."
