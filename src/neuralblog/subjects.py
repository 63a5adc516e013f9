"""What can be checked: something with a gradient, whose numbers move and are put back.

A layer, a network, a loss or an activation becomes a `Subject`: a function without
arguments, and the arrays that it depends on, which are moved in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.arrays import check_shape

__all__ = ["Subject", "WeightedSum", "activation_subject", "layer_subject"]
__all__ += ["loss_subject", "put_back"]

Array = NDArray[np.float64]
Arrays = Mapping[str, Array]


class WeightedSum:
    """The loss where none is given: all outputs, added up with random weights.

    With `positive` weights, a sum of functions that bend up bends up too.
    """

    def __init__(self, seed: int, *, positive: bool = False) -> None:
        self.seed, self.positive = seed, positive

    def __call__(self, y: Array, target: None) -> Any:
        """Return the sum."""
        return np.vdot(y, self.gradient(y, target))

    def gradient(self, y: Array, target: None) -> Array:
        """Return the weights, shaped like y."""
        # not the numbers of default_rng(seed), from which the x to be checked may come
        weights = np.random.default_rng([self.seed, y.size]).standard_normal(y.shape)
        return np.abs(weights) if self.positive else weights


class Subject:
    """A function, the arrays that it depends on, and what it says of its slopes.

    `faults` holds what is wrong before any slope is measured, by the array's name.
    """

    def __init__(self, f: Callable[[], Any], arrays: Arrays, gradients: Arrays) -> None:
        self._f, self.arrays, self.gradients = f, arrays, gradients
        self.faults: dict[str, str] = {}
        self.left_out: list[str] = []
        for name, x in arrays.items():
            if x.dtype != np.float64:  # the steps are too small for less
                raise TypeError(
                    f"check_gradients: {name} is {x.dtype}, expected float64"
                )
            place = f"the gradient of {name}"
            check_shape("check_gradients", place, gradients[name], x.shape)

    def f(self) -> float:
        """Return the number whose slopes are compared."""
        return float(self._f())


def loss_subject(loss: Any, x: Array, target: Any) -> Subject:
    """Make a subject of a loss; both of its ways to a gradient are to agree."""
    g = np.array(loss.gradient(x, target))
    subject = Subject(lambda: loss(x, target), {"x": x}, {"x": g})
    if hasattr(loss, "with_gradient"):
        value, other = loss.with_gradient(x, target)
        if not same(other, g) or not same(value, subject.f()):
            subject.faults["x"] = "with_gradient gives something else"
    return subject


def activation_subject(activation: Any, x: Array, loss: Any, target: Any) -> Subject:
    """Make a subject of an activation: a slope for each element, or a matrix per row."""
    dy, slopes = (
        loss.gradient(activation(x), target),
        np.array(activation.derivative(x)),
    )
    if slopes.ndim == x.ndim:
        dx = np.array(dy * slopes)
    else:
        dx = np.einsum("...i,...ij->...j", dy, slopes)  # softmax mixes its inputs
    return Subject(lambda: loss(activation(x), target), {"x": x}, {"x": dx})


class Motion:
    """A layer or a network that runs the same way every time, from the same x."""

    def __init__(self, layer: Any, x: Array, training: bool) -> None:
        self.layer, self.x, self.training = layer, x, training
        self.layers = list(getattr(layer, "layers", [layer]))
        self.options = {} if layer in self.layers else {"training": training}
        self.chance = [
            (value.bit_generator, value.bit_generator.state)
            for part in parts(layer)
            for value in vars(part).values()
            if isinstance(value, np.random.Generator)
        ]
        self.learned = {
            self.place(i) + name: (one, name)
            for i, one in enumerate(self.layers)
            for name in one.parameters
        }

    def place(self, i: int) -> str:
        """Name the layer that an array belongs to, where there are several."""
        return "" if self.layers[i] is self.layer else f"layer {i} {self.layers[i]}."

    def forward(self) -> Array:
        """Run a copy of x through, with the same dropout masks every time."""
        for bit_generator, state in self.chance:
            bit_generator.state = state
        for layer in self.layers:
            layer.training = self.training
        self.seen = self.x.copy()
        return np.array(self.layer.forward(self.seen, **self.options))

    def keeps_x(self) -> bool:
        """Whether the last pass has left its x alone."""
        return np.array_equal(self.seen, self.x)

    def arrays(self, d: str = "") -> dict[str, Array]:
        """Return the parameters, or their gradients, as they are now."""
        return {name: getattr(at, d + of) for name, (at, of) in self.learned.items()}

    def run(self, dy: Array, fill: float, way: str = "backward") -> dict[str, Array]:
        """Return all gradients of one pass, into arrays that were filled before."""
        for layer, name in self.learned.values():
            if isinstance(getattr(layer, "d" + name, None), np.ndarray):
                getattr(layer, "d" + name)[...] = fill
        self.forward()
        dx = getattr(self.layer, way)(dy.copy())
        g = {} if dx is None else {"x": np.array(dx)}
        return g | {name: np.array(array) for name, array in self.arrays("d").items()}


def layer_subject(
    layer: Any, x: Array, target: Any, loss: Any, training: bool
) -> Subject:
    """Make a subject of a layer or a network, with a loss behind it.

    It runs several times, in all ways: they are to give the same gradients.
    """
    motion, faults = Motion(layer, x, training), {}
    dy = np.array(loss.gradient(motion.forward(), target))
    if not motion.keeps_x():
        faults["x"] = "forward changes x"
    before = {name: array.copy() for name, array in motion.arrays().items()}
    g = motion.run(dy, 0.0)
    if not motion.keeps_x():
        faults.setdefault("x", "backward changes x")
    for name, array in motion.arrays().items():
        if not np.array_equal(array, before[name]):
            faults[name] = "backward changes it"
            array[...] = before[name]
    for name, again in motion.run(dy, np.nan).items():
        if not same(again, g[name]):
            other = "gives another gradient the second time"
            way = other if np.isfinite(again).all() else "adds to the old gradient"
            faults.setdefault(name, f"backward {way}")
    if hasattr(layer, "parameter_gradients"):
        for name, again in motion.run(dy, np.nan, "parameter_gradients").items():
            if not same(again, g[name]):
                faults.setdefault(name, "parameter_gradients gives another gradient")
    arrays = {"x": x} | motion.arrays() if "x" in g else motion.arrays()
    subject = Subject(lambda: loss(motion.forward(), target), arrays, g)
    subject.faults, subject.left_out = faults, [] if "x" in g else ["x"]
    return subject


def same(one: ArrayLike, other: ArrayLike) -> bool:
    """Whether two gradients are the same up to rounding; both may be NaN."""
    one, other = np.asarray(one), np.asarray(other)
    scale = np.abs(other[np.isfinite(other)]).max(initial=0.0)
    return np.allclose(one, other, rtol=1e-9, atol=1e-12 * scale, equal_nan=True)


def parts(thing: Any) -> Iterator[Any]:
    """Yield a layer or a network, and every layer inside of it."""
    yield thing
    for value in vars(thing).values():
        for one in value if isinstance(value, list | tuple) else (value,):
            if hasattr(one, "forward") and hasattr(one, "__dict__"):
                yield from parts(one)


@contextmanager
def put_back(thing: Any) -> Iterator[None]:
    """Leave a layer or a network as it was found, whatever happens in between."""
    found = [(part, dict(vars(part))) for part in parts(thing)]
    values = [value for _, attributes in found for value in attributes.values()]
    arrays = [(a, a.copy()) for a in values if isinstance(a, np.ndarray)]
    lists = [(a, list(a)) for a in values if isinstance(a, list)]
    chance = [v.bit_generator for v in values if isinstance(v, np.random.Generator)]
    states = [bit_generator.state for bit_generator in chance]
    try:
        yield
    finally:
        for array, content in arrays:
            if array.flags.writeable:
                array[...] = content
        for one, items in lists:
            one[:] = items
        for bit_generator, state in zip(chance, states, strict=True):
            bit_generator.state = state
        for part, attributes in found:
            vars(part).clear()
            vars(part).update(attributes)
