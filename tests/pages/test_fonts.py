"""The math font holds what formulas need, and little else."""

from pathlib import Path

from fontTools.ttLib import TTFont

from neuralblog_site.pages.fonts import letters_of_formulas, math_font

PAGE = "<p>y</p><math><mi>x</mi><mo>&lt;</mo></math>"


def test_the_letters_of_formulas_are_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(PAGE)
    assert letters_of_formulas(tmp_path) == {"x", "<"}


def test_a_root_needs_a_letter_that_is_not_in_the_text(tmp_path: Path) -> None:
    root = "<math><mroot><mi>x</mi><mn>3</mn></mroot></math>"
    (tmp_path / "index.html").write_text(root)
    assert letters_of_formulas(tmp_path) == {"x", "3", "√"}


def test_the_font_draws_variables_in_italics_and_has_the_primes_of_indices(
    tmp_path: Path,
) -> None:
    path = tmp_path / "math.woff2"
    math_font(path, {"x", "h", "α", "′"})
    font = TTFont(path)
    assert {"x", "𝑥", "ℎ", "𝛼", "′"} <= set(map(chr, font.getBestCmap()))
    assert "y" not in map(chr, font.getBestCmap())
    tables = [lookup.SubTable for lookup in font["GSUB"].table.LookupList.Lookup]
    assert [[*table.alternates] for (table,) in tables] == [
        [font.getBestCmap()[ord("′")]]
    ]
    assert path.stat().st_size < 10_000
