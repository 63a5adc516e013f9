"""The way back: one place sends its message, or one pixel or weight collects them."""

from typing import Any

import numpy as np

from neuralblog import AveragePool2D, Conv2D, MaxPool2D
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import Array, Facts, numbered, rounded

TITLE = "The way back"
QUESTION = "Touch a cell of dy, dx or dW: who sends what to whom?"
HEIGHT = 560
STILL = (5.6, 2.6)
# The message of this place is 1, and those of its neighbors are others: a key shows something.
STATE: dict[str, Any] = {"layer": "convolution", "picked": "dy", "at": [2, 1]}
LAYERS = ("convolution", "max", "shared", "every", "mean")
LIMITS: dict[str, Any] = {
    "layer": LAYERS,
    "picked": ("dy", "dx", "dW"),
    "at": (0, 4, 1),
}
X = np.array(
    [
        [0, 1, 2, 1, 0],
        [1, 3, 1, 0, 2],
        [2, 1, 0, 1, 1],
        [0, 2, 1, 3, 0],
        [1, 0, 1, 2, 1],
    ],
    float,
)
W = np.array([[1, 2, 3], [0, 1, 0], [-1, 0, -2]], float)
DY = np.array([[1, 0, 2], [-1, 2, 0], [1, 1, -2]], float)
POOL_X = np.array([[1, 3, 2, 2], [4, 8, 2, 2], [0, 1, 0, 5], [2, 9, 5, 1]], float)
POOL_DY = np.array([[1, 2], [3, 4]], float)
K = 3
UNFRAMED = dict[str, Any].fromkeys(("x", "W", "dy", "dx", "dW", "sent"))


def answer(layer: str, picked: str, at: Any) -> Facts:
    """The six tables, what is framed in each, and the sentence."""
    spot = [round(place) for place in at]
    facts = (
        convolved(picked, spot)
        if layer == "convolution"
        else pooled(layer, spot, picked)
    )
    return {
        key: rounded(v, 2) if isinstance(v, np.ndarray) else v
        for key, v in facts.items()
    }


def convolved(picked: str, at: list[int]) -> Facts:
    """The convolution: from a place outward, or to a pixel or a weight."""
    dx, dW = gradients()
    r, c = (min(place, 4 if picked == "dx" else 2) for place in at)
    facts: Facts = {
        "x": X,
        "W": W,
        "dy": DY,
        "dx": dx,
        "dW": dW,
        "turned": picked == "dx",
    }
    one = [r, c, 1, 1]
    if picked == "dy":
        sent = np.zeros_like(X)
        sent[r : r + K, c : c + K] = DY[r, c] * W
        frame = [r, c, K, K]
        frames = UNFRAMED | {"x": frame, "dy": one, "dx": frame, "sent": frame}
        m = _number(DY[r, c])
        told = f"This place got the message {m}. It sends {m} times the kernel to the nine pixels that it saw, and {m} times those pixels to dW."
    elif picked == "dx":
        sent = np.zeros_like(DY)
        rows, columns = _windows(r), _windows(c)
        for i in rows:
            for j in columns:
                sent[i, j] = DY[i, j] * W[r - i, c - j]
        size = [len(rows), len(columns)]
        seen = [rows[0], columns[0], *size]
        cells = [rows[0] - r + K - 1, columns[0] - c + K - 1, *size]
        frames = UNFRAMED | {"x": one, "W": cells, "dy": seen, "dx": one, "sent": seen}
        n = len(rows) * len(columns)
        who = "One window" if n == 1 else f"{n} windows"
        sum_ = _number(sent.sum())
        told = f"{who} saw this pixel. Lay the turned kernel on dy: message times cell, added up, is {sum_}, as the scatter says."
        facts["W"] = W[::-1, ::-1]
    else:
        sent = DY * X[r : r + K, c : c + K]
        met = [r, c, K, K]
        frames = UNFRAMED | {"x": met, "W": one, "dy": [0, 0, K, K], "dW": one}
        told = f"This weight met nine pixels, one at each place. Each times the message of its place, added up, is {_number(sent.sum())}."
    return {**facts, "sent": sent, "frames": frames, "at": [r, c], "told": told}


