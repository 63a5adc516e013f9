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
