"""Diagrams of neurons, networks and computations, drawn as circles and connections.

`neuralblog.plotting` has them too, beside the pictures of numbers.
"""

from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle
from numpy.typing import ArrayLike, NDArray

from neuralblog.backpropagation import Value
from neuralblog.colors import COLORS
from neuralblog.neurons import Neuron

__all__ = ["graph", "network", "neuron"]


def neuron(
    neuron: Neuron, x: ArrayLike | None = None, *, ax: Axes | None = None
) -> Axes:
    """Draw a neuron: inputs, weights on the connections, sum and activation.

    With an input x (n,), its numbers stand in the picture too.
    """
    ax = _diagram(ax)
    rows = _spread(neuron.w.size)
    ax.set(xlim=(-0.9, 5.3), ylim=(min(rows[-1], 0) - 0.6, max(rows[0], 0) + 0.6))
    for i, (row, w) in enumerate(zip(rows, neuron.w, strict=True)):
        ax.plot([0, 2], [row, 0], color=COLORS["weight"], linewidth=1.5)
        ax.text(0.9, 0.55 * row + 0.08, f"{w:.3g}", color=COLORS["weight"], ha="center")
        _circle(ax, 0, row, "input", f"$x_{i + 1}$")
    ax.plot([2, 4.6], [0, 0], color=COLORS["muted"], linewidth=1.5)
    _circle(ax, 2, 0, "muted", "$z$")
    _circle(ax, 3.6, 0, "activation", "$a$")
    ax.text(2.8, 0.12, neuron.activation.__name__, ha="center")
    ax.text(2, -0.42, f"b = {neuron.b:.3g}", color=COLORS["weight"], ha="center")
    if x is not None:
        for row, value in zip(rows, np.asarray(x), strict=True):
            ax.text(-0.4, row, f"{value:.3g}", ha="right", va="center")
        ax.text(2, 0.34, f"{neuron.weighted_sum(x):.3g}", ha="center")
        ax.text(4.7, 0, f"{neuron(x):.3g}", va="center")
    return ax


def network(*sizes: int, most: int = 8, ax: Axes | None = None) -> Axes:
    """Draw a dense network with these layer sizes, inputs first: `network(2, 3, 1)`.

    Of a layer with more than `most` neurons, `most` are drawn, and dots.
    """
    ax = _diagram(ax)
    columns = [_spread(min(n, most)) for n in sizes]
    tallest = max(len(rows) for rows in columns)
    gap = 2 + 0.3 * tallest
    for i, (left, right) in enumerate(pairwise(columns)):
        ends = [[(gap * i, a), (gap * (i + 1), b)] for a in left for b in right]
        ax.add_collection(LineCollection(ends, colors=COLORS["grid"], linewidths=1))
    for i, (n, rows) in enumerate(zip(sizes, columns, strict=True)):
        for row in rows:
            _circle(ax, gap * i, row, "activation" if i else "input")
        label = f"{n}" if n <= most else f"\u22ee\n{n}"
        ax.text(gap * i, rows[-1] - 0.4, label, ha="center", va="top")
    ax.set_xlim(-0.5, gap * (len(sizes) - 1) + 0.5)
    ax.set_ylim(-tallest / 2 - 1.5, tallest / 2)
    return ax


def graph(value: Value, *, ax: Axes | None = None) -> Axes:
    """Draw how a `Value` came about: numbers above, gradients below."""
    ax = _diagram(ax)
    column: dict[Value, int] = {}
    place: dict[Value, tuple[float, float]] = {}
    for node in value.graph():  # each comes after those it was made from
        column[node] = max((column[one] + 1 for one, _ in node.inputs), default=0)
    for node in reversed(list(column)):  # a given number stands next to its first use
        for one, _ in node.inputs:
            if not one.inputs:
                column[one] = column[node] - 1
    for i in range(column[value] + 1):
        nodes = [node for node in column if column[node] == i]
        for node, row in zip(nodes, _spread(len(nodes)), strict=True):
            place[node] = (2 * i, 1.7 * row)
    for node, (x, y) in place.items():
        for one, _ in node.inputs:
            ax.plot([place[one][0], x], [place[one][1], y], color=COLORS["grid"])
    for node, (x, y) in place.items():
        _circle(ax, x, y, "activation" if node.inputs else "input", node.operation)
        name = f"{node.name} = " if node.name else ""
        ax.text(x, y + 0.36, f"{name}{node.data + 0:.3g}", ha="center")
        gradient = f"{node.gradient + 0:.3g}"  # + 0 makes -0 a 0
        ax.text(x, y - 0.36, gradient, color=COLORS["gradient"], ha="center", va="top")
    heights = [y for _, y in place.values()]
    ax.set(xlim=(-0.6, 2 * column[value] + 0.6))
    ax.set(ylim=(min(heights) - 0.8, max(heights) + 0.8))
    return ax


def _diagram(ax: Axes | None) -> Axes:
    """Prepare for a drawing without axes, in which circles are round."""
    ax = plt.gca() if ax is None else ax
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _spread(n: int) -> NDArray[np.float64]:
    """Return n heights, one apart, the first on top, centered on 0."""
    return (n - 1) / 2 - np.arange(n, dtype=float)


def _circle(ax: Axes, x: float, y: float, color: str, text: str = "") -> None:
    """Draw a neuron or a number at (x, y)."""
    edge = COLORS[color]
    ax.add_patch(Circle((x, y), 0.28, fc=COLORS["paper"], ec=edge, lw=2, zorder=2))
    size = 11 if len(text) < 4 or text[0] == "$" else 8
    ax.text(x, y, text, ha="center", va="center", zorder=3, fontsize=size)
