"""The matrix: one layer from 784 pixels to ten scores; a column of it, and a row."""

from functools import cache
from typing import Any

import numpy as np

import neuralblog as nb
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    held_back,
    named,
    pictured,
    rounded,
)

TITLE = "The matrix"
QUESTION = (
    "Which pixels speak for a digit, which against it, and does their order matter?"
)
HEIGHT = 490
STILL = (5.6, 2.6)
SIDE, N = 28, 2000
STRONGEST = 0.2  # the weight of the strongest color
STATE: dict[str, Any] = {
    "digit": 8,
    "at": [15, 14],
    "score": 8,
    "order": "plain",
    "shown": "weights",
}
LIMITS: dict[str, Any] = {
    "digit": (0, 9, 1),
    "at": (0, SIDE - 1, 1),
    "score": (0, 9, 1),
    "order": ["plain", "shuffled"],
    "shown": ["weights", "products"],
}


def ordered(images: Array, order: str) -> Array:
    """Images as they are, or with their pixels shuffled, all in the same way."""
    if order == "plain":
        return images
    return nb.shuffle_pixels(images, rng=np.random.default_rng(0))


@cache
def learned(order: str) -> tuple[nb.Sequential, Array, float]:
    """A layer that has learned from digits in that order, its weights, its share of others."""
    x, y, _, _ = nb.datasets.digits()
    rng = np.random.default_rng(0)
    layer = nb.Dense(
        SIDE**2, 10, rng=rng, initializer=lambda shape, rng: np.zeros(shape)
    )
    network, loss = nb.Sequential(nb.Flatten(), layer), nb.SoftmaxCrossEntropy()
    adam, schedule = nb.Adam(0.003), nb.linear_decay
    seen = ordered(x[:N], order), y[:N]
    nb.train(
        network, *seen, loss=loss, optimizer=adam, schedule=schedule, epochs=4, rng=rng
    )
    x_new, y_new = held_back()
    share = nb.accuracy(network, ordered(x_new, order), y_new)
    return network, layer.W.reshape(10, SIDE, SIDE), share


def image_of(digit: int, order: str) -> Array:
    """A held-back image of a digit, the fourth, of which one is misread: (1, 28, 28)."""
    x, y = held_back()
    image: Array = ordered(x[y == digit][3:4], order)[0]
    return image


def answer(digit: float, at: Any, score: float, order: str, shown: str) -> Facts:
    """The image, a row of the matrix as a picture, a column of it, and the scores."""
    network, pictures, share = learned(order)
    image = image_of(round(digit), order)
    row, column = (round(place) for place in at)
    picture, pixel = pictures[round(score)], image[0, row, column]
    if shown == "products":
        picture = picture * image[0]
    scores, weights = network.predict(image[None])[0], pictures[:, row, column]
    return {
        "image": pictured(image[0], 1),
        "row": pictured(picture, STRONGEST),
        "pixel": rounded(pixel, 2),
        "weights": rounded(weights, 2),
        "scores": rounded(scores, 1),
        "told": _told(round(digit), weights, int(scores.argmax()), share),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Every row, every digit, coarse places, one step to each side, and the shuffle."""
    rows, columns = range(0, SIDE, 5), range(4, SIDE, 5)  # also the first place's
    places = [[r, c] for r in rows for c in columns]
    states: list[dict[str, Any]] = [{"at": at} for at in places if at != STATE["at"]]
    states += [{"at": [15, 15]}, {"at": [15, 13]}, {"at": [14, 14]}, {"at": [16, 14]}]
    states += [{name: n} for name in ("score", "digit") for n in range(10) if n != 8]
    states += [{"shown": "products"}, {"order": "shuffled"}]
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The 8, its row of weights, the ten scores, and the column of a pixel."""
    from neuralblog import plotting

    facts, places = answer(**STATE), range(10)
    image = image_of(STATE["digit"], "plain")[0]
    row, column = STATE["at"]
    W = learned("plain")[1]
    axes = figure.subplot_mosaic("ABC;ABD")
    plotting.images(image, ["image"], ax=axes["A"])
    plotting.images(W[STATE["score"]], ["row of the 8"], signed=True, ax=axes["B"])
    for name in "AB":
        axes[name].plot(column + 0.5, row + 0.5, "s", color=plotting.COLORS["wrong"])
    for name, key, kind in ("C", "scores", "activation"), ("D", "weights", "weight"):
        axes[name].bar(places, facts[key], color=plotting.COLORS[kind])
        axes[name].set(xticks=places, title=key)
    return (
        "A handwritten 8 with a mark on a pixel near its middle; the 784 weights of the 8 "
        "as a picture; ten bars, the scores, of which that of the 8 is the highest; and ten "
        "bars, the weights of the marked pixel, of which that of the 0 is the lowest."
    )


def _told(digit: int, weights: Array, read: int, share: float) -> str:
    if weights.any():
        most, least = int(weights.argmax()), int(weights.argmin())
        said = f"Ink here speaks most for {named(most)}, most against {named(least)}."
    else:
        said = "No training digit has ink here: all ten weights are still zero."
    new = f"{len(held_back()[1]):,} new digits"
    return f"{said} The {digit} is read as {named(read)}; of {new}, {100 * share:.1f} % are right."
