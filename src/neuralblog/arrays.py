"""What may go in: arrays of the right kind and shape, or a refusal in plain words.

Every public call passes its arrays and numbers through here. Lists, whole numbers and
booleans are taken wherever real numbers are; nothing is stretched or cut to fit.
"""

from __future__ import annotations

import numbers
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = ["Array", "Shape", "check_generator", "check_labels", "check_number"]
__all__ += ["check_shape", "check_sizes", "floats", "whole_numbers", "yes_and_no"]

Array = NDArray[np.floating]
"""Real numbers, float64 or float32."""
Shape = tuple[int | str, ...]
"""The size along each axis; a letter stands for any."""


def floats(
    owner: object,
    name: str,
    values: ArrayLike,
    shape: Shape | None = None,
    dtype: DTypeLike | None = None,
) -> Array:
    """Return real numbers as floats, in a `dtype` if given, if they have this shape.

    What is float64 or float32 already comes back as it is. Whole numbers and booleans
    become float64; float16, too coarse for sums, becomes float32.
    Raises: TypeError for what is no real number; ValueError for another shape.
    """
    array = rectangular(owner, name, values)
    kind, size = array.dtype.kind, array.dtype.itemsize
    if kind not in "fbiu":
        raise TypeError(f"{owner}: {name} is {array.dtype}, expected real numbers")
    if kind != "f" or size < 4:
        array = array.astype(np.float32 if kind == "f" else np.float64)
    if shape is not None:
        check_shape(owner, name, array, shape)
    return array if dtype is None else array.astype(dtype, copy=False)


def whole_numbers(owner: object, name: str, values: ArrayLike) -> NDArray[np.integer]:
    """Return whole numbers as an array.

    Raises: TypeError for other numbers, also for 2.0 and True.
    """
    array = rectangular(owner, name, values)
    if array.dtype.kind not in "iu":
        raise TypeError(f"{owner}: {name} is {array.dtype}, expected whole numbers")
    return array


def rectangular(owner: object, name: str, values: ArrayLike) -> NDArray[Any]:
    """Return numbers, lists or arrays as an array."""
    try:
        return np.asarray(values)
    except ValueError:
        came = f"{owner}: {name} has rows of unequal length"
        raise ValueError(f"{came}, expected an array") from None


def check_shape(owner: object, name: str, array: NDArray[Any], expected: Shape) -> None:
    """Refuse an array of another shape; a letter stands for any size."""
    shape = array.shape
    if shape == expected:  # all known, the usual case: no need to look further
        return
    pairs = zip(shape, expected, strict=False)
    fits = [size == wanted or isinstance(wanted, str) for size, wanted in pairs]
    if len(shape) == len(expected) and all(fits):
        return
    sizes = ", ".join(map(str, expected)) + ("," if len(expected) == 1 else "")
    raise ValueError(f"{owner}: {name} has shape {shape}, expected ({sizes})")


def check_labels(
    owner: object, name: str, values: ArrayLike, N: int | str, C: int
) -> NDArray[np.integer]:
    """Return N labels as an array, if they are whole numbers from 0 to C - 1."""
    labels = rectangular(owner, name, values)
    check_shape(owner, name, labels, (N,))
    labels = whole_numbers(owner, name, labels)
    low, high = labels.min(initial=0), labels.max(initial=0)
    if low < 0 or high >= C:
        came = f"{owner}: {name} runs from {low} to {high}"
        raise ValueError(f"{came}, expected 0 to {C - 1}")
    return labels


def check_sizes(owner: object, at_least: int = 1, **sizes: int) -> None:
    """Refuse a size that is not a whole number, or is too small."""
    for name, size in sizes.items():
        if not isinstance(size, int | np.integer) or isinstance(size, bool):
            raise TypeError(f"{owner}: {name} is {size!r}, expected a whole number")
        if size < at_least:
            raise ValueError(f"{owner}: {name} is {size}, expected {at_least} or more")


def check_generator(owner: object, rng: object) -> None:
    """Refuse what is no random generator, such as a seed."""
    if not isinstance(rng, np.random.Generator):
        came = f"{owner}: rng is {rng!r:.40}"
        raise TypeError(
            f"{came}, expected a generator such as np.random.default_rng(0)"
        )


def check_number(
    owner: object,
    *,
    at_least: float | None = None,
    above: float | None = None,
    below: float | None = None,
    up_to: float | None = None,
    **values: float,
) -> None:
    """Refuse what is no number, or lies outside of a range; NaN lies outside of all."""
    limits = {">=": at_least, ">": above, "<": below, "<=": up_to}
    expected = " and ".join(f"{k} {v:g}" for k, v in limits.items() if v is not None)
    for name, value in values.items():
        if not isinstance(value, numbers.Real):
            raise TypeError(f"{owner}: {name} is {value!r}, expected a number")
        fits = (
            (at_least is None or value >= at_least)
            and (above is None or value > above)
            and (below is None or value < below)
            and (up_to is None or value <= up_to)
        )
        if not fits:
            raise ValueError(f"{owner}: {name} is {value}, expected {expected}")


def yes_and_no(owner: object, scores: ArrayLike) -> Array:
    """Return scores with a column a class: (N, C), or (N,) and (N, 1) -> (N, 2).

    A single column holds the probability p of class 1, so that of class 0 is 1 - p.
    Raises: ValueError where it holds something else, and for more axes.
    """
    scores = floats(owner, "scores", scores)
    if scores.ndim == 2 and scores.shape[1] > 1:
        return scores
    if scores.ndim > 2 or scores.size != len(scores):
        check_shape(owner, "scores", scores, ("N", "C"))
        raise ValueError(f"{owner}: scores has no columns, expected one a class")
    p = scores.reshape(-1)
    if not np.all((p >= 0) & (p <= 1)):
        came = f"{owner}: one column of scores runs from {p.min():.3g} to {p.max():.3g}"
        raise ValueError(f"{came}, expected probabilities, or a column for each class")
    return np.stack([1 - p, p], axis=1)
