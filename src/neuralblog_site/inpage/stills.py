"""Draws what an explorable shows before it is started, with the same numbers."""

from collections.abc import Callable

import numpy as np
from matplotlib import style
from matplotlib.figure import Figure

from neuralblog.plotting import COLORS
from neuralblog_site.inpage.explorables import cnn
from neuralblog_site.running.embed import embedded
from neuralblog_site.running.svg import STYLE, themed_svg


def draw_digit() -> tuple[Figure, str]:
    """A held-back digit, and what the network says about it."""
    digit = cnn.held_back_digit(0)
    probabilities = cnn.reading(digit["ink"])["probabilities"]
    figure = Figure(figsize=(5.6, 2.6), layout="constrained")
    paper, bars = figure.subplots(1, 2)
    paper.imshow(1 - digit["ink"], cmap="gray")
    paper.set(xticks=[], yticks=[])
    bars.barh(range(10), probabilities, color=COLORS["activation"])
    bars.set(yticks=range(10), xlim=(0, 1), xlabel="probability")
    bars.invert_yaxis()
    best = int(np.argmax(probabilities))
    what = f"A handwritten {digit['label']}, and ten bars: the network reads {best}"
    return figure, f"{what} with probability {probabilities[best]:.2f}."


STILLS: dict[str, Callable[[], tuple[Figure, str]]] = {
    "nb-draw-digit": draw_digit,
}
ASKED = {  # title and question, as the modules of the others have them
    "nb-kernel-lab": (
        "The kernel lab",
        "Which nine numbers find upright edges, and which change nothing at all?",
    ),
    "nb-draw-digit": (
        "Draw a digit",
        "What does the network take your handwriting for, and how sure is it?",
    ),
}


def drawn(tag: str) -> tuple[str, str]:
    """The picture as SVG, and what it shows."""
    with style.context(STYLE):
        figure, alt = STILLS[tag]()
        return themed_svg(figure), alt


def still(tag: str) -> str:
    """The picture that stands in an explorable's element, as HTML."""
    svg, alt = drawn(tag)
    return f'<span class="nb-figure">{embedded(svg, tag, alt)}</span>'
