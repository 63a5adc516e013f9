"""Downhill: three optimizers from one start, each at a rate of its own, on two grounds."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    listed,
    optimizer,
    rounded,
)

TITLE = "Downhill"
QUESTION = "Turn up the rates: who gets faster, and at which rate does each break?"
HEIGHT = 580
STILL = (5.6, 3.2)
RATES = [0.001, 0.0015, 0.002, 0.003, 0.005, 0.008, 0.01, 0.015, 0.02, 0.03, 0.05]
RATES += [0.08, 0.1, 0.15, 0.2, 0.25, 0.3, 0.5, 0.6, 0.8]
RUNNERS = ("SGD", "momentum", "Adam")
STATE: dict[str, Any] = {
    "ground": "valley",
    "w": 4.0,
    "b": 6.0,
    "knob": 0.5,
    "sgd": RATES.index(0.08),
    "momentum": RATES.index(0.08),
    "adam": RATES.index(0.08),
}
RATE = (0, len(RATES) - 1, 1)
LIMITS: dict[str, Any] = {
    "ground": ("valley", "parabola"),
    "w": (0.75, 5.25, 0.25),
    "b": (5.25, 11.75, 0.25),
    "knob": (-1, 5, 0.25),
    "sgd": RATE,
    "momentum": RATE,
    "adam": RATE,
}
STEPS, DRAWN = 300, 110  # that a runner has, and that are drawn
KNOBS = {"valley": ("w", "b"), "parabola": ("knob",)}
NEAR, FAR = 0.01, 1e4  # from the lowest point: arrived, and lost
VIEW = ((0.5, 5.5), (5.0, 12.0))  # of the valley: w and b
WEIGHTS, LENGTHS = np.arange(1.0, 6), np.array([12.1, 13.8, 16.0, 18.3, 19.9])


@dataclass(frozen=True, eq=False)
class Ground:
    """A parabola in one or two knobs: the slope is `bend` times the way from `best`."""

    bend: Array
    best: Array

    def slope(self, theta: Array) -> Array:
        """The gradient at a place."""
        return self.bend @ (theta - self.best)

    def ring(self, height: float) -> Any:
        """The places that lie this much above the lowest, as corners."""
        bends, ways = np.linalg.eigh(self.bend)
        turn = np.linspace(0, 2 * np.pi, 41)
        circle = np.array([np.cos(turn), np.sin(turn)])
        far = np.sqrt(2 * height / bends)[:, np.newaxis]
        return rounded((ways @ (far * circle)).T + self.best, 2)


INPUTS = np.stack([WEIGHTS, np.ones(5)], axis=1)
GROUNDS = {
    "valley": Ground(2 * INPUTS.T @ INPUTS / 5, np.polyfit(WEIGHTS, LENGTHS, 1)),
    "parabola": Ground(np.array([[4.0]]), np.array([2.0])),
}


@cache
def run(name: str, rate: float, ground: str, start: tuple[float, ...]) -> Facts:
    """The walk from a start, and after how many steps it is there to stay.

    The walk in hundredths, x and y in turn. Minus 1 step is a walk that diverges, and
    None is one that needs too long.
    """
    its, theta, rule = GROUNDS[ground], np.array(start, float), optimizer(name, rate)
    walk, last_far = [theta.copy()], -1
    for t in range(STEPS + 1):
        off = float(np.hypot.reduce(theta - its.best))
        last_far = t if off >= NEAR else last_far
        if off > FAR:
            break
        rule.step(theta, its.slope(theta))
        walk.append(theta.copy())
    places = np.array(walk)[: min(DRAWN, last_far + 1) + 1]
    if ground == "parabola":
        places = np.stack([places[:, 0], height(places[:, 0])], axis=1)
    steps = -1 if off > FAR else last_far + 1 if last_far < STEPS else None
    near = np.clip(rounded(places, 2), -99, 99)
    path = np.round(100 * near).astype(int)
    return {"path": path.ravel().tolist(), "steps": steps}


@cache
def lines(ground: str) -> list[Any]:
    """Rings of equal height in the valley, or the parabola itself."""
    its = GROUNDS[ground]
    if ground == "valley":
        return [its.ring(height) for height in (1, 5, 20)]
    w = np.linspace(-2, 6, 33)
    return [rounded(np.transpose([w, height(w)]), 2)]


def height(w: Array) -> Array:
    """The parabola of the post: half of the squared error, at x = 2 and y = 4."""
    return np.asarray((2 * w - 4) ** 2 / 2)


def answer(
    ground: str, sgd: float, momentum: float, adam: float, **start: float
) -> Facts:
    """The ground's lines, and the walk of each runner."""
    begin = tuple(float(start[name]) for name in KNOBS[ground])
    rates = [RATES[round(i)] for i in (sgd, momentum, adam)]
    its = zip(RUNNERS, rates, strict=True)
    walks = {name: run(name, rate, ground, begin) for name, rate in its}
    steps = {name: walk["steps"] for name, walk in walks.items()}
    return {
        "lines": lines(ground),
        "lowest": rounded([*GROUNDS[ground].best, 0][:2], 2),
        "said": list(map(_said, steps.values())),
        "told": _told(ground, rates[0], steps),
        **{name: walk["path"] for name, walk in walks.items()},
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Each handle one step to each side, the parabola, and some rates on it."""
    one_step = {name: LIMITS[name][2] for name in ("w", "b", "sgd", "momentum", "adam")}
    states: list[dict[str, Any]] = [
        {name: STATE[name] + way * step}
        for name, step in one_step.items()
        for way in (-1, 1)
    ]
    states += [{"ground": "parabola", "sgd": RATES.index(rate)} for rate in (0.08, 0.6)]
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The first state: three walks in the valley."""
    facts = answer(**STATE)
    axes = figure.subplots(1, 3, sharey=True)
    for ax, name in zip(axes, RUNNERS, strict=True):
        for ring in facts["lines"]:
            ax.plot(*np.transpose(ring), color=COLORS["muted"], linewidth=0.8)
        walk = np.reshape(facts[name], (-1, 2)) / 100
        ax.plot(*walk.T, color=COLORS["weight"], linewidth=1)
        ax.plot(*walk[0], "s", color=COLORS["ink"])
        ax.set(title=name, xlabel="w", xlim=VIEW[0], ylim=VIEW[1])
        ax.title.set_fontsize(9)
    axes[0].set_ylabel("b")
    return (
        "A narrow valley, three times, and three walks from one start. SGD zigzags from wall "
        "to wall and creeps along the floor. Momentum swings wide around it. Adam "
        "goes down to the floor in small steps, and along it."
    )


def _said(steps: int | None) -> str:
    if steps is None:
        return f"> {STEPS} steps"
    return "diverges" if steps < 0 else f"{steps} step{'s' * (steps != 1)}"


def _told(ground: str, rate: float, steps: dict[str, int | None]) -> str:
    there = {name: n for name, n in steps.items() if n is not None and n >= 0}
    first = min(there, key=lambda name: there[name], default=None)
    others = [_other(name, n) for name, n in steps.items() if name != first]
    if first:
        said = f"First is {first}, after {_said(there[first])}; {listed(others)}."
    else:
        said = f"None arrives: {listed(others)}."
    if ground == "parabola":
        factor = f"{rounded(1 - 4 * rate, 3):g}".replace("-", "−")
        return f"{said} SGD multiplies the distance by 1 − 4 · {rate:g} = {factor} in each step."
    if steps["SGD"] == -1:
        return f"{said} Each step of SGD ends higher up on the other wall."
    return said


def _other(name: str, steps: int | None) -> str:
    if steps is None:
        return f"{name} is not there after {STEPS}"
    return f"{name} diverges" if steps < 0 else f"{name} needs {steps}"
