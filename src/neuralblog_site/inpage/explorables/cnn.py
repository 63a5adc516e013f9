"""Draw a digit: from strokes to ten probabilities, and every number on the way."""

import inspect
import re
from typing import Any

import numpy as np

from neuralblog import Conv2D, Dense, Flatten, MaxPool2D, softmax
from neuralblog.colors import COLORS
from neuralblog.inspection import feature_maps
from neuralblog_site.inpage.explorables.common import (
    SIGNS,
    Array,
    Facts,
    as_text,
    from_text,
    held_back,
    named,
    pictured,
    reader,
    rounded,
)

TITLE = "Draw a digit"
QUESTION = "What does the network take your handwriting for, and how sure is it?"
HEIGHT = 710
STILL = (5.6, 2.6)
STATE: dict[str, Any] = {
    "index": 53,  # of a held-back digit; -1 for none
    "own": "",  # ink that was found in the reader's picture (`as_text`)
    "strokes": "",  # drawn over it: points of three signs, a dot between two strokes
    "down": 0,
    "right": 0,
    "turn": 0,  # degrees, to the right
    "noise": 0.0,
    "layer": 3,
    "at": [-1, -1],  # a cell of the layer's maps; -1 for the strongest
}
LIMITS: dict[str, Any] = {
    "index": (-1, 1999, 1),
    "down": (-8, 8, 1),
    "right": (-8, 8, 1),
    "turn": (-180, 180, 5),
    "noise": (0, 0.6, 0.05),
    "layer": (0, 12, 1),
    "at": (-1, 255, 1),
}
PAPER, PEN = 280, 22  # pixels of the paper's side, and the width of a stroke
APART = 3  # pixels between two places where the pen is set down, along a stroke
DRAWING = re.compile(r"([\w-]{3})+([.]([\w-]{3})+)*", re.ASCII)
SIDE, BOX = 28, 20  # pixels of an input, and of the digit inside it
CLEAN = 0.002  # of the edge of a paper that is drawn on, three quarters differ less
FAINT = 0.1  # what stands out less from its paper is no ink
ACROSS = {6: 3, 16: 4}  # maps side by side
ROWS = {400: 16, 120: 8, 84: 6, 10: 2}  # that a list of numbers is shown in
SURE = 0.95  # above, nobody asks for the second


