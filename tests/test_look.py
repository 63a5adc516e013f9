"""The palette: one source, enough contrast, and apart for every kind of color vision."""

import itertools
import re

import matplotlib
import numpy as np
import pytest
from numpy.typing import NDArray

from neuralblog.plotting import COLORS
from neuralblog_site.pages.fonts import math_font
from neuralblog_site.project.places import ROOT
from neuralblog_site.running.svg import STYLE

CSS = (ROOT / "docs" / "assets" / "css" / "neuralblog.css").read_text(encoding="utf-8")
PAIRS = re.findall(r"--nb-(\w+): light-dark\((#\w{6}), (#\w{6})\)", CSS)
THEMES = {
    "light": {name: light for name, light, _ in PAIRS},
    "dark": {name: dark for name, _, dark in PAIRS},
}
MEANINGS = ("input", "weight", "activation", "gradient", "right", "wrong")

# How colors look without one kind of cone, for linear RGB.
# Source: Machado, Oliveira and Fernandes 2009, severity 1.
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def linear(color: str) -> NDArray[np.float64]:
    """#rrggbb -> (3,), proportional to light."""
    srgb = np.array([int(color[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def contrast(a: str, b: str) -> float:
    """As WCAG 2 defines it, from 1 to 21."""
    dark, light = sorted(float(TO_XYZ[1] @ linear(color)) for color in (a, b))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear RGB -> CIE L*a*b*."""
    t = TO_XYZ @ np.clip(rgb, 0, 1) / TO_XYZ.sum(axis=1)
    x, y, z = np.where(t > 0.008856, np.cbrt(t), 7.787 * t + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def difference(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    """How different two linear colors look; 1 is hardly seen. Source: CIE 1994."""
    (L1, a1, b1), (L2, a2, b2) = lab(a), lab(b)
    C1, C2 = np.hypot(a1, b1), np.hypot(a2, b2)
    C, dC = (C1 + C2) / 2, C1 - C2
    dH2 = max((a1 - a2) ** 2 + (b1 - b2) ** 2 - dC**2, 0)
    return float(np.sqrt((L1 - L2) ** 2 + (dC / (1 + 0.045 * C)) ** 2 + dH2 / (1 + 0.015 * C) ** 2))  # fmt: skip


def test_the_figures_have_the_light_colors_of_the_page() -> None:
    assert {name: THEMES["light"][name] for name in COLORS} == COLORS


def test_the_figure_style_uses_the_palette_only() -> None:
    style = (ROOT / "src" / "neuralblog" / "neuralblog.mplstyle").read_text()
    used = set(re.findall(r"\b[0-9a-f]{6}\b", style))
    assert used and used <= {color.removeprefix("#") for color in COLORS.values()}
    with matplotlib.style.context(STYLE):
        cycle = matplotlib.rcParams["axes.prop_cycle"].by_key()["color"]
    assert set(cycle) <= set(COLORS.values())


@pytest.mark.parametrize("theme", THEMES)
def test_everything_written_or_drawn_has_contrast(theme: str) -> None:
    colors = THEMES[theme]
    low = {
        (name, ground): round(contrast(colors[name], colors[ground]), 2)
        for name in ("ink", "muted", "link", *MEANINGS)
        for ground in ("paper", "raised")
        if contrast(colors[name], colors[ground]) < 4.5
    }
    assert not low


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("theme", THEMES)
def test_colors_with_a_meaning_stay_apart(theme: str, vision: str) -> None:
    seen = {name: VISION[vision] @ linear(THEMES[theme][name]) for name in MEANINGS}
    close = {
        (a, b): round(difference(seen[a], seen[b]), 1)
        for a, b in itertools.combinations(MEANINGS, 2)
        if difference(seen[a], seen[b]) < 10
    }
    assert not close


def test_too_pale_a_color_and_too_close_a_pair_would_be_noticed() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#949494", "#ffffff") < 4.5
    red, green = linear("#a64040"), linear("#5b7a30")
    assert difference(red, green) > 20
    assert difference(*(VISION["deuteranopia"] @ c for c in (red, green))) < 10


def test_no_color_is_written_outside_the_palette() -> None:
    rules = CSS.split("/* ---- Material's own colors and fonts, by ours ---- */")[1]
    assert re.findall(r"#[0-9a-f]{3,8}\b(?![^{}]*\{)", rules) == [
        "#fff"
    ]  # paper, printed


def test_fonts_are_small_and_always_the_same(tmp_path) -> None:  # type: ignore[no-untyped-def]
    for name in ("one", "two"):
        math_font(tmp_path / name, set("f(x)=∑αh"))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    text = (ROOT / "docs" / "assets" / "fonts").glob("*.woff2")
    sizes = [path.stat().st_size for path in [*text, tmp_path / "one"]]
    assert len(sizes) == 3 and max(sizes) <= 80_000 and sum(sizes) <= 150_000
