"""Your own points: a small network learns to part them, as far as one lets it."""

from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

import neuralblog as nb
from neuralblog.colors import CLASSES, COLORS
from neuralblog_site.inpage.explorables.common import Array, Facts, pictured, rounded

TITLE = "Your own points"
QUESTION = "How many creases part these points? Will they be found?"
HEIGHT = 658
STILL = (5.6, 2.9)
XOR = [[*map(float, x), float(y)] for x, y in zip(*nb.datasets.xor(), strict=True)]
STATE: dict[str, Any] = {
    "points": XOR,  # x1, x2, and 1 for a yes
    "layers": "one",
    "units": 2,  # in each hidden layer
    "activation": "ReLU",
    "rate": 0.5,
    "seed": 0,
    "step": 0,  # of training
}
ACTIVATIONS = {"ReLU": nb.ReLU, "tanh": nb.Tanh, "sigmoid": nb.Sigmoid}
FRAME, STEPS = 10, 1000  # every so many steps are shown, and so many are taken
LIMITS: dict[str, Any] = {
    "points": (-0.5, 1.5, 0.05),
    "layers": ("one", "two"),
    "units": (1, 8, 1),
    "activation": tuple(ACTIVATIONS),
    "rate": (0.05, 3, 0.05),
    "seed": (0, 99, 1),
    "step": (0, STEPS, FRAME),
}
FREE = {"points": 24}
ISLAND = [[0.5, 0.5], [0.8, 0.5], [0.5, 0.8], [0.2, 0.5], [0.5, 0.2]]
SIDE = 24  # cells of the plane's picture


