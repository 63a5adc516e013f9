"""Draw a digit: from strokes to ten probabilities, layer by layer."""

import inspect
from functools import cache

import numpy as np

from neuralblog import Conv2D, Dense, MaxPool2D, Sequential, cnn, softmax
from neuralblog.inspection import feature_maps
from neuralblog_site.inpage.explorables.common import Array, Facts, gray, held_back

SIDE, BOX = 28, 20  # pixels of an input, and of the digit inside it
CLEAN = 0.002  # of the edge of a paper that is drawn on, three quarters differ less
FAINT = 0.1  # what stands out less from its paper is no ink


@cache
def network() -> Sequential:
    """The post's own network, with what it has learned."""
    return cnn.trained()


def held_back_digit(index: float) -> Facts:
    """One digit that the network never saw: its ink (28, 28), and what it is."""
    x, y = held_back()
    if not 0 <= index < len(x) or index != int(index):
        raise ValueError(f"choose a whole number from 0 to {len(x) - 1}")
    return {"ink": x[int(index), 0], "label": int(y[int(index)])}


def prepared(pixels: Array) -> Facts:
    """Turn the pixels of a canvas into an input, step by step, as MNIST's makers did.

    The ink is cropped, scaled to fit into 20 x 20 pixels, and put into 28 x 28 so that
    its center of mass is in the middle. A light drawing on dark ground is turned over,
    and where the ground is uneven, as in a photograph, it is made even first.
    Source: LeCun, Bottou, Bengio and Haffner (1998).
    """
    ink = 1 - gray(pixels)
    border = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    ground = np.median(border)
    if np.quantile(np.abs(border - ground), 0.75) > CLEAN:
        ink = evened(ink)
    else:
        if ground > 0.5:
            ink, ground = 1 - ink, 1 - ground
        ink = np.clip((ink - ground) / max(np.ptp(ink), 0.2), 0, 1)
    rows, columns = (np.flatnonzero(ink.max(axis=axis) > 0.2) for axis in (1, 0))
    if not len(rows):
        return {"empty": True}
    crop = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = BOX / max(crop.shape)
    height, width = (max(1, round(size * scale)) for size in crop.shape)
    scaled = resized(crop, height, width)
    top, left = (
        int(np.clip(round(SIDE / 2 - center), 0, SIDE - size))
        for center, size in zip(_center_of_mass(scaled), scaled.shape, strict=True)
    )
    image = np.zeros((SIDE, SIDE))
    image[top : top + height, left : left + width] = scaled
    return {"empty": False, "crop": crop, "scaled": scaled, "input": image}


def evened(dark: Array) -> Array:
    """Ink of a photograph, without its light, its noise, and the lines of its paper.

    A smooth surface, of degree 2, is fitted to the paper: to what is not far from
    the last fit. Ink is what stands out from it (to the side where more does), at
    least about half as far as the hundredth that stands out most.
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
    ink: Array = np.clip((above / most - 0.4) / 0.3, 0, 1)
    return ink.reshape(dark.shape)


def resized(image: Array, height: int, width: int) -> Array:
    """Scale an image so that each new pixel is the mean of the area that it covers."""
    return (
        _coverage(height, image.shape[0]) @ image @ _coverage(width, image.shape[1]).T
    )


def _coverage(n_new: int, n_old: int) -> Array:
    """How much of each old pixel a new one covers: (n_new, n_old), rows sum to 1."""
    edges = np.linspace(0, n_old, n_new + 1)[:, None]
    covered = np.clip(
        edges - np.arange(n_old), 0, 1
    )  # of each old pixel, from the left
    return np.diff(covered, axis=0) * n_new / n_old


def _center_of_mass(ink: Array) -> tuple[float, float]:
    """In pixels from the top and from the left."""
    y, x = (np.arange(size) + 0.5 for size in ink.shape)
    mass = ink.sum()
    return float(ink.sum(axis=1) @ y / mass), float(ink.sum(axis=0) @ x / mass)


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


def reading(image: Array) -> Facts:
    """Every layer's output for one input, and the ten probabilities."""
    layers = feature_maps(network(), image[None])
    scores = layers[-1][1]
    return {
        "layers": [{"name": name, "output": output} for name, output in layers],
        "probabilities": softmax(scores),
    }


def explained(image: Array, layer: int, at: list[int]) -> Facts:
    """How one number of one layer comes about, and the line of code that made it."""
    layers = network().layers
    outputs = [
        image[None],
        *(output for _, output in feature_maps(network(), image[None])),
    ]
    x, y, made_by = outputs[layer], outputs[layer + 1], layers[layer]
    value = float(y[tuple(at)])
    facts: Facts = {"value": value, "code": code_line(made_by), "name": str(made_by)}
    if isinstance(made_by, Conv2D):
        f, row, column = at
        K, P = made_by.W.shape[-1], made_by.window.padding
        around = np.pad(x, ((0, 0), (P, P), (P, P)))
        patch = around[:, row : row + K, column : column + K]
        b = float(made_by.b[f])
        facts |= {"patch": patch, "kernel": made_by.W[f], "b": b}
        total = float((patch * made_by.W[f]).sum())
        facts["how"] = (
            f"sum of patch times kernel {total:.4f} + bias {b:.4f} = {value:.4f}"
        )
    elif isinstance(made_by, MaxPool2D):
        c, row, column = at
        K = made_by.window.kernel_size
        patch = x[c, row * K : row * K + K, column * K : column * K + K]
        facts |= {"patch": patch[None]}
        facts["how"] = f"the largest of these {patch.size} is {value:.4f}"
    elif isinstance(made_by, Dense):
        w, b = made_by.W[at[0]], float(made_by.b[at[0]])
        facts["how"] = (
            f"{len(w)} inputs times their weights {float(x @ w):.4f} + bias {b:.4f} "
            f"= {value:.4f}"
        )
    else:
        before = float(x.reshape(y.shape)[tuple(at)])
        facts["how"] = f"made from {before:.4f}: {value:.4f}"
    return facts


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
