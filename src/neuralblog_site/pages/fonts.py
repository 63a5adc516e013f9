"""Makes the site's fonts small: only the characters and tables that pages need.

The text font is made once, by hand, from the npm package that carries it:
`python -m neuralblog_site.pages.fonts source-serif-4-latin-wght-normal.woff2 OUT.woff2`.
The math font is made in each build, from the one that the package ziamath carries.
"""

import re
import sys
from html import unescape
from importlib.util import find_spec
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

MATH = re.compile(r"<math.*?</math>", re.DOTALL)
LATIN = "20-7e a0-ff 131 152-153 2010-2026"
ARROWS = "2190-2193 21a6 21d2 21d4"
GREEK = (("α", "ω", 0x1D6FC), ("Α", "Ω", 0x1D6E2))
TEXT = f"{LATIN} {ARROWS} 2212 2248 2260 2264-2265"


def stix_two_math() -> Path:
    """The whole font, in the package that carries it (which need not be imported)."""
    package = find_spec("ziamath")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def math_font(path: Path, letters: set[str]) -> None:
    """Write STIX Two Math with these letters, as woff2 (SIL Open Font License)."""
    font = TTFont(stix_two_math(), recalcTimestamp=False)
    drawn = {ord(form) for letter in letters for form in (letter, italic(letter))}
    primes = {font.getBestCmap()[ord(prime)] for prime in "′″"}
    # only primes get a shape of their own as an index: one for each letter doubles the file
    lookups = font["GSUB"].table.LookupList.Lookup
    for table in [table for lookup in lookups for table in lookup.SubTable]:
        if forms := getattr(table, "alternates", {}):
            table.alternates = {name: forms[name] for name in primes & set(forms)}
    _write(font, sorted(drawn), ["ssty"], path)


def letters_of_formulas(out: Path) -> set[str]:
    """Every character that the formulas of a built site contain, or draw for a root."""
    texts = (path.read_text(encoding="utf-8") for path in out.rglob("*.html"))
    formulas = [formula for text in texts for formula in MATH.findall(text)]
    letters = set(unescape(re.sub("<[^>]*>", "", "".join(formulas))))
    rooted = any("<msqrt" in one or "<mroot" in one for one in formulas)
    return letters | ({"√"} if rooted else set())


def italic(letter: str) -> str:
    """The form that MathML gives to a variable: x becomes U+1D465."""
    if letter == "h":
        return "\u210e"  # Planck's constant was there first
    for first, last, start in (("a", "z", 0x1D44E), ("A", "Z", 0x1D434), *GREEK):
        if first <= letter <= last:
            return chr(start + ord(letter) - ord(first))
    return letter


def text_font(source: Path, path: Path) -> None:
    """Write a font with Latin letters as woff2: weights 400 to 700, italics only 400."""
    font = TTFont(source, recalcTimestamp=False)
    weights = 400 if "italic" in source.name else (400, 700)
    font = instancer.instantiateVariableFont(font, {"wght": weights})
    _write(
        font, _code_points(TEXT), ["kern", "liga", "mark", "ccmp", "onum", "lnum"], path
    )


def _write(
    font: TTFont, characters: list[int], features: list[str], path: Path
) -> None:
    options = Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = features
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    path.parent.mkdir(parents=True, exist_ok=True)
    font.save(path)


def _code_points(ranges: str) -> list[int]:
    ends = [[int(end, 16) for end in part.split("-")] for part in ranges.split()]
    return [point for end in ends for point in range(end[0], end[-1] + 1)]


if __name__ == "__main__":
    text_font(Path(sys.argv[1]), Path(sys.argv[2]))
