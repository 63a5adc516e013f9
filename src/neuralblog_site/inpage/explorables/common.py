"""What more than one explorable needs."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog import SGD, Adam, Optimizer, Sequential, cnn, datasets

Array = NDArray[np.floating]
LEVELS = "0123456789abcdefghijklmnopqrstuvwxy"  # 17 below zero, zero, 17 above
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_"
Facts = dict[str, Any]  # what a script gets: numbers, texts, arrays


def gray(pixels: Array) -> Array:
    """Gray values of pixels from a canvas, over white: (H, W, 4) -> (H, W)."""
    light = pixels[..., :3] @ np.array([0.299, 0.587, 0.114]) / 255
    opaque = pixels[..., 3] / 255
    return np.asarray(light * opaque + 1 - opaque)


def rounded(values: ArrayLike, digits: int = 4) -> Any:
    """Numbers as nested lists, the same from every machine: the last bits differ.

    Rounded twice, so that a tie does not fall here this way and there the other.
    """
    exact = np.round(np.asarray(values, float), 10)
    return (np.round(exact, digits) + 0.0).tolist()  # and no -0.0


def pictured(values: Array, strongest: float) -> list[str]:
    """Values as text, a line for each row: "0" is -strongest, "h" 0, "y" strongest.

    Of two to 27 zeros in a row, one capital letter is left. Far shorter than a list of
    numbers; `cells` of the kit reads it.
    """
    steps = rounded(np.clip(17 * values / strongest, -17, 17), 0)
    lines = ("".join(LEVELS[round(step) + 17] for step in row) for row in steps)
    return [re.sub("h{2,27}", lambda zeros: chr(63 + len(zeros[0])), s) for s in lines]


def as_text(picture: Array) -> str:
    """Grays from 0 to 1 as a text that an address can hold: width, a point, the pixels."""
    steps = np.rint(picture * (len(SIGNS) - 1)).astype(int)
    return f"{steps.shape[1]}." + "".join(SIGNS[step] for step in steps.ravel())


def from_text(text: str, largest: int) -> Array:
    """Such a picture from its text; no side has more than `largest` pixels."""
    width, _, signs = text.partition(".")
    steps = [SIGNS.find(sign) for sign in signs]
    fits = width.isdecimal() and 0 < int(width) <= largest and len(steps) > 0
    if not fits or len(steps) % int(width) or len(steps) > largest**2 or -1 in steps:
        raise ValueError("There is no picture of yours yet: choose one.")
    return np.reshape(steps, (-1, int(width))) / (len(SIGNS) - 1)


def rounded_each(lists: Iterable[ArrayLike], digits: int = 4) -> list[Any]:
    """Lists whose lengths differ."""
    return [rounded(values, digits) for values in lists]


def raised(power: int) -> str:
    """A power as it is written: ⁻⁶."""
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def listed(names: list[str]) -> str:
    """Names as in a sentence: a, b and c."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))


def unlike(given: list[Any]) -> list[Any]:
    """Each once."""
    return [one for i, one in enumerate(given) if one not in given[:i]]


def named(digit: int) -> str:
    """A digit with its article."""
    return f"an {digit}" if digit == 8 else f"a {digit}"


@cache
def held_back() -> tuple[Array, NDArray[np.int64]]:
    """Digits that the network never saw: images (2000, 1, 28, 28) and labels."""
    _, _, x, y = datasets.digits()
    return x, y


@cache
def reader() -> Sequential:
    """The network of the post that reads digits, with what it has learned."""
    return cnn.trained()


def optimizer(name: str, rate: float) -> Optimizer:
    """One of the library's, by its name."""
    if name == "Adam":
        return Adam(rate)
    return SGD(rate, momentum=0.9 if name == "momentum" else 0.0)


def numbered(ax: Any, grid: Array, title: str, frame: Any, color: str) -> None:
    """A table of numbers in a picture, with a frame: row, column, rows, columns."""
    for (i, j), value in np.ndenumerate(grid):
        text = f"{value:g}".replace("-", "\u2212")
        ax.text(j + 0.5, i + 0.5, text, ha="center", va="center")
    if frame:
        r, c, high, wide = frame
        right, below = c + wide, r + high
        ax.plot([c, right, right, c, c], [r, r, below, below, r], color=color)
    ax.set(xlim=(-0.1, len(grid) + 0.1), ylim=(len(grid) + 0.1, -0.1))
    ax.set(aspect="equal", xticks=[], yticks=[])
    ax.set_title(title, loc="center")
