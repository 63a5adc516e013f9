"""Pictures of what the library computes, in colors that mean the same on every page.

Each function draws on one Matplotlib `ax`, the current one by default, and returns it.
`plt.style.use("neuralblog.neuralblog")` sets the style of this site's figures.
Since it needs Matplotlib, it is imported by name: `from neuralblog import plotting`.
"""

from collections.abc import Callable, Sequence
from typing import Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgba_array
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from neuralblog.activations import Activation
from neuralblog.arrays import Array, check_labels, floats
from neuralblog.colors import CLASSES, COLORS
from neuralblog.diagrams import graph, network, neuron
from neuralblog.network import Sequential
from neuralblog.training import History

__all__ = [
    "COLORS",
    "activation",
    "confusion_matrix",
    "decision_regions",
    "feature_maps",
    "gradient_flow",
    "graph",
    "history",
    "images",
    "kernels",
    "network",
    "neuron",
]


def activation(
    function: Activation, z: ArrayLike | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw an activation function and, dashed, its derivative, over z (-4 to 4)."""
    ax = plt.gca() if ax is None else ax
    z = np.linspace(-4, 4, 401) if z is None else np.asarray(z)
    ax.axhline(0, color=COLORS["grid"], linewidth=1)
    ax.axvline(0, color=COLORS["grid"], linewidth=1)
    ax.plot(z, function.derivative(z), color=COLORS["gradient"], linestyle="--")
    ax.plot(z, function(z), color=COLORS["activation"])
    ax.set_title(function.__name__)
    return ax


def decision_regions(
    predict: Callable[[Array], Array],
    x: Array,
    labels: NDArray[np.integer],
    *,
    ax: Axes | None = None,
) -> Axes:
    """Color the plane by what `predict` decides there, and draw the labeled points.

    `predict` takes points (N, 2) and returns scores (N, n_classes), of which the
    highest wins, or probabilities (N,) or (N, 1) of class 1. x (N, 2), labels (N,).
    Raises: ValueError for more than five classes, or what does not fit.
    """
    x = floats("decision_regions", "x", x, ("N", 2))
    labels = check_labels("decision_regions", "labels", labels, len(x), len(CLASSES))
    ax = plt.gca() if ax is None else ax
    low, high = x.min(axis=0), x.max(axis=0)
    margin = 0.15 * (high - low)
    (left, bottom), (right, top) = low - margin, high + margin
    a, b = np.meshgrid(np.linspace(left, right, 200), np.linspace(bottom, top, 200))
    points = np.stack([a.ravel(), b.ravel()], axis=1)
    scores = np.asarray(predict(points)).reshape(a.size, -1)
    if scores.shape[1] > len(CLASSES):
        came = f"decision_regions: predict gives {scores.shape[1]} scores"
        raise ValueError(f"{came}, expected up to {len(CLASSES)}")
    classes = scores > 0.5 if scores.shape[1] == 1 else scores.argmax(axis=1)
    colors = to_rgba_array([COLORS[name] for name in CLASSES], 0.25)
    picture = colors[classes.astype(int).reshape(a.shape)]
    extent = (left, right, bottom, top)
    ax.imshow(
        picture, extent=extent, origin="lower", aspect="auto", interpolation="none"
    )
    for label in np.unique(labels):
        points, mark = x[labels == label], "os^Dv"[label]
        color = COLORS[CLASSES[label]]
        ax.plot(*points.T, mark, color=color, markeredgecolor=COLORS["paper"])
    return ax


def images(
    x: ArrayLike,
    titles: Sequence[object] | None = None,
    *,
    columns: int | None = None,
    signed: bool = False,
    ax: Axes | None = None,
) -> Axes:
    """Draw images side by side in one gray scale: (N, H, W), (N, 1, H, W) or (H, W).

    `signed` puts 0 in the middle of the scale: darker is negative, lighter positive.
    """
    x = floats("plotting.images", "x", x, dtype=float)
    strips = x.ndim == 3 and x.shape[2] in (3, 4) and min(x.shape[:2]) > 4
    if strips or x.ndim not in (2, 3, 4):
        came = f"plotting.images: x has shape {x.shape}, expected (N, H, W)"
        raise ValueError(f"{came}; of a color picture, draw one channel at a time")
    ax = plt.gca() if ax is None else ax
    x = x.reshape(-1, *x.shape[-2:])
    n, height, width = x.shape
    columns = min(n, 8) if columns is None else columns
    above = 0.3 * height if titles else 0.0  # room for a title
    for i, image in enumerate(x):
        row, column = divmod(i, columns)
        left, top = column * 1.1 * width, row * (1.1 * height + above)
        extent = (left, left + width, top + height, top)
        scale = np.abs(x).max()
        low, high = (-scale, scale) if signed else (x.min(), x.max())
        ax.imshow(
            image,
            cmap="gray",
            vmin=low,
            vmax=high,
            extent=extent,
            interpolation="none",  # the pixels as they are: sharp, and a small file
        )
        frame = Rectangle((left, top), width, height, fill=False, ec=COLORS["muted"])
        ax.add_patch(frame)
        if titles:
            middle = left + width / 2
            ax.text(middle, top - 0.05 * height, f"{titles[i]}", ha="center")
    rows = -(-n // columns)
    ax.set_xlim(0, (1.1 * columns - 0.1) * width)
    ax.set_ylim(rows * (1.1 * height + above) - above - 0.1 * height, -above)
    ax.axis("off")
    return ax


def kernels(W: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw convolution kernels: (F, C, K, K), (F, K, K) or (K, K).

    Each has a gray scale of its own, with 0 in the middle: compare shapes, not sizes.
    """
    W = np.asarray(W, dtype=float)
    largest = np.abs(W).max(axis=(-2, -1), keepdims=True)
    return images(W / np.where(largest > 0, largest, 1), signed=True, ax=ax)


def feature_maps(maps: ArrayLike, *, ax: Axes | None = None) -> Axes:
    """Draw the feature maps of one image, numbered: (C, H, W)."""
    return images(maps, range(len(np.asarray(maps))), ax=ax)


def history(
    history: History,
    quantity: Literal["loss", "accuracy"] = "loss",
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the learning curves, for the training and, if any, the validation data."""
    if not getattr(history, quantity) + getattr(history, f"validation_{quantity}"):
        raise ValueError(
            f"plotting.history: {quantity} is empty, there is none to draw"
        )
    ax = plt.gca() if ax is None else ax
    for prefix, name, color in (
        ("", "training", "activation"),
        ("validation_", "validation", "weight"),
    ):
        values = getattr(history, prefix + quantity)
        if values:
            epochs = np.arange(1, len(values) + 1)
            ax.plot(epochs, values, "o-", color=COLORS[color])
            ax.annotate(
                name,
                (epochs[-1], values[-1]),
                (8, 0),
                textcoords="offset points",
                color=COLORS[color],
                va="center",
            )
    ax.set(xlabel="epoch", ylabel=quantity)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


def gradient_flow(network: Sequential, *, ax: Axes | None = None) -> Axes:
    """Draw how large the weights' gradients are in each layer, after `backward`.

    The size is the root of the mean square; a vanishing gradient falls to the left.
    """
    ax = plt.gca() if ax is None else ax
    learning = [layer for layer in network.layers if layer.parameters]
    gradients = [getattr(layer, "d" + layer.parameters[0]) for layer in learning]
    sizes = [np.sqrt(np.mean(gradient**2)) for gradient in gradients]
    names = [f"{i}. {type(layer).__name__}" for i, layer in enumerate(learning, 1)]
    ax.semilogy(names, sizes, "o-", color=COLORS["gradient"])
    ax.tick_params("x", rotation=45 if len(names) > 4 else 0)
    ax.set_ylabel("gradient of the weights")
    return ax


def confusion_matrix(
    counts: NDArray[np.integer],
    names: Sequence[object] | None = None,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw how often class i (row) was read as class j (column): (n, n).

    Green cells are right, red ones wrong, stronger where more of a row lies there.
    """
    ax = plt.gca() if ax is None else ax
    n = len(counts)
    right, wrong = to_rgba_array([COLORS["right"], COLORS["wrong"]])
    picture = np.where(np.eye(n, dtype=bool)[..., None], right, wrong)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    picture[..., 3] = 0.6 * np.sqrt(share)
    ax.imshow(picture, interpolation="none")
    for i, j in np.argwhere(counts):
        ax.text(j, i, f"{counts[i, j]}", ha="center", va="center", fontsize=9)
    labels = [f"{name}" for name in (range(n) if names is None else names)]
    ax.set_xticks(range(n), labels)
    ax.set_yticks(range(n), labels)
    ax.set(xlabel="read as", ylabel="is")
    return ax