def gradients() -> tuple[Array, Array]:
    """What the library's layer gives back: dx (5, 5) and dW (3, 3)."""
    layer = Conv2D(1, 1, K, rng=np.random.default_rng(0))
    layer.W[:] = W
    layer.forward(X[np.newaxis, np.newaxis])
    dx = layer.backward(DY[np.newaxis, np.newaxis])[0, 0]
    return dx, layer.dW[0, 0]


def pooled(layer: str, at: list[int], picked: str) -> Facts:
    """A pool: how each window hands on its message."""
    x, dy = POOL_X[np.newaxis, np.newaxis], POOL_DY[np.newaxis, np.newaxis]
    pool = AveragePool2D(2) if layer == "mean" else MaxPool2D(2)
    y = np.kron(pool.forward(x), np.ones((2, 2)))[0, 0]
    dx = pool.backward(dy)[0, 0]
    winners = y == POOL_X
    counts = winners.reshape(2, 2, 2, 2).sum(axis=(1, 3))
    if layer in ("shared", "every"):
        given = POOL_DY / counts if layer == "shared" else POOL_DY
        dx = np.kron(given, np.ones((2, 2))) * winners
    r, c = (min(place, 3 if picked == "dx" else 1) for place in at)
    i, j = (r // 2, c // 2) if picked == "dx" else (r, c)
    window = [2 * i, 2 * j, 2, 2]
    inside = np.s_[2 * i : 2 * i + 2, 2 * j : 2 * j + 2]
    sent = np.zeros_like(dx)
    sent[inside] = dx[inside]
    seen = [r, c, 1, 1] if picked == "dx" else window
    frames = UNFRAMED | {"x": seen, "dy": [i, j, 1, 1], "dx": seen, "sent": window}
    return {
        "x": POOL_X,
        "W": dx[inside] / POOL_DY[i, j],
        "dy": POOL_DY,
        "dx": dx,
        "dW": [],
        "turned": False,
        "sent": sent,
        "frames": frames,
        "at": [r, c],
        "told": _told(layer, POOL_DY[i, j], int(counts[i, j]), dx.sum()),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Every cell of the convolution, and every place of each pool."""
    conv = [("dy", K), ("dx", 5), ("dW", K)]
    cells = [
        {"picked": picked, "at": [r, c]}
        for picked, n in conv
        for r, c in np.ndindex(n, n)
    ]
    pools = [
        {"layer": layer, "at": [r, c]}
        for layer in LAYERS[1:]
        for r, c in [*np.ndindex(2, 2), STATE["at"]]
    ]
    return {"answer": [{}, *cells, *pools]}


def still(figure: Any) -> str:
    """One message, what it sends, and what all places sent together."""
    facts = answer(**STATE)
    axes = figure.subplots(1, 4, width_ratios=[3, 3, 5, 5])
    names = {"dy": "dy", "W": "kernel", "sent": "sent by this place", "dx": "dx"}
    for ax, (key, title) in zip(axes, names.items(), strict=True):
        frame = facts["frames"][key]
        numbered(ax, np.array(facts[key]), title, frame, COLORS["gradient"])
    return (
        "Four tables of numbers. In the lowest row of the message dy, the cell in the "
        "middle, 1, is framed. Beside it the kernel of three by three; the same kernel, at "
        "the foot of a table of zeros; and dx, the sum of what all nine places send."
    )


def _windows(pixel: int) -> list[int]:
    """The windows along one side that see a pixel."""
    return [i for i in range(len(DY)) if 0 <= pixel - i < K]


def _number(value: float) -> str:
    return f"{value:g}".replace("-", "\u2212")


def _told(layer: str, message: float, n: int, arrived: float) -> str:
    m = _number(message)
    one = f"The largest gets all of the message {m}."
    if layer in ("shared", "every"):
        one = f"No tie here: the largest gets all of the message {m}."
    tie = {
        "max": f"{n} cells tie: the first gets all of the message {m}.",
        "shared": f"{n} cells tie and share the message {m}.",
        "every": f"{n} cells tie, and each gets all of the message {m}.",
    }
    share = f"Each of the four gets a quarter of the message {m}."
    told = share if layer == "mean" else one if n == 1 else tie[layer]
    total = f"In all, {_number(POOL_DY.sum())} was sent and {_number(arrived)} arrived"
    return f"{told} {total}{': a widespread bug.' if layer == 'every' else '.'}"
