"""The moving pictures: drawn by a script, still until asked for, light and dark."""

import re
import sys
from importlib import import_module
from pathlib import Path

import pytest

from neuralblog_site.project.places import ROOT

FOLDER = ROOT / "docs" / "assets" / "figures"
MOVING = {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.svg")}
PAGES = [path.read_text(encoding="utf-8") for path in ROOT.glob("docs/posts/*.md")]
CSS = (ROOT / "docs" / "assets" / "css" / "neuralblog.css").read_text(encoding="utf-8")
MAY_MOVE = "@media screen and (prefers-reduced-motion:no-preference){"
FOLDED = re.compile(r"^\?\?\? info .*\n    !\[.{60,}\]\((\S+)\)$", re.MULTILINE)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the scripts under figures/ draw today."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "figures")
        folder = tmp_path_factory.mktemp("figures")
        names = [path.stem for path in (ROOT / "figures").glob("*.py")]
        scripts = [import_module(name) for name in names]
        for script in scripts:
            patch.setattr(script, "FOLDER", folder)
            script.main()
        for name in names:
            del sys.modules[name]
    return {path.stem: path.read_text("utf-8") for path in folder.glob("*.svg")}


def test_a_picture_in_the_folder_is_what_its_script_draws(made: dict[str, str]) -> None:
    assert made.keys() == MOVING.keys()
    for name, picture in made.items():
        assert picture == MOVING[name], f"run the script of {name}.svg again"


@pytest.mark.parametrize("name", MOVING)
def test_nothing_moves_for_those_who_ask_for_less_motion(name: str) -> None:
    style = MOVING[name].split("<style>")[1].split("</style>")[0]
    before, moves = style.split(MAY_MOVE)
    assert "@keyframes" in moves and "animation" in moves
    assert "animation" not in before + MOVING[name].replace(style, "")
    assert "<script" not in MOVING[name] and "<animate" not in MOVING[name]


@pytest.mark.parametrize("name", MOVING)
def test_it_is_small_and_has_the_colors_of_the_site(name: str) -> None:
    assert len(MOVING[name]) < 40_000
    light, dark = (
        dict(re.findall(r"--(\w+):(#\w{6});", root))
        for root in re.findall(r":root\{(.*?)\}", MOVING[name])
    )
    assert light.keys() == dark.keys() >= {"ink", "paper"}
    for color in light:
        assert f"--nb-{color}: light-dark({light[color]}, {dark[color]});" in CSS


def test_it_moves_in_a_block_that_a_reader_opens_and_closes() -> None:
    shown = [Path(source).stem for page in PAGES for source in FOLDED.findall(page)]
    assert sorted(shown) == sorted(MOVING)
