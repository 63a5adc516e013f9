"""The brush: cover a part of a picture, and see what a network makes of the rest."""

from functools import cache
from typing import Any

import numpy as np

from neuralblog import occlusion_map, softmax
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    held_back,
    named,
    reader,
    rounded,
)

TITLE = "The brush"
QUESTION = "Cover a part: what does the network need, what disturbs it?"
HEIGHT = 438
STILL = (5.6, 2.4)
SIDE = 28
SHADES = {"paper": 0.0, "ink": 1.0}
DIGITS = {"a 3": 53, "a 4": 722}  # of those held back
STATE: dict[str, Any] = {
    "picture": "a 3",
    "brush": "paper",
    "reach": 2,
    "at": [11, 14],
}
LIMITS: dict[str, Any] = {
    "picture": [*DIGITS, "noise"],
    "brush": list(SHADES),
    "reach": (1, 4, 1),  # pixels of the cover to each side of its middle
    "at": (0, SIDE - 1, 1),
}


@cache
def noise() -> Array:
    """Of 1,000 sheets with random spots, that of which the network is most sure."""
    spots = np.random.default_rng(0).random((1000, 1, SIDE, SIDE)) < 0.13
    sheets = spots.astype(float)
    best = softmax(reader().predict(sheets)).max(axis=1).argmax()
    return np.asarray(sheets[best])


def image_of(picture: str) -> Array:
    """A picture by its name: (1, 28, 28)."""
    return noise() if picture == "noise" else held_back()[0][DIGITS[picture]]


def probabilities(image: Array) -> Array:
    """What the network says to one image: (1, 28, 28) -> (10,)."""
    p: Array = softmax(reader().predict(image[None]))[0]
    return p


@cache
def heat(picture: str, brush: str, reach: int) -> Any:
    """What each cover costs the answer, in points of 100."""
    image = image_of(picture)
    label = int(probabilities(image).argmax())
    size, shade = 2 * reach + 1, SHADES[brush]
    lost = occlusion_map(reader(), image, label, size=size, shade=shade)
    return rounded(100 * lost, 0)


def answer(picture: str, brush: str, reach: float, at: Any) -> Facts:
    """The picture, the cover as [row, column, rows, columns], and the ten answers."""
    image, wide = image_of(picture), round(reach)
    row, column = (round(place) for place in at)
    top, left = max(0, row - wide), max(0, column - wide)
    high = min(SIDE, row + wide + 1) - top
    long = min(SIDE, column + wide + 1) - left
    covered = image.copy()
    covered[0, top : top + high, left : left + long] = SHADES[brush]
    before, p = probabilities(image), probabilities(covered)
    label = int(before.argmax())
    return {
        "image": rounded(image[0], 1),
        "ink": SHADES[brush],
        "cover": [top, left, high, long],
        "heat": heat(picture, brush, wide),
        "label": label,
        "p": rounded(100 * p, 1),
        "told": _told(label, before[label], p),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Coarse places of the 3, one step of each handle, and the other pictures."""
    rows, columns = range(1, SIDE, 5), range(4, SIDE, 5)  # also the first place's
    places = [[r, c] for r in rows for c in columns]
    states: list[dict[str, Any]] = [{"at": at} for at in places if at != STATE["at"]]
    states += [{"at": [11, 15]}, {"at": [11, 13]}, {"at": [10, 14]}, {"at": [12, 14]}]
    states += [{"reach": 1}, {"reach": 3}, {"brush": "ink"}]
    states += [{"picture": picture} for picture in LIMITS["picture"][1:]]
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The 3 without its middle arm, the heat of all covers, and the ten answers."""
    from neuralblog import plotting

    facts = answer(**STATE)
    left, middle, right = figure.subplots(1, 3)
    covered = np.array(facts["image"])
    top, start, high, long = facts["cover"]
    covered[top : top + high, start : start + long] = facts["ink"]
    plotting.images(covered, ["covered"], ax=left)
    plotting.images(facts["heat"], ["heat of all covers"], signed=True, ax=middle)
    right.bar(range(10), facts["p"], color=plotting.COLORS["activation"])
    right.set(xticks=range(10), ylim=(0, 100), title="in percent")
    return (
        "A handwritten 3 whose middle arm is rubbed out; a map that is bright on the "
        "middle arm and at the right of the lower arc; and ten bars, of which that of "
        "the 2 is the highest."
    )


def _told(label: int, before: float, p: Array) -> str:
    was, now = (f"{rounded(100 * share, 0):.0f} %" for share in (before, p[label]))
    moved = p[label] - before
    word = "stays at" if was == now else "falls to" if moved < 0 else "rises to"
    came = f"Uncovered, {named(label)} with {was}. Covered here, that {word} {now}"
    read = int(p.argmax())
    if read == label:
        return f"{came}."
    return f"{came}, and the network reads {named(read)}."
