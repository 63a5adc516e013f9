"""How steep is f, and can one tell? Measure a slope, and how far to trust it.

A slope is measured with several steps. Too long a step sees curvature, too short a one
drowns in rounding; at a kink, the slopes to the left and to the right stay apart.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["STEP", "Comparison", "Line", "compare"]

Array = NDArray[np.float64]
Function = Callable[[], float]  # depends on arrays that are moved in place
Index = tuple[int, ...]

STEP = 1e-5
"""The usual step, for float64: less drowns in rounding, more in curvature."""

SHORTER = tuple(STEP / 10**i for i in range(5))
NEARLY = (0.5, 0.7, 1.4, 2.0)  # times a step: what is true does not change with it
SURE = 5  # times farther off than a slope is uncertain


class Line:
    """f along one element of an array, which is moved and put back."""

    def __init__(self, f: Function, x: Array, i: Index, here: float) -> None:
        self.f, self.x, self.i, self.here = f, x, i, here

    def at(self, h: float) -> float:
        """Return f a step away, NaN where it is not defined there."""
        start = self.x[self.i]
        self.x[self.i] = start + h
        try:
            return self.f()
        except ValueError:
            return np.nan
        finally:
            self.x[self.i] = start

    def slope(self, h: float) -> float:
        """Return the slope from a step before to a step after."""
        return (self.at(h) - self.at(-h)) / (2 * h)

    def sides(self, h: float) -> tuple[float, float]:
        """Return the slopes before and after."""
        return (self.here - self.at(-h)) / h, (self.at(h) - self.here) / h

    def measure(self, h: float) -> tuple[float, float]:
        """Return the slope, and how uncertain it is: how much steps like h change it.

        Rounding alone changes it by about eps |f| / h.
        """
        slopes = [self.slope(h), *(self.slope(h * factor) for factor in NEARLY)]
        rounding = 10 * np.finfo(np.float64).eps * abs(self.here) / h
        return slopes[0], float(np.ptp(slopes)) + rounding

    def has_kink(self, h: float, uncertain: float) -> bool:
        """Whether the slopes before and after stay apart as the step is halved."""
        gaps = [abs(np.subtract(*self.sides(step))) for step in (h, h / 2)]
        return bool(gaps[0] > 2 * SURE * uncertain and gaps[1] > 0.75 * gaps[0])

    def has_jump(self) -> bool:
        """Whether f changes by the same at once, however short the step."""
        jumps = [h * self.slope(h) for h in SHORTER[:3]]
        return bool(0 < np.ptp(jumps) + 1e-300 < 0.01 * abs(jumps[0]))

    def allows(self, g: float) -> bool:
        """Whether g is between the slopes before and after, as it may be at a kink."""
        low, high = sorted(self.sides(SHORTER[1]))
        slack = 0.01 * (high - low)
        return not (g < low - slack or g > high + slack)  # NaN: only one side, anything


class Look(NamedTuple):
    """A closer look at one element: a slope, and what there is to say about it."""

    slope: float
    uncertain: float = 0.0
    kink: bool = False


def look_closer(line: Line, g: float, tolerance: float) -> Look:
    """Measure with shorter steps, until g agrees or it is sure that it does not."""
    looks: list[tuple[float, float, float]] = []
    for h in SHORTER:
        m, uncertain = line.measure(h)
        if abs(g - m) <= tolerance * max(abs(g), abs(m)):
            return Look(m)
        if np.isfinite(m + uncertain):
            looks.append((uncertain, m, h))
            if 100 * uncertain < abs(g - m):
                break
    if not looks:  # f is not defined on one side
        return Look(g, kink=True)
    uncertain, m, h = min(looks)
    return Look(m, uncertain, line.has_jump() or line.has_kink(h, uncertain))


class Comparison(NamedTuple):
    """What came of comparing the gradient g of an array with measured slopes m.

    `error` is |g - m| / (|g| + |m|) over what has a slope, `where` they are furthest
    apart, `kinks` how many elements have no single slope, and `unclear` whether
    rounding hides if g is right.
    """

    error: float
    where: Index
    kinks: int
    unclear: bool

    @property
    def place(self) -> str:
        """Where they are furthest apart, as an index is written."""
        return f"[{', '.join(map(str, self.where))}]" if self.where else ""


def compare(
    f: Function,
    x: Array,
    g: Array,
    tolerance: float,
    fits_kink: Callable[[Index], bool],
) -> Comparison:
    """Compare g with measured slopes along x, with a closer look where they differ.

    `fits_kink` says whether g will do at an element that has no single slope.
    """
    here = f()
    lines = {i: Line(f, x, i, here) for i in np.ndindex(x.shape)}
    m = np.array([line.slope(STEP) for line in lines.values()]).reshape(x.shape)
    rounding = 10 * np.finfo(np.float64).eps * abs(here) / STEP
    on_kink, wrong = np.zeros(x.shape, bool), np.zeros(x.shape, bool)
    near = np.abs(g - m) <= tolerance * np.abs(m) + rounding / SURE
    for i in map(tuple, np.argwhere(~near)):
        look = look_closer(lines[i], g[i], tolerance)
        m[i], slack = look.slope, SURE * look.uncertain + tolerance * abs(g[i])
        on_kink[i] = look.kink and fits_kink(i)
        wrong[i] = not on_kink[i] and not abs(g[i] - m[i]) <= slack
    off = np.where(on_kink, 0.0, g - m)
    length = np.linalg.norm(g[~on_kink]) + np.linalg.norm(m[~on_kink])
    error = np.linalg.norm(off) / length if length else 0.0
    if wrong.any() and error <= tolerance:  # a small one, lost among large ones
        off = np.where(wrong, off, 0.0)
        error = np.max(np.abs(off[wrong]) / (np.abs(g[wrong]) + np.abs(m[wrong])))
    where = np.unravel_index(np.argmax(np.abs(off)), off.shape) if off.size else ()
    error = float(error) if np.isfinite(error) else np.inf
    unclear = bool(error > tolerance and not wrong.any())
    return Comparison(error, tuple(map(int, where)), int(on_kink.sum()), unclear)