class Run:
    """A training, as far as anybody has asked: what was learned every few steps."""

    def __init__(
        self,
        points: Any,
        layers: str,
        units: int,
        activation: str,
        rate: float,
        seed: int,
    ) -> None:
        self.x, self.y = np.hsplit(np.reshape(points, (-1, 3)), [2])
        rng = np.random.default_rng(seed)
        widths = [2, units] if layers == "one" else [2, units, units]
        hidden = [
            layer
            for n, m in pairwise(widths)
            for layer in (nb.Dense(n, m, rng=rng), ACTIVATIONS[activation]())
        ]
        self.net = nb.Sequential(*hidden, nb.Dense(units, 1, rng=rng), nb.Sigmoid())
        self.loss, self.descent = nb.BinaryCrossEntropy(), nb.SGD(rate)
        self.learned, self.losses = [self.net.parameters.copy()], [self.now()]

    def now(self) -> float:
        """The loss; of no points there is none."""
        return (
            float(self.loss(self.net.forward(self.x), self.y)) if len(self.x) else 0.0
        )

    def at(self, step: int) -> nb.Sequential:
        """The network after so many steps."""
        self.net.parameters = self.learned[-1]
        for _ in range(len(self.learned), step // FRAME + 1):
            for _ in range(FRAME if len(self.x) else 0):
                p = self.net.forward(self.x)
                self.net.parameter_gradients(self.loss.gradient(p, self.y))
                self.descent.step(self.net.parameters, self.net.gradients)
            self.learned.append(self.net.parameters.copy())
            self.losses.append(self.now())
        self.net.parameters = self.learned[step // FRAME]
        return self.net


kept = lru_cache(8)(Run)


def run(points: Any, units: float, seed: float, **rest: Any) -> Run:
    """The one training from this start, at these points."""
    known = tuple((x, y, int(label > 0.5)) for x, y, label in points)
    return kept(known, units=round(units), seed=round(seed), **rest)


def answer(step: float, **start: Any) -> Facts:
    """What the network says of the plane after some steps, and how it came there."""
    its, frame = run(**start), round(step) // FRAME
    net = its.at(round(step))
    right = parted(net.forward(its.x), its.y)
    seen = [*range(0, frame, 2), frame]
    return {
        "plane": pictured(2 * said(net) - 1, 1.0),
        "creases": rounded(creases(net.layers[0]), 2),
        "losses": [[FRAME * i, rounded(its.losses[i], 3)] for i in seen],
        "top": next(
            top for k in range(12) if max(its.losses[: frame + 1]) <= (top := 2**k)
        ),
        "half": rounded(nb.BinaryCrossEntropy()(np.array([0.5]), np.array([1.0]))),
        "told": _told(round(step), right, rounded(its.losses[frame], 2), silent(its)),
    }


def kinds() -> Facts:
    """Points to begin with."""
    turn = np.arange(16) * np.pi / 8
    ring = 0.5 + 0.8 * np.transpose([np.cos(turn), np.sin(turn)])
    arm = np.linspace(0.25, 1.5, 7) * 2 * np.pi
    spiral = 0.09 * arm * [np.cos(arm), np.sin(arm)]
    return {
        "XOR": XOR,
        "ring": _placed(ring, ISLAND),
        "spiral": _placed(0.5 + spiral.T, 0.5 - spiral.T),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """A training in coarse steps, and each handle one step to each side before it."""
    moved = []
    for i in range(4):
        for way in ([0.05, 0, 0], [-0.05, 0, 0], [0, 0.05, 0], [0, -0.05, 0]):
            made = np.array(XOR)
            made[i] += way
            moved.append({"points": rounded(made, 6)})
    steps = (10, 20, 30, 50, 80, 120, 200, 300, 500, 700, STEPS)
    others = {
        "units": (1, 3, 8),
        "rate": (0.45, 0.55),
        "seed": (1, 3),
        "layers": ["two"],
    }
    return {
        "answer": [
            {},
            *({"step": step} for step in steps),
            *({key: value} for key, values in others.items() for value in values),
            *({"activation": name} for name in ("tanh", "sigmoid")),
            *({"points": points} for name, points in kinds().items() if name != "XOR"),
            *moved,
        ],
        "kinds": [{}],
    }


def still(figure: Any) -> str:
    """The four corners, and what the network says before and after its training."""
    low, high, _ = LIMITS["points"]
    its = run(**{key: value for key, value in STATE.items() if key != "step"})
    for ax, step in zip(figure.subplots(1, 2), (0, STEPS), strict=True):
        ax.imshow(
            said(its.at(step)), cmap="gray", clim=(0, 1), extent=(low, high, low, high)
        )
        for x, y, label in XOR:
            ax.plot(x, y, "os"[int(label)], color=COLORS[CLASSES[int(label)]])
        ax.set(xticks=[], yticks=[], title=f"{step:,} steps")
    return (
        "Two maps of the plane with the four corners of XOR. Before the first step the map is "
        "nearly even gray. After 1,000 steps it is gray, too: the network says one half "
        "everywhere, and is stuck."
    )


def said(net: nb.Sequential) -> Array:
    """The probability of a yes at the middle of each cell of the plane: (SIDE, SIDE)."""
    low, high, _ = LIMITS["points"]
    at = low + (np.arange(SIDE) + 0.5) * (high - low) / SIDE
    x, y = np.meshgrid(at, at[::-1])
    return net.forward(np.stack([x, y], axis=-1).reshape(-1, 2)).reshape(SIDE, SIDE)


def creases(layer: Any) -> Array:
    """The line of each unit where its sum is zero: two ends, far outside."""
    size = np.maximum((layer.W**2).sum(axis=1), 1e-9)
    place = -layer.W * (layer.b / size)[:, None]
    way = layer.W[:, ::-1] * [-1, 1] * (4 / np.sqrt(size))[:, None]
    return np.stack([place - way, place + way], axis=1)


def parted(p: Array, y: Array) -> Any:
    """Which points are right; exactly one half is neither yes nor no."""
    return np.sign(p - 0.5) == 2 * y - 1


def silent(its: Run) -> int:
    """How many ReLUs say 0 to every point."""
    a, dead = its.x, 0
    for layer in its.net.layers if its.x.size else ():
        a = layer.forward(a)
        dead += isinstance(layer, nb.ReLU) and int((a == 0).all(axis=0).sum())
    return dead


def _placed(no: Any, yes: Any) -> Any:
    """Points of both kinds, on the grid of the plane."""
    at = np.concatenate([no, yes])
    kind = np.repeat([0, 1], [len(no), len(yes)])
    return rounded(np.column_stack([np.round(20 * at) / 20, kind]))


def _told(step: int, right: Any, loss: float, dead: int) -> str:
    if not right.size:
        return "The plane is empty: tap it, and put points of both kinds there."
    told = f"After {step:,} steps: {right.sum()} of {right.size} points right, loss {loss:.2f}."
    if dead:
        told += f" {dead} ReLU{'s are' if dead > 1 else ' is'} silent at every point."
    return told
