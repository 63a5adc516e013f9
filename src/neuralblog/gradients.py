"""Is a gradient right? Take a tiny step, measure what happens, and compare.

Two checks, because they catch different mistakes: `check_gradients` compares what a
layer, a loss, an activation or a whole network computes with slopes that are measured,
and `check_descent` makes sure that an update goes downhill.
Both need float64 and small arrays: every single number costs two runs of the function.
"""

import copy
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.arrays import check_shape

__all__ = ["numerical_gradient", "check_gradients", "check_descent"]
__all__ += ["GradientReport", "DescentReport"]

Array = NDArray[np.float64]
Loss = Callable[[], Any]  # a number that depends on arrays that are moved in place
Pairs = dict[str, tuple[Array, Array]]  # such arrays by name, with their gradients
STEP = 1e-5  # for float64: less drowns in rounding, more in curvature


def numerical_gradient(f: Callable[..., Any], x: ArrayLike, h: float = STEP) -> Array:
    """Measure the slope of f along each element of x: (f(x + h) - f(x - h)) / 2h.

    f takes an array like x and returns one number; any shape -> the same shape.
    Accurate to about ten digits where f is smooth, and to none at a kink.
    """
    x = np.array(x, dtype=np.float64)  # a copy: the caller's x stays as it is
    slopes = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        before = x[i]
        x[i] = before + h
        above = f(x)
        x[i] = before - h
        slopes[i] = (above - f(x)) / (2 * h)
        x[i] = before
    return slopes


class GradientReport(NamedTuple):
    """What `check_gradients` found; print it.

    `errors` holds one relative error per array, |g - m| / (|g| + |m|): g computed, m
    measured, and |.| the length of the whole array as one vector. It is 0 for equal,
    1/3 for twice too large, 1 for the wrong sign. `where` names the element of the
    worst array that is furthest off, `compared` counts the elements with a slope, and
    `kinks` those left out because f has no single slope there.
    """

    errors: dict[str, float]
    where: str
    tolerance: float
    kinks: int
    compared: int

    @property
    def worst(self) -> float:
        """The largest relative error."""
        return max(self.errors.values(), default=0.0)

    @property
    def ok(self) -> bool:
        """Whether everything that has a slope agrees, and something has one."""
        return self.compared > 0 and self.worst <= self.tolerance

    def __str__(self) -> str:
        kinks = f" ({self.kinks} on a kink, left out)" if self.kinks else ""
        if not self.compared:
            return f"nothing to compare{kinks}"
        if self.ok:
            n = len(self.errors)
            names = ", ".join(self.errors) if n < 4 else f"{n} arrays"
            return f"gradients agree within {self.tolerance:g}: {names}{kinks}"
        return f"gradients differ by {self.worst:.2g}, most at {self.where}{kinks}"


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

    Works on a copy of the subject; while it is measured, every dropout mask is the
    same one. A tie in max pooling is a kink along x, and left out. Along a filter in
    front of it there is none, as a flat window moves as one: check pooling that way.
    Raises: TypeError for another subject, and for parameters that are not float64.
    """
    x = np.array(x, dtype=np.float64)  # a copy: it will be moved in place
    loss = loss or _WeightedSum(seed)
    if hasattr(subject, "backward"):
        f, pairs = _layers_in_motion(copy.deepcopy(subject), x, target, loss, training)
        return _compare(f, pairs, tolerance)
    if hasattr(subject, "gradient"):
        dx = subject.gradient(x, target)
        return _compare(lambda: subject(x, target), {"x": (x, dx)}, tolerance)
    if hasattr(subject, "derivative"):
        dx = _chained(loss.gradient(x, target), subject.derivative(x))
        return _compare(lambda: loss(subject(x), target), {"x": (x, dx)}, tolerance)
    expected = "a layer, a network, a loss or an activation"
    raise TypeError(f"check_gradients: got {subject!r}, expected {expected}")


class _WeightedSum:
    """The loss where none is given: all outputs, added up with random weights."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, y: Array, target: None) -> Any:
        return np.vdot(y, self.gradient(y, target))

    def gradient(self, y: Array, target: None) -> Array:
        # not the numbers of default_rng(seed), from which the x to be checked may come
        return np.random.default_rng([self.seed, y.size]).standard_normal(y.shape)


