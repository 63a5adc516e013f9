"""Is a gradient right? Take a tiny step, measure what happens, and compare.

Two checks, because they catch different mistakes: `check_gradients` compares what a
layer, a loss, an activation or a whole network computes with slopes that are measured,
and `check_descent` makes sure that an update goes downhill.
The first needs float64 and small arrays: every single number costs two runs of the
function. The second costs two runs in all.
"""

import copy
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.arrays import floats
from neuralblog.slopes import STEP, Line, compare
from neuralblog.subjects import (
    Subject,
    WeightedSum,
    activation_subject,
    layer_subject,
    loss_subject,
    put_back,
)

__all__ = ["numerical_gradient", "check_gradients", "check_descent"]
__all__ += ["GradientReport", "DescentReport"]

Array = NDArray[np.float64]


def numerical_gradient(f: Callable[..., Any], x: ArrayLike, h: float = STEP) -> Array:
    """Measure the slope of f along each element of x: (f(x + h) - f(x - h)) / 2h.

    f takes an array like x and returns one number; any shape -> the same shape.
    Accurate to about ten digits where f is smooth, and to none at a kink.

    Examples:
        >>> print(f"{numerical_gradient(lambda w: w**4, 0.5):.6f}")
        0.500000
    """
    x = np.array(x, dtype=np.float64)  # a copy: the caller's x stays as it is
    slopes = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        before = x[i]
        x[i] = before + h
        above = float(f(x))  # now, since f may hand back x itself
        x[i] = before - h
        slopes[i] = (above - float(f(x))) / (2 * h)
        x[i] = before
    return slopes


class GradientReport(NamedTuple):
    """What `check_gradients` found; print it.

    `errors` holds one relative error per array, |g - m| / (|g| + |m|): g computed, m
    measured, and |.| the length of the whole array as one vector. It is 0 for equal,
    1/3 for twice too large, 1 for the wrong sign. `where` names the element of the
    worst array that is furthest off, `compared` counts the elements with a slope, and
    `kinks` those left out because f has no single slope there. `left_out` are arrays of
    which nothing was compared, `too_small` those that are lost in rounding, and
    `fault` tells what is wrong beside the numbers.
    """

    errors: dict[str, float]
    where: str
    tolerance: float
    kinks: int
    compared: int
    left_out: tuple[str, ...] = ()
    too_small: tuple[str, ...] = ()
    fault: str = ""

    @property
    def worst(self) -> float:
        """The largest relative error."""
        return max(self.errors.values(), default=0.0)

    @property
    def ok(self) -> bool:
        """Whether everything that can be judged agrees, and something can be."""
        return self.compared > 0 and self.worst <= self.tolerance

    def __repr__(self) -> str:
        tail = self._remarks()
        fault = self.fault and f"; {self.fault}"
        if not self.compared:
            return f"nothing to compare{tail}{fault}"
        if self.ok:
            names = listed(tuple(self.errors))
            return f"gradients agree within {self.tolerance:g}: {names}{tail}"
        return (
            f"gradients differ by {self.worst:.2g}, most at {self.where}{tail}{fault}"
        )

    def _remarks(self) -> str:
        """Say what was not compared, and why."""
        remarks = []
        if self.kinks:
            remarks += [f"{self.kinks} on a kink"]
        if self.left_out and self.compared:
            remarks += [f"left out: {listed(self.left_out)}"]
        elif self.kinks:
            remarks = [f"{self.kinks} on a kink, left out"]
        if self.too_small:
            remarks += [f"too small to judge: {listed(self.too_small)}"]
        return f" ({'; '.join(remarks)})" if remarks else ""


def listed(names: tuple[str, ...]) -> str:
    """Name a few arrays, and count many."""
    return ", ".join(names) if len(names) < 4 else f"{len(names)} arrays"