def answer(
    index: float, own: str, strokes: str, layer: float, at: Any, **disturbance: float
) -> Facts:
    """What the network reads, one layer of it, and where one number there comes from."""
    given, box = shown(index, own, strokes)
    outputs = passed(given, **disturbance)
    empty = not given.any()
    p = np.zeros(10) if empty else softmax(outputs[-1])
    step = round(layer)
    y = outputs[step]
    row, column = spot(y, at)
    cell = cell_of(y, row, column)
    strongest = float(np.abs(y).max()) or 1.0
    label = held_back()[1][round(index)] if index >= 0 and not own + strokes else None
    return {
        "under": pictured(base(index, own), 1.0) if index >= 0 or own else [],
        "of": "own" if own else index,
        "box": box,
        "image": pictured(outputs[0][0], 1.0),
        "p": [] if empty else rounded(p),
        "sure": "" if empty else _share(p.max()),
        "maps": pictured(arranged(y), strongest),
        "grid": [*y.shape[-2:], -(-len(y) // ACROSS[len(y)]), ACROSS[len(y)]]
        if y.ndim == 3 and len(y) > 1
        else [],
        "strongest": rounded(strongest, 2),
        "at": [row, column],
        "window": window(outputs, step, cell),
        "how": how(outputs, step, cell),
        "told": _told(p, label, empty),
    }


def opened(
    index: float, own: str, strokes: str, layer: float, at: Any, **disturbance: float
) -> Facts:
    """The line of code that made the chosen number, and the numbers that went in."""
    outputs = passed(shown(index, own, strokes)[0], **disturbance)
    step = round(layer)
    cell = cell_of(outputs[step], *spot(outputs[step], at))
    if not step:
        return {"text": "x = image  # nothing is computed yet"}
    made_by = reader().layers[step - 1]
    parts = [f"# {made_by}", code_line(made_by)]
    for name, numbers in seen(outputs, step, cell).items():
        parts += [f"# {name}", *(_table(one) for one in numbers)]
    return {"text": "\n".join(parts)}


def passed(
    given: Array, down: float, right: float, turn: float, noise: float
) -> list[Array]:
    """The disturbed input (1, 28, 28), and what each layer makes of it."""
    image = disturbed(turned(given, turn), round(down), round(right), noise)[None]
    return [image, *(y for _, y in feature_maps(reader(), image))]


# ---- From the paper to an input.


def shown(index: float, own: str, strokes: str) -> tuple[Array, list[float]]:
    """An input, and where its ink was cropped from the paper: left, top, width, height.

    What is given as an image stays as it is; what is drawn goes the way of MNIST.
    """
    ink = base(index, own)
    if not strokes:
        return ink, []
    if not DRAWING.fullmatch(strokes):
        raise ValueError("This address holds no drawing: clear the paper, and draw.")
    return fitted(np.maximum(inked(strokes), resized(ink, PAPER, PAPER)))


def base(index: float, own: str) -> Array:
    """What lies on the paper before anything is drawn: ink (28, 28)."""
    if own:
        ink = from_text(own, SIDE)
        if ink.shape != (SIDE, SIDE):
            raise ValueError("This address holds no picture: open one.")
        return ink
    return held_back()[0][round(index), 0] if index >= 0 else np.zeros((SIDE, SIDE))


def inked(strokes: str) -> Array:
    """The paper that a round pen has drawn on: (280, 280), 1 is ink."""
    edge = PEN // 2 + 1
    y, x = np.ogrid[-edge : edge + 1, -edge : edge + 1]
    tip = np.clip(PEN / 2 + 0.5 - np.hypot(x, y), 0, 1)
    paper = np.zeros((PAPER + 2 * edge, PAPER + 2 * edge))
    for stroke in strokes.split("."):
        for left, top in _places(stroke):  # the pen is set down
            part = paper[top : top + len(tip), left : left + len(tip)]
            np.maximum(part, tip, out=part)
    return paper[edge:-edge, edge:-edge]


def _places(stroke: str) -> list[list[int]]:
    """Where a stroke passes, a few pixels apart: [x, y] each."""
    signs = np.reshape([SIGNS.find(sign) for sign in stroke], (-1, 3))
    n = np.minimum(signs @ [64 * 64, 64, 1], PAPER**2 - 1)
    corners = np.array([n % PAPER, n // PAPER], float)
    ways = np.hypot(*np.diff(corners))
    at = np.concatenate([[0], np.cumsum(ways)])
    steps = np.append(np.arange(0, at[-1], APART), at[-1])
    places = rounded([np.interp(steps, at, along) for along in corners], 0)
    return [[int(x), int(y)] for x, y in zip(*places, strict=True)]


def fitted(ink: Array) -> tuple[Array, list[float]]:
    """Turn ink of any size into an input, as MNIST's makers did; and where it was.

    It is cropped, scaled to fit into 20 x 20 pixels, and put into 28 x 28 so that its
    center of mass is in the middle.
    Source: LeCun, Bottou, Bengio and Haffner (1998).
    """
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0.2) for axis in (1, 0))
    image = np.zeros((SIDE, SIDE))
    if not len(rows):
        return image, []
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(crop.shape)
    height, width = (max(1, round(size * scale)) for size in crop.shape)
    scaled = resized(crop, height, width)
    top, left = (
        int(np.clip(round(SIDE / 2 - center), 0, SIDE - size))
        for center, size in zip(_center_of_mass(scaled), scaled.shape, strict=True)
    )
    image[top : top + height, left : left + width] = scaled
    return image, [int(columns[0]), int(rows[0]), crop.shape[1], crop.shape[0]]


def photographed(pixels: Array) -> Facts:
    """For the script: the ink of a picture, found and put as an input, from a canvas."""
    image, box = fitted(found(over(pixels)))
    if not box:
        raise ValueError(
            "There is no ink in this picture that stands out from its paper."
        )
    return {"own": as_text(image)}


def over(pixels: Array) -> Array:
    """How dark pixels are: (H, W, 4) -> (H, W).

    Where a picture is clear, its ground is what its drawing stands out from.
    """
    light = pixels[..., :3] @ np.array([0.299, 0.587, 0.114]) / 255
    opaque = pixels[..., 3] / 255
    ground = 0.0 if (opaque * (light - 0.5)).sum() > 0 else 1.0
    return np.asarray(1 - light * opaque - ground * (1 - opaque))


def found(dark: Array) -> Array:
    """The ink of a picture.

    A light drawing on dark ground is turned over, and where the ground is uneven, as in
    a photograph, it is made even first.
    """
    border = np.concatenate([dark[0], dark[-1], dark[:, 0], dark[:, -1]])
    ground = np.median(border)
    if np.quantile(np.abs(border - ground), 0.75) > CLEAN:
        return evened(dark)
    if ground > 0.5:
        dark, ground = 1 - dark, 1 - ground
    return np.asarray(np.clip((dark - ground) / max(np.ptp(dark), 0.2), 0, 1))


def evened(dark: Array) -> Array:
    """Ink of a photograph, without its light, its noise, and the lines of its paper.

    A smooth surface, of degree 2, is fitted to the paper: to what is not far from
    the last fit. Ink is what stands out from it (to the side where more does), at
    least about two thirds as far as the hundredth that stands out most: where two lines
    of checked paper cross, less does.
    """
    y, x = np.meshgrid(
        *(np.linspace(-1, 1, size) for size in dark.shape), indexing="ij"
    )
    terms = np.stack([x**0, x, y, x * x, x * y, y * y], axis=-1).reshape(-1, 6)
    flat = dark.ravel()
    paper = np.abs(flat - np.median(flat)) < 0.3
    for _ in range(6):
        fit, *_ = np.linalg.lstsq(terms[paper][::7], flat[paper][::7], rcond=None)
        above = flat - terms @ fit
        paper = np.abs(above) < max(0.03, 2 * np.median(np.abs(above[paper])))
    lightest, darkest = np.quantile(above, [0.01, 0.99])
    most = darkest if darkest > -lightest else lightest
    if abs(most) < FAINT:
        return np.zeros_like(dark)
    ink: Array = np.clip((above / most - 0.65) / 0.15, 0, 1)
    return ink.reshape(dark.shape)


def resized(image: Array, height: int, width: int) -> Array:
    """Scale an image so that each new pixel is the mean of the area that it covers."""
    return (
        _coverage(height, image.shape[0]) @ image @ _coverage(width, image.shape[1]).T
    )


def _coverage(n_new: int, n_old: int) -> Array:
    """How much of each old pixel a new one covers: (n_new, n_old), rows sum to 1."""
    edges = np.linspace(0, n_old, n_new + 1)[:, None]
    covered = np.clip(edges - np.arange(n_old), 0, 1)  # of each, from the left
    return np.diff(covered, axis=0) * n_new / n_old


def _center_of_mass(ink: Array) -> tuple[float, float]:
    """In pixels from the top and from the left."""
    y, x = (np.arange(size) + 0.5 for size in ink.shape)
    mass = ink.sum()
    return float(ink.sum(axis=1) @ y / mass), float(ink.sum(axis=0) @ x / mass)


def turned(image: Array, degrees: float) -> Array:
    """Turn an input to the right about its middle.

    A new pixel lies between four old ones: each counts the more, the nearer it is.
    """
    middle = (SIDE - 1) / 2
    way = np.exp(1j * np.deg2rad(degrees))
    y, x = np.mgrid[:SIDE, :SIDE] - middle
    came = (x + 1j * y) / way  # from where
    near_x, near_y = (
        np.clip(1 - abs(at[..., None] + middle - np.arange(SIDE)), 0, 1)
        for at in (came.real, came.imag)
    )  # (SIDE, SIDE, SIDE)
    return np.asarray(((near_y @ image) * near_x).sum(axis=-1))


def disturbed(image: Array, down: int, right: int, noise: float) -> Array:
    """Shift an input by whole pixels, and add noise that is always the same."""
    shifted = np.zeros_like(image)
    rows, columns = (slice(max(0, d), SIDE + min(0, d)) for d in (down, right))
    from_rows, from_columns = (
        slice(max(0, -d), SIDE - max(0, d)) for d in (down, right)
    )
    shifted[rows, columns] = image[from_rows, from_columns]
    rng = np.random.default_rng(0)
    return np.clip(shifted + noise * rng.standard_normal(image.shape), 0, 1)


# ---- From an input to ten numbers.


def arranged(y: Array) -> Array:
    """All numbers of a layer as one picture: maps side by side, with a gap of one cell."""
    if y.ndim == 1:
        return y.reshape(ROWS[len(y)], -1)
    C, H, W = y.shape
    across = ACROSS.get(C, 1)
    made = np.zeros((C // across * (H + 1) - 1, across * (W + 1) - 1))
    for c, one in enumerate(y):
        row, column = c // across * (H + 1), c % across * (W + 1)
        made[row : row + H, column : column + W] = one
    return made


def spot(y: Array, at: Any) -> tuple[int, int]:
    """A place in this picture: the one that was chosen, or that of the strongest number."""
    picture = arranged(y)
    if min(at) < 0:
        best = np.round(picture, 6).argmax()
        row, column = divmod(int(best), picture.shape[1])
        return row, column
    row, column = (min(round(i), n - 1) for i, n in zip(at, picture.shape, strict=True))
    if y.ndim == 3:  # no gap
        H, W = y.shape[1:]
        row, column = row - (row % (H + 1) == H), column - (column % (W + 1) == W)
    return row, column


def cell_of(y: Array, row: int, column: int) -> tuple[int, ...]:
    """Which number of a layer stands at a place of this picture."""
    if y.ndim == 1:
        return (row * (len(y) // ROWS[len(y)]) + column,)
    C, H, W = y.shape
    map_row, i = divmod(row, H + 1)
    map_column, j = divmod(column, W + 1)
    return map_row * ACROSS.get(C, 1) + map_column, i, j


def window(outputs: list[Array], step: int, cell: tuple[int, ...]) -> list[int]:
    """What of the image a number depends on: row, column, rows, columns."""
    low = high = np.array(cell[-2:])
    for number in range(step, 0, -1):
        layer = reader().layers[number - 1]
        if isinstance(layer, Dense):
            return [0, 0, SIDE, SIDE]
        if isinstance(layer, Flatten):
            low = high = np.array(np.unravel_index(cell[0], outputs[number - 1].shape))[
                1:
            ]
        if isinstance(layer, Conv2D | MaxPool2D):
            its = layer.window
            low = low * its.stride - its.padding
            high = high * its.stride - its.padding + its.span - 1
    low, high = np.clip(low, 0, SIDE - 1), np.clip(high, 0, SIDE - 1)
    return [int(n) for n in (*low, *(high - low + 1))]


def seen(outputs: list[Array], step: int, cell: tuple[int, ...]) -> dict[str, Array]:
    """What of the layer before went into a number, and by what it was multiplied."""
    made_by, x = reader().layers[step - 1], outputs[step - 1]
    if isinstance(made_by, Conv2D):
        f, i, j = cell
        K, P = made_by.window.kernel_size, made_by.window.padding
        around = np.pad(x, ((0, 0), (P, P), (P, P)))
        return {"window": around[:, i : i + K, j : j + K], "kernel": made_by.W[f]}
    if isinstance(made_by, MaxPool2D):
        c, i, j = cell
        K = made_by.window.kernel_size
        return {"window": x[c : c + 1, i * K : i * K + K, j * K : j * K + K]}
    if isinstance(made_by, Dense):
        return {
            "inputs": x.reshape(1, 4, -1),
            "weights": made_by.W[cell[0]].reshape(1, 4, -1),
        }
    return {"before": np.atleast_3d(x.reshape(outputs[step].shape)[cell])}


def how(outputs: list[Array], step: int, cell: tuple[int, ...]) -> str:
    """How a number comes about, in words."""
    value = _number(outputs[step][cell])
    names = ("map", "row", "column") if len(cell) == 3 else ("number",)
    where = ", ".join(f"{name} {i}" for name, i in zip(names, cell, strict=True))
    if not step:
        return f"{where.removeprefix('map 0, ').capitalize()}: {value} of ink."
    made_by = reader().layers[step - 1]
    parts = list(seen(outputs, step, cell).values())
    told = f"{where.capitalize()}: "
    if isinstance(made_by, Conv2D | Dense):
        x, w = parts
        total, b = _number((x * w).sum()), _number(made_by.b[cell[0]])
        return f"{told}{x.size} inputs times weights {total} + bias {b} = {value}."
    if isinstance(made_by, MaxPool2D):
        return f"{told}of these {parts[0].size}, the largest is {value}."
    if isinstance(made_by, Flatten):
        c, i, j = np.unravel_index(cell[0], outputs[step - 1].shape)
        return f"{told}that of map {c}, row {i}, column {j}, {value}."
    before = float(parts[0].item())
    passes = "lets it pass" if before > 0 else "makes it 0"
    return f"{told}{_number(before)} before, and ReLU {passes}."


def code_line(layer: object) -> str:
    """The line of a layer's forward that computes its output."""
    marks = (
        "matmul_stack(",
        "self.W @",
        "reduce(",
        "self.activation(x)",
        "reshape(",
    )
    source = inspect.getsource(type(layer).forward).splitlines()  # type: ignore[attr-defined]
    found = (line.strip() for mark in marks for line in source if mark in line)
    return next(found, "")


def drawn(*points: tuple[int, int]) -> str:
    """A stroke as text, from points (x, y)."""
    numbers = [y * PAPER + x for x, y in points]
    return "".join(SIGNS[n >> 12] + SIGNS[n >> 6 & 63] + SIGNS[n & 63] for n in numbers)


def table() -> dict[str, list[dict[str, Any]]]:
    """Each handle one step to both sides, most layers, and an empty paper."""
    row, column = answer(**STATE)["at"]
    middle = PAPER // 2
    return {
        "answer": [
            {},
            *({"layer": n} for n in range(13) if n not in (1, 2, STATE["layer"])),
            {"at": [row, column + 1]},
            *({key: step} for key in ("down", "right") for step in (-1, 1)),
            *({"turn": step} for step in (-45, -5, 5, 45)),
            {"noise": 0.05},
            {"index": -1},
            {"index": -1, "strokes": drawn((middle, middle), (middle + 8, middle))},
        ]
    }


def still(figure: Any) -> str:
    """The held-back digit, and what the network says about it."""
    facts = answer(**STATE)
    paper, bars = figure.subplots(1, 2)
    paper.imshow(1 - base(STATE["index"], ""), cmap="gray")
    paper.set(xticks=[], yticks=[])
    bars.barh(range(10), facts["p"], color=COLORS["activation"])
    bars.set(yticks=range(10), xlim=(0, 1), xlabel="probability")
    bars.invert_yaxis()
    return (
        "A handwritten 3 whose lower arc nearly closes, and ten bars: the network gives "
        "the 3 a probability of 0.84 and the 8 one of 0.14."
    )


def _told(p: Array, label: Any, empty: bool) -> str:
    if empty:
        return "The paper is empty: draw a digit on it, large."
    best, second = p.argsort()[::-1][:2]
    told = f"It reads {named(best)}, {_share(p[best])}"
    if label is not None:
        so = "and the label says so, too"
        return (
            f"{told}, {so if label == best else f'but the label says {named(label)}'}."
        )
    if p[best] > SURE:
        return f"{told}."
    return f"{told}; next comes {named(second)}, {_share(p[second])}."


def _share(p: float) -> str:
    return f"{rounded(100 * p, 1):.1f} %"


def _number(value: Any) -> str:
    return f"{rounded(value):.4f}".replace("-", "\u2212")


def _table(numbers: Array) -> str:
    return "\n".join("".join(f"{rounded(x, 2):7.2f}" for x in row) for row in numbers)
