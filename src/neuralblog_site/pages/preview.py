"""Draws the picture that a link to a page shows elsewhere, without any network."""

import io
import textwrap
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Circle, FancyBboxPatch

from neuralblog.plotting import COLORS
from neuralblog_site.pages.fonts import stix_two_math
from neuralblog_site.project.keeping import digest, kept, store
from neuralblog_site.project.places import KEPT
from neuralblog_site.sources.series import SERIES

CACHE = KEPT / "cards"


def draw(title: str, number: int | None, path: Path) -> None:
    """Write a card of 1200 x 630 pixels; drawn again only when something changes."""
    maker = Path(__file__).read_text(encoding="utf-8")
    name = f"{digest(title, str(number), str(COLORS), maker)}.png"
    store(path, kept(CACHE / name, lambda: _drawn(title, number)))


@matplotlib.rc_context({"figure.constrained_layout.use": False})
def _drawn(title: str, number: int | None) -> bytes:
    figure = Figure(figsize=(12, 6.3), dpi=100)
    figure.set_facecolor(COLORS["paper"])
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, 1200), ylim=(0, 630))
    axes.set_axis_off()
    size, width = (56, 28) if len(title) < 60 else (44, 38)
    said = "neuralblog"
    if number is not None:
        said += f"   From neuron to CNN, {number} of {len(SERIES)}"
    for text, height, points, color in (
        (textwrap.fill(title, width), 300, size, "ink"),
        (said, 84, 25, "muted"),
    ):
        face = FontProperties(fname=str(stix_two_math()), size=points)
        axes.text(84, height, text, font=face, color=COLORS[color], va="center")
    _mark(axes, 84, 450, 110)
    file = io.BytesIO()
    figure.savefig(file, metadata={"Software": None}, transparent=False)
    return file.getvalue()


def _mark(axes: Axes, left: float, bottom: float, size: float) -> None:
    """The site's mark: a neuron whose inputs turn into the cells of a kernel."""
    x0, y0, step, half = left + size / 2, bottom + size / 2, size / 3, size / 9.6
    for column, roundness in ((-1, half), (0, half * 0.7), (1, half * 0.3)):
        for row in (-1, 0, 1):
            x, y = x0 + column * step, y0 + row * step
            axes.plot([x0, x], [y0, y], color=COLORS["muted"], lw=size / 26, zorder=1)
            if (column, row) != (0, 0):
                style = f"round,pad=0,rounding_size={roundness}"
                place = (x - half, y - half)
                cell = FancyBboxPatch(place, 2 * half, 2 * half, style, zorder=2)
                cell.set(facecolor=COLORS["ink"], linewidth=0)
                axes.add_patch(cell)
    axes.add_patch(Circle((x0, y0), size / 6, color=COLORS["weight"], zorder=3))
