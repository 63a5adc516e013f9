"""The explorables that there are, and what the build makes of each.

One name, found in three files: its module in `explorables/`, its script in
web/explorables/, and its test (web/README.md).
"""

import html
import importlib
import json
import re
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from neuralblog_site.project.keeping import digest, kept
from neuralblog_site.project.places import KEPT, ROOT
from neuralblog_site.running.results import Execution

SCRIPTS = ROOT / "web" / "explorables"


def names() -> list[str]:
    """Every explorable."""
    return sorted(path.stem for path in SCRIPTS.glob("*.js"))


def module(name: str) -> ModuleType:
    """Its pure functions, and what is fixed."""
    return importlib.import_module(f"neuralblog_site.inpage.explorables.{name}")


@cache
def _made(name: str) -> dict[str, str]:
    """What the same programs have made before; some train networks for it."""
    entry = KEPT / "explorables" / f"{_programs()[:24]}-{name}.json"
    made: dict[str, str] = json.loads(
        kept(entry, lambda: json.dumps(_make(module(name))).encode())
    )
    return made


@cache
def _programs() -> str:
    """Changes with the library, the runner, and every module of the page."""
    ours = sorted(Path(__file__).parent.rglob("*.py"))
    texts = (path.read_text(encoding="utf-8") for path in ours)
    return digest(Execution().version(), *texts)


def _make(its: ModuleType) -> dict[str, str]:
    from matplotlib import style  # slow, and not in every page's Python
    from matplotlib.figure import Figure

    from neuralblog_site.running.svg import STYLE, themed_svg

    with style.context(STYLE):
        figure = Figure(figsize=its.STILL, layout="constrained")
        alt = its.still(figure)
        svg = themed_svg(figure)
    told = its.answer(**its.STATE)["told"]
    return {"file": _file(its), "svg": svg, "alt": alt, "told": told}


def _file(its: ModuleType) -> str:
    first = its.answer(**its.STATE)
    table: dict[str, list[Any]] = {}
    for function, calls in its.table().items():
        whole = function == "answer"
        for given in calls:
            told = {**its.STATE, **given} if whole else given
            facts = getattr(its, function)(**told)
            if whole and given:
                facts = {k: v for k, v in facts.items() if v != first[k]}
            table.setdefault(function, []).append([given, facts])
    assert table["answer"][0][0] == {}, "a table begins with the first state"
    content = {
        "title": its.TITLE,
        "question": its.QUESTION,
        "state": its.STATE,
        "limits": its.LIMITS,
        "free": getattr(its, "FREE", {}),
        "table": table,
    }
    text = json.dumps(content, separators=(",", ":"), allow_nan=False)
    return re.sub(r"(?<=\d)\.0(?=[],}])", "", text)  # 1.0 is 1 to a script


def file(name: str) -> bytes:
    """What its script fetches: its title, its first state, and a table of answers.

    Of a state of the table, and of its facts, only what differs from the first is kept.
    """
    return _made(name)["file"].encode()


def still(name: str) -> str:
    """Its picture before it is started, as SVG."""
    return _made(name)["svg"]


@cache
def element(name: str) -> str:
    """The element as it stands in a page: with the picture for those without scripts."""
    from neuralblog_site.running.embed import embedded

    its, made = module(name), _made(name)
    svg = embedded(made["svg"], f"x-{name}", made["alt"])
    said = html.escape(f"{its.QUESTION} {made['told']}")
    return (
        f'<nb-explorable name="{name}" id="play-{name}" style="--nb-height: {its.HEIGHT}px">'
        f'<figure class="nb-figure nb-still">{svg}<figcaption>{said}</figcaption></figure>'
        "</nb-explorable>"
    )
