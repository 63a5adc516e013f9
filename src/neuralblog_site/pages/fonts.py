r"""Makes the site's fonts small: only the characters and tables that pages need.

The text font was made once, by hand, from the npm package that carries it (the italic
with `wght=400`):

    python -m fontTools varLib.instancer source-serif-4-latin-wght-normal.woff2 \
      wght=400:700 --no-recalc-timestamp --output whole.woff2
    python -m fontTools subset whole.woff2 --flavor=woff2 --no-hinting --recalc-bounds \
      --layout-features=kern,liga,mark,ccmp,onum,lnum --output-file=source-serif-4.woff2 \
      --unicodes=20-7e,a0-ff,131,152-153,2010-2026,2190-2193,21a6,21d2,21d4,2212,2248,2260,2264-2265

The math font is made in each build, from the one that the package ziamath carries.
"""

import re
from html import unescape
from importlib.metadata import version
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from neuralblog_site.pages.slim import in_pages
from neuralblog_site.project.keeping import digest, kept, store
from neuralblog_site.project.places import KEPT
from neuralblog_site.sources.formulas import variant

CACHE = KEPT / "fonts"
MATH = re.compile(r"<math.*?</math>", re.DOTALL)


def stix_two_math() -> Path:
    """The whole font, in the package that carries it (which need not be imported)."""
    package = find_spec("ziamath")
    assert package is not None and package.origin is not None
    return Path(package.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"


def math_font(path: Path, letters: set[str]) -> None:
    """Write STIX Two Math with these letters, as woff2 (SIL Open Font License)."""
    maker = Path(__file__).read_text(encoding="utf-8")
    name = f"{digest(maker, version('fonttools'), *sorted(letters))}.woff2"
    store(path, kept(CACHE / name, lambda: _subset(letters)))


def _subset(letters: set[str]) -> bytes:
    font = TTFont(stix_two_math(), recalcTimestamp=False)
    upright, slanted = set(map(ord, letters)), variant("italic")
    drawn = upright | {slanted.get(point, point) for point in upright}
    primes = {font.getBestCmap()[ord(prime)] for prime in "′″"}
    # only primes get a shape of their own as an index: one for each letter doubles the file
    lookups = font["GSUB"].table.LookupList.Lookup
    for table in [table for lookup in lookups for table in lookup.SubTable]:
        if forms := getattr(table, "alternates", {}):
            table.alternates = {name: forms[name] for name in primes & set(forms)}
    options = Options()
    options.flavor = font.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["ssty"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(drawn))
    subsetter.subset(font)
    made = BytesIO()
    font.save(made)
    return made.getvalue()


def letters_of_formulas(out: Path) -> set[str]:
    """Every character that the formulas of a built site contain, or draw for a root."""
    return in_pages(out, _letters)


def _letters(text: str) -> set[str]:
    formulas = "".join(MATH.findall(text))
    rooted = "<msqrt" in formulas or "<mroot" in formulas
    letters = set(unescape(re.sub("<[^>]*>", "", formulas)))
    return letters | ({"√"} if rooted else set())
