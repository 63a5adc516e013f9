"""Makes the site's fonts small: only the characters and tables that pages need.

The text font is made once, by hand, from the npm package that carries it:
`python -m neuralblog_site.fonts source-serif-4-latin-wght-normal.woff2 OUT.woff2`.
The math font is made in each build, from the one that the package ziamath carries.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

LATIN = "20-7e a0-ff 131 152-153 2010-2026"
ARROWS = "2190-2193 21a6 21d2 21d4"
SIGNS = "b1 b7 d7 f7 2013-2014 2026 2032-2033 2061-2064"
GREEK = "391-3d6 3f1 3f5"
OPERATORS = (
    "2200-221f 2223-222b 223c 2243 2245 2248 2260-2261 2264-2267 226a-226b "
    "2282-2287 2295 2297 2299 22a4 22c5 22ee-22f1"
)
FENCES = "2016 2308-230b 23de-23df 27e8-27e9"
LETTERS = "2102 210b 210e 2112-2113 2115 211d 2124 1d400-1d467 1d6fc-1d715"
ACCENTS = "af 300-30a 20d7"
TEXT = f"{LATIN} {ARROWS} 2212 2248 2260 2264-2265"
MATH = f"20-7e a0 {SIGNS} {ARROWS} {GREEK} {OPERATORS} {FENCES} {LETTERS} {ACCENTS}"


def stix_two_math() -> Path:
    """The whole font, in the package that carries it (which need not be imported)."""
    package = find_spec("ziamath")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def math_font(path: Path) -> None:
    """Write STIX Two Math with what formulas use, as woff2 (SIL Open Font License)."""
    font = TTFont(stix_two_math(), recalcTimestamp=False)
    _write(font, MATH, ["ssty", "dtls", "flac"], path)


def text_font(source: Path, path: Path) -> None:
    """Write a variable font with Latin letters and weights 400 to 700, as woff2."""
    font = TTFont(source, recalcTimestamp=False)
    font = instancer.instantiateVariableFont(font, {"wght": (400, 700)})
    _write(font, TEXT, ["kern", "liga", "mark", "ccmp", "onum", "lnum"], path)


def _write(font: TTFont, characters: str, features: list[str], path: Path) -> None:
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = features
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_code_points(characters))
    subsetter.subset(font)
    font.flavor = "woff2"
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)


def _code_points(ranges: str) -> list[int]:
    ends = [[int(end, 16) for end in part.split("-")] for part in ranges.split()]
    return [point for end in ends for point in range(end[0], end[-1] + 1)]


if __name__ == "__main__":
    text_font(Path(sys.argv[1]), Path(sys.argv[2]))