def _chained(dy: Array, slopes: Array) -> Array:
    """Multiply dy by the slopes of an activation, or by a matrix of them per row."""
    if slopes.ndim == dy.ndim:
        return dy * slopes
    dx: Array = np.einsum("...i,...ij->...j", dy, slopes)  # softmax mixes its inputs
    return dx


def _layers_in_motion(
    subject: Any, x: Array, target: Any, loss: Any, training: bool
) -> tuple[Loss, Pairs]:
    """Return the loss behind a layer or a network, and what it is to be compared in."""
    layers = list(getattr(subject, "layers", [subject]))
    options = {} if subject in layers else {"training": training}
    values = [value for layer in layers for value in vars(layer).values()]
    chance = [v.bit_generator for v in values if isinstance(v, np.random.Generator)]
    states = [bit_generator.state for bit_generator in chance]

    def forward() -> Array:
        for bit_generator, state in zip(chance, states, strict=True):
            bit_generator.state = state  # the same dropout mask every time
        for layer in layers:
            layer.training = training
        return np.asarray(subject.forward(x, **options))

    dx = subject.backward(loss.gradient(forward(), target))
    pairs = {} if dx is None else {"x": (x, dx)}
    for number, layer in enumerate(layers):
        place = "" if layer is subject else f"layer {number} {layer}."
        for name in layer.parameters:
            pairs[place + name] = getattr(layer, name), getattr(layer, "d" + name)
    return lambda: loss(forward(), target), pairs


def _compare(f: Loss, pairs: Pairs, tolerance: float) -> GradientReport:
    """Measure the slope of f along all numbers, which are moved in place, and compare."""
    # Two runs of f differ by rounding alone, about eps * |f|, so no measured slope can
    # be told from zero near eps * |f| / STEP. Such noise must not count as an error.
    floor = 10 * np.finfo(np.float64).eps * max(1.0, abs(f())) / STEP / tolerance
    computed = {name: np.array(gradient) for name, (_, gradient) in pairs.items()}
    errors: dict[str, float] = {}
    where, kinks, compared = "", 0, 0
    for name, (x, _) in pairs.items():
        g = computed[name]
        if x.dtype != np.float64:  # the steps are too small for less
            raise TypeError(f"check_gradients: {name} is {x.dtype}, expected float64")
        check_shape("check_gradients", f"the gradient of {name}", g, x.shape)
        m, on_kink = _measure(f, x, g, tolerance)
        kinks, compared = kinks + on_kink.sum(), compared + (~on_kink).sum()
        if on_kink.all():  # also if empty
            continue
        off = np.where(on_kink, 0.0, g - m)
        length = np.linalg.norm(g[~on_kink]) + np.linalg.norm(m[~on_kink])
        error = float(np.linalg.norm(off) / max(length, floor * off.size**0.5))
        error = error if np.isfinite(error) else np.inf
        if error > max(errors.values(), default=-1.0):
            i = np.unravel_index(np.argmax(np.abs(off)), off.shape)
            where = name + (f"[{', '.join(map(str, i))}]" if i else "")
        errors[name] = error
    return GradientReport(errors, where, tolerance, int(kinks), int(compared))


def _measure(
    f: Loss, x: Array, g: Array, tolerance: float
) -> tuple[Array, NDArray[np.bool_]]:
    """Measure the slopes along x, with a closer look where they differ from g.

    Where f is smooth, its slopes to the left and to the right approach each other as
    the step shrinks. At a kink they don't: there is no one slope to compare with.
    Returns the slopes, and which elements are on a kink.
    """
    start = x.copy()

    def at(values: Array) -> Any:
        x[...] = values
        return f()

    m, on_kink = numerical_gradient(at, start), np.zeros(x.shape, dtype=bool)
    scale, here = np.abs(m).max(initial=0.0), at(start)
    agrees = np.abs(g - m) <= tolerance * scale
    for i in map(tuple, np.argwhere(~agrees)):
        gaps = []
        for h in (STEP, STEP / 100):
            step = np.zeros(x.shape)
            step[i] = h
            right, left = (at(start + step) - here) / h, (here - at(start - step)) / h
            gaps.append(abs(right - left))
        if gaps[0] > 1e-4 * scale + 1e-7 * abs(here):  # more than rounding noise
            m[i] = (left + right) / 2
            on_kink[i] = gaps[1] > gaps[0] / 2
    x[...] = start
    return m, on_kink


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

    def __str__(self) -> str:
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
