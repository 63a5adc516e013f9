"""Draws what `make bench` has measured last as bars, for the page on speed."""

import json
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any, NamedTuple

from neuralblog_site.project.places import ROOT

MEASURED = "benchmarks/latest.json"
NAMES = {
    "torch": "PyTorch",
    "jax": "JAX",
    "onnxruntime": "ONNX Runtime",
    "scikit-learn": "scikit-learn",
    "autograd": "autograd",
}
LAYOUTS = {"torch": "channels_last", "jax": "jax_last"}  # the other one of a library
LEFT, UNIT, MOST, ROW = 104, 48, 5, 18  # where bars begin, one times ours, the longest

Races = dict[str, dict[str, dict[str, Any]]]
"""By race, then by whom ours raced against, what was measured."""


class Bar(NamedTuple):
    """How long somebody took, ours being 1, with the quartiles; or what there is to say."""

    name: str
    middle: float
    low: float
    high: float
    said: str = ""


Group = tuple[str, list[Bar]]  # what is compared, and how long each took


def reports() -> list[dict[str, Any]]:
    """What was measured, one report for each setting."""
    read: list[dict[str, Any]] = json.loads(
        (ROOT / MEASURED).read_text(encoding="utf-8")
    )
    return read


def races(report: dict[str, Any]) -> Races:
    """The results of a report, sorted."""
    found: Races = {}
    for entry in report["results"]:
        found.setdefault(entry["race"], {})[entry.get("against", "")] = entry
    return found


def better(against: dict[str, dict[str, Any]], name: str) -> dict[str, Any]:
    """What was measured of a library in the layout that served it better."""
    both = [against[n] for n in (name, LAYOUTS.get(name)) if n in against]
    return max(both, key=lambda entry: entry["ratio"])


def figures() -> str:
    """One picture for training, one for answering."""
    measured = races(reports()[0])
    training = [*_steps(measured, "training step"), *_starts(measured)]
    answering = _steps(measured, "inference")
    return _drawn("A training step", training) + _drawn("Answering only", answering)


def _steps(measured: Races, run: str) -> Iterator[Group]:
    for race, against in measured.items():
        if race.endswith(f": {run}") and race.startswith(("W1", "W2", "W3")):
            name = race[3:].removesuffix(f": {run}")
            bars = list(_bars(against))
            limit = measured.get(race.removesuffix(run) + "limit")
            if limit and run == "training step":
                bars.append(Bar("the limit", *3 * [limit[""]["share"]]))
            yield name[0].upper() + name[1:], bars


def _starts(measured: Races) -> Iterator[Group]:
    for race, against in measured.items():
        if race.startswith("W4"):
            yield f"{race[3:]}, from a cold start", list(_bars(against))


def _bars(against: dict[str, dict[str, Any]]) -> Iterator[Bar]:
    yield Bar("ours", 1, 1, 1)
    for name, shown in NAMES.items():
        if name in against:
            entry = better(against, name)
            low, high = entry.get("range") or entry["quartiles"]
            missed = entry.get("accuracy", 1) < entry.get("goal", 0)
            said = f"never, {entry['accuracy']:.1%} at most" if missed else ""
            yield Bar(shown, 1 / entry["ratio"], 1 / high, 1 / low, said)


def _drawn(title: str, groups: Iterable[Group]) -> str:
    y, drawn, told = 26, f'<text class="nb-title" x="0" y="15">{title}</text>', []
    for name, bars in groups:
        drawn += f'<text class="nb-group" x="0" y="{y + 13}">{escape(name)}</text>'
        y += ROW + 2
        one, end = LEFT + UNIT, y + ROW * len(bars)
        drawn += f'<path class="nb-one" d="M{one} {y - 1}V{end}"/>'
        for row, bar in enumerate(bars):
            drawn += _row(bar, y + ROW * row)
        values = ", ".join(f"{b.name} {b.said or f'{b.middle:.2f}'}" for b in bars[1:])
        told.append(f"{name}: {values}.")
        y = end + ROW // 2
    said = f"{title}. Times, ours being 1. {' '.join(told)}"
    box = f'viewBox="0 0 400 {y}" role="img" aria-label="{escape(said)}"'
    return f'<figure class="nb-figure nb-bars"><svg {box}>{drawn}</svg></figure>'


def _row(bar: Bar, y: int) -> str:
    label = f'<text class="nb-who" x="{LEFT - 6}" y="{y + 13}">{bar.name}</text>'
    if bar.said:
        return f'{label}<text x="{LEFT + 6}" y="{y + 13}">{bar.said}</text>'
    kind = {"ours": "nb-ours", "the limit": "nb-limit"}.get(bar.name, "nb-theirs")
    end = LEFT + UNIT * min(bar.middle, MOST)
    size = f'x="{LEFT}" y="{y + 3}" width="{end - LEFT:.1f}" height="{ROW - 6}"'
    drawn = f'{label}<rect class="{kind}" {size}/>'
    last, number = end, f"{bar.middle:.2f}" if bar.middle < 10 else f"{bar.middle:.0f}"
    if bar.middle > MOST:  # a bar that is cut has a gap near its end
        gap = end - 16
        drawn += (
            f'<path class="nb-gap" d="M{gap:.1f} {y + ROW - 1}L{gap + 6:.1f} {y + 1}"/>'
        )
    elif bar.low < bar.high:
        low, last = (LEFT + UNIT * min(x, MOST) for x in (bar.low, bar.high))
        drawn += f'<path class="nb-half" d="M{low:.1f} {y + ROW / 2:g}H{last:.1f}"/>'
    return f'{drawn}<text x="{max(end, last) + 5:.1f}" y="{y + 13}">{number}</text>'
