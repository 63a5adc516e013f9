"""A Matplotlib backend whose `plt.show()` hands each figure over as themed SVG.

The build and the page choose it with `use()`, notebooks with `MPLBACKEND`. Colors of the figure style become CSS variables, so that a figure follows the page.
"""

import io
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import matplotlib
import numpy as np
from matplotlib import pyplot
from matplotlib._pylab_helpers import Gcf
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import FigureManagerBase
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.cm import ScalarMappable
from matplotlib.collections import Collection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from neuralblog.colors import COLORS

STYLE = "neuralblog.neuralblog"  # the library's own style sheet
matplotlib.style.use(STYLE)  # who imports a backend draws with it
FigureCanvas = FigureCanvasSVG
FigureManager = FigureManagerBase

LARGEST, WIDEST = 59_000, 12  # characters, and inches of a side
shown: list[str] = []
faults: list[tuple[str, str]] = []  # of what was shown, each with its cure


def _deliver(svg: str) -> None:
    """Show in a notebook where this is one, else keep for whoever runs the snippet."""
    if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
        shell.display_pub.publish({"image/svg+xml": svg})
    else:
        shown.append(svg)


deliver: Callable[[str], Any] = _deliver


def show(*args: Any, **kwargs: Any) -> None:
    """Hand over every open figure, in the order of their numbers, and close them."""
    for manager in Gcf.get_all_fig_managers():
        svg = themed_svg(figure := manager.canvas.figure)
        deliver(svg)
        faults.extend(_faults(figure, len(svg)))
    pyplot.close("all")


def _faults(figure: Figure, size: int) -> Iterator[tuple[str, str]]:
    """What is wrong with a figure, and how to mend it."""
    wide, high = figure.get_size_inches()
    alone = [*figure.texts, *figure.lines, *figure.patches, *figure.images]
    drawn = [ax for ax in figure.axes if _drawn_in(ax)]
    if any(map(_framed, set(figure.axes) - set(drawn))) or not (drawn or alone):
        fix = "draw before plt.show(), and leave out axes that stay empty"
        yield "a figure, or a part of it, has nothing in it", fix
    if max(wide, high) > WIDEST:
        what = f"a figure of {wide:g} x {high:g} inches"
        yield what, f"at most {WIDEST}: a page is 6 inches wide"
    elif size > LARGEST:
        fix = f"at most {LARGEST // 1000}: draw fewer points, or an image"
        yield f"a figure of {size // 1000} KB", fix


def _framed(ax: Axes) -> bool:
    """Whether a plot shows at least its axes; those in three dimensions are others."""
    return ax.get_visible() and (ax.axison or ax.name == "3d")


def _drawn_in(ax: Axes) -> bool:
    """Whether anything can be seen in a plot: its axes and its title are nothing."""
    drawn = [*ax.lines, *ax.collections, *ax.images, *ax.patches, *ax.texts]
    seen = any(part.get_visible() and _seen(part, ax) for part in drawn)
    return seen or bool(ax.tables or ax.artists or ax.get_legend())


def _seen(part: Artist, ax: Axes) -> bool:
    """Whether a part of a plot, which was drawn, has a place in it."""
    match part:
        case Line2D():
            path = part.get_path().transformed(part.get_transform())
            inside = path.cleaned(remove_nans=True).intersects_bbox(
                ax.bbox.padded(1), False
            )
            return bool(inside or not part.get_clip_on())
        case Rectangle():
            return bool(part.get_width() and part.get_height())
        case Text():
            return bool(part.get_text().strip())
        case Collection():
            places: np.ndarray = np.ma.filled(
                np.ma.asarray(part.get_offsets(), float), np.nan
            )
            if not len(part.get_paths()) or not np.isfinite(places).any():
                return False
    values = part.get_array() if isinstance(part, ScalarMappable) else None
    return values is None or bool(np.isfinite(np.ma.filled(values, np.nan)).any())


def use() -> None:
    """Draw with this backend and with the site's figure style."""
    matplotlib.use(f"module://{__name__}")
    matplotlib.style.use(STYLE)


def themed_svg(figure: Figure) -> str:
    """The figure as an SVG element for a page: small, and with the page's colors."""
    file = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": "neuralblog"}):
        nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        figure.savefig(file, format="svg", metadata=nothing)
    return _slim(file.getvalue())


_VARIABLES = {  # with the color itself for where there is no page, as in a notebook
    color.lower(): f"var(--nb-{name}, {color.lower()})"
    for name, color in COLORS.items()
}


def _slim(svg: str) -> str:
    svg = svg[svg.index("<svg") :].strip()
    svg = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", svg, flags=re.DOTALL)
    svg = re.sub(r' xmlns:xlink="[^"]*"', "", svg).replace("xlink:href", "href")
    svg = re.sub(r"-?\d+\.\d+(?:e-?\d+)?", _short_number, svg)
    names: dict[str, str] = {}  # some that Matplotlib gives hold an address of memory
    svg = re.sub(
        r'(?<=["#])([a-z])[0-9a-f]{10}(?=[")])',
        lambda m: names.setdefault(m[0], f"{m[1]}{len(names)}"),
        svg,
    )
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda m: _VARIABLES.get(m[0], m[0]), svg)
    svg = re.sub(r'(fill|stroke)="(var\([^"]*\))"', r'style="\1: \2"', svg)
    return re.sub(r">\s+<", "><", re.sub(r"\s*\n\s*", " ", svg))


def _short_number(match: re.Match[str]) -> str:
    """Hundredths of a point are enough for a place, but not for a scale below 1."""
    number = float(match[0])
    if abs(number) < 1:
        return f"{number:.3g}"
    return f"{number:.2f}".rstrip("0").rstrip(".")