def check_gradients(
    subject: Any,
    x: ArrayLike,
    target: ArrayLike | None = None,
    *,
    loss: Any = None,
    training: bool = False,
    seed: int = 0,
    tolerance: float = 1e-6,
) -> GradientReport:
    """Compare the gradients that `subject` computes at x with measured ones.

    - a layer or a network: `check_gradients(Dense(3, 2, rng=rng), x)` checks dx and
      the gradient of each parameter. Unless a `loss` (with its `target`) says what to
      measure, the outputs are added up with random weights, drawn from `seed`.
    - a loss: `check_gradients(MeanSquaredError(), prediction, target)`.
    - an activation: `check_gradients(sigmoid, z)` checks its derivative.

    The subject is left as it was found; while it is measured, every dropout mask is the
    same one. A tie in max pooling is a kink along x, and left out. Along a filter in
    front of it there is none, as a flat window moves as one: check pooling that way.
    Where kinks cancel, as in relu(x) - relu(-x) at 0, right layers give a wrong slope.
    Raises: TypeError for another subject, and for parameters that are not float64.

    Examples:
        >>> check_gradients(Tanh(), [[0.5, -1.0]])
        gradients agree within 1e-06: x
    """
    floats("check_gradients", "x", x)
    x = np.array(x, dtype=np.float64)  # a copy: it will be moved in place
    given, loss = loss is not None, loss or WeightedSum(seed)
    if hasattr(subject, "backward"):
        with put_back(subject):
            motion = partial(layer_subject, subject, x, target, training=training)
            bending = None  # of a single layer, whose kinks cannot cancel
            if not given and not hasattr(subject, "layers"):
                bending = motion(WeightedSum(seed, positive=True))
            return report(motion(loss), bending, tolerance)
    if hasattr(subject, "gradient"):
        one = loss_subject(subject, x, target)
        return report(one, one, tolerance)
    if hasattr(subject, "derivative"):
        one = activation_subject(subject, x, loss, target)
        return report(one, one, tolerance)
    expected = "a layer, a network, a loss or an activation"
    raise TypeError(f"check_gradients: got {subject!r}, expected {expected}")


def report(
    subject: Subject, bending: Subject | None, tolerance: float
) -> GradientReport:
    """Compare all arrays of a subject; `bending` tells which gradients fit a kink."""
    f, here = subject.f, subject.f()
    if not np.isfinite(here) or here != f():
        fault = (
            "f gives another number each time" if np.isfinite(here) else f"f is {here}"
        )
        return GradientReport({}, "", tolerance, 0, 0, fault=fault)
    errors: dict[str, float] = {}
    where, fault, kinks, compared = "", "", 0, 0
    left_out, too_small = list(subject.left_out), []
    for name, x in subject.arrays.items():
        fits = partial(fits_kink, bending, name)
        found = compare(f, x, subject.gradients[name], tolerance, fits)
        kinks += found.kinks
        error = found.error
        if name in subject.faults and (error <= tolerance or found.unclear):
            error, fault = np.inf, fault or f"{name}: {subject.faults[name]}"
        elif found.kinks == x.size:  # also if empty
            left_out += [name]
            continue
        elif found.unclear:
            too_small += [name]
            continue
        compared += x.size - found.kinks
        if error > max(errors.values(), default=-1.0):
            where = name if error == np.inf and fault else name + found.place
        errors[name] = error
    more = tuple(left_out), tuple(too_small), fault
    return GradientReport(errors, where, tolerance, kinks, compared, *more)


def fits_kink(bending: Subject | None, name: str, i: tuple[int, ...]) -> bool:
    """Whether the gradient lies between the slopes on both sides, if that is known."""
    if bending is None:
        return True
    line = Line(bending.f, bending.arrays[name], i, bending.f())
    return line.allows(bending.gradients[name][i])


class DescentReport(NamedTuple):
    """What `check_descent` found; print it.

    `before` and `after` are the loss around the step; `cosine` is 1 where the step
    goes straight down the gradient, 0 across it, and -1 straight up.
    """

    before: float
    after: float
    cosine: float

    @property
    def ok(self) -> bool:
        """Whether the step lowered the loss."""
        return self.after < self.before

    def __repr__(self) -> str:
        way = "lowers" if self.ok else "does not lower"
        return f"one small step {way} the loss (cosine {self.cosine:.4f})"


def check_descent(
    network: Any,
    loss: Any,
    x: Array,
    target: ArrayLike,
    *,
    optimizer: Any = None,
    step: float = 1e-4,
) -> DescentReport:
    """Take one small step, and see whether the loss falls.

    The step is the optimizer's own, or `step` times the gradient, downhill. A right
    gradient that is used with the wrong sign passes `check_gradients`; it fails here.
    The parameters are put back, and the optimizer is not touched.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> network = Sequential(Dense(2, 1, rng=rng))
        >>> x, y = rng.standard_normal((4, 2)), np.ones((4, 1))
        >>> report = check_descent(network, MeanSquaredError(), x, y)
        >>> report.after < report.before
        True
    """
    prediction = network.forward(x)
    before = float(loss(prediction, target))
    network.backward(loss.gradient(prediction, target))
    start, downhill = network.parameters.copy(), -network.gradients.copy()
    if optimizer is None:
        network.parameters[...] += step * downhill
    else:
        copy.deepcopy(optimizer).step(network.parameters, network.gradients)
    moved = network.parameters - start
    after = float(loss(network.forward(x), target))
    network.parameters[...] = start
    lengths = np.linalg.norm(moved) * np.linalg.norm(downhill)
    cosine = float(np.vdot(moved, downhill) / lengths) if lengths else 0.0
    return DescentReport(before, after, cosine)
