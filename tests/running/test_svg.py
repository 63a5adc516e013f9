"""Figures become small SVG in the colors of the page."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from neuralblog.plotting import COLORS
from neuralblog_site.running import svg


@pytest.fixture(autouse=True)
def own_backend() -> None:
    svg.use()
    svg.shown.clear()
    svg.faults.clear()
    plt.close("all")  # what other tests have left


def drawn(**options: object) -> str:
    _, ax = plt.subplots(**options)  # type: ignore[arg-type]
    ax.plot([0, 1], [0.123456, 1], color=COLORS["input"])
    ax.set_title(r"$\sigma(z)$ and plain")
    plt.show()
    (shown,) = svg.shown
    return shown


def test_colors_with_a_meaning_follow_the_page() -> None:
    shown = drawn()
    for name in ("input", "ink"):
        assert f"var(--nb-{name}, {COLORS[name].lower()})" in shown
    left = set(re.findall(r"#[0-9a-f]{6}\b", re.sub(r"var\([^)]*\)", "", shown)))
    assert left.isdisjoint({color.lower() for color in COLORS.values()})


def test_svg_is_one_element_without_foreign_names() -> None:
    shown = drawn()
    assert shown.startswith("<svg ") and shown.endswith("</svg>")
    assert all(foreign not in shown for foreign in ("xlink", "<metadata", "<!--"))


def test_the_same_figure_gives_the_same_bytes() -> None:
    first = drawn()
    svg.shown.clear()
    assert drawn() == first


def test_glyphs_keep_their_size() -> None:
    scales = {float(s) for s in re.findall(r"scale\((0\.0\d+)\)", drawn())}
    assert scales == {0.0156}  # Matplotlib writes 1/64


def test_show_closes_what_it_showed() -> None:
    drawn()
    assert plt.get_fignums() == []


def test_numbers_are_short() -> None:
    _, ax = plt.subplots()
    x = np.linspace(0, 6, 400)
    ax.plot(x, np.sin(x))
    plt.show()
    assert len(svg.shown[0]) < 20_000
    assert not re.search(r"\d\.\d{5}", svg.shown[0])


def test_two_figures_that_show_the_same_are_the_same() -> None:
    """Whatever else was drawn meanwhile: Matplotlib names clips by addresses of memory."""

    def made() -> str:
        figure = Figure()
        for ax in figure.subplots(2, 2).flat:
            ax.imshow(np.eye(3))
            ax.plot([0, 1], "o")
        return svg.themed_svg(figure)

    one = made()
    kept = [Figure() for _ in range(9)]
    assert made() == one and kept
    assert not re.search(r'id="[a-z][0-9a-f]{10}"', one)


FLAT = "plt.figure().add_subplot(projection='3d')"
SEEN = [
    "plt.pie([1, 2])",
    "plt.quiver([0], [0], [1], [1])",
    "plt.colorbar(plt.imshow(np.eye(3)))",
    "plt.pcolormesh(np.eye(3))",
    "plt.contour(np.eye(3))",
    "plt.axhline(0)",
    "plt.axline((0, 0), slope=1)",
    "plt.text(0, 0, 'words')",
    "plt.hist([1, 2])",
    "plt.polar([1, 2], [1, 2])",
    "plt.table([['a', 'b']])",
    "plt.legend(handles=[plt.Line2D([], [], label='a')])",
    "_, (a, b) = plt.subplots(2); a.plot([1, 2]); b.axis('off')",
    f"{FLAT}.plot([1, 2], [1, 2], [1, 2])",
    f"{FLAT}.scatter([1], [1], [1])",
    f"{FLAT}.plot_surface(*np.meshgrid([1, 2], [1, 2]), np.eye(2))",
    f"{FLAT}.text(0, 0, 0, 'words')",
]
UNSEEN = [
    FLAT,
    f"{FLAT}.plot([], [], [])",
    f"{FLAT}.scatter([], [], [])",
    "plt.subplots()[1].axis('off')",
    "plt.plot([np.nan, np.nan])",
    "plt.plot([1, 2]).pop().set_visible(False)",
    "plt.plot([1, 2]); plt.xlim(5, 6)",
    "plt.scatter([np.nan], [np.nan])",
    "plt.imshow(np.full((3, 3), np.nan))",
    "plt.pcolormesh(np.full((3, 3), np.nan))",
    "plt.hist([])",
    "plt.text(0, 0, ' ')",
    "plt.title('A title alone')",
]


@pytest.mark.parametrize("line", SEEN + UNSEEN)
def test_a_figure_with_nothing_in_it_is_told(line: str) -> None:
    exec(line, {"np": np, "plt": plt})
    plt.show()
    assert bool(svg.faults) == (line in UNSEEN), svg.faults
