"""Writes the page on speed from what `make bench` has measured last."""

from pathlib import Path
from textwrap import indent
from typing import Any

from neuralblog_site.pages.bars import NAMES, Races, better, races, reports
from neuralblog_site.rules.documentation import put

PAGE = "docs/speed.md"
BEGIN, END = "## The figures\n", "## Run it yourself\n"
VERSIONS = {**NAMES, "numpy": "NumPy"}


def tables() -> str:
    """The Markdown of what was measured, each table folded."""
    measured = reports()
    first = races(measured[0])
    pools = [
        race for race in first if race.startswith("W6 2x2") and race[-4:] != "both"
    ]
    parts = [BEGIN.rstrip(), _machine(measured[0])]
    for report in measured:
        networks = _networks(races(report))
        parts.append(_folded(f"The networks, {_setting(report)}", networks))
    parts += [
        _folded("How far from the limit of this machine", _limits(first)),
        _folded(
            "From a cold start until 97 of 100 digits are read right", _learned(first)
        ),
        _folded("Other cold starts", _cold(first)),
        _folded(
            "Convolutions, forward and backward", _layers(first, _convolutions(first))
        ),
        _folded("Max pooling", _layers(first, pools)),
    ]
    return "\n\n".join([*parts, ""])


def write(root: Path) -> bool:
    """Write the tables if they are not as it was measured; tell whether that was so."""
    return put(root / PAGE, BEGIN, tables(), END)


def _folded(title: str, text: str) -> str:
    return f'??? note "{title}"\n\n{indent(text, "    ")}'


def _machine(report: dict[str, Any]) -> str:
    made = report["machine"]
    libraries = [f"{VERSIONS[x]} {made[x]}" for x in VERSIONS if x in made]
    return (
        f"Measured on a machine with {made['cores']} cores ({made['processor']}), with "
        f"Python {made['python']}, {', '.join(libraries)}. A figure such as 0.50 "
        "(0.48-0.53) is the median of the ratios *ours / theirs*, with its quartiles: "
        "**below 1, ours is faster**."
    )


def _setting(report: dict[str, Any]) -> str:
    threads = report["machine"]["threads"]
    return f"{report['machine']['dtype']}, {threads} thread{'s' * (threads > 1)}"


def _networks(found: Races) -> str:
    rows = [
        "| race | against | ours | theirs | ours / theirs |",
        "|---|---|--:|--:|---|",
    ]
    for race, against in found.items():
        for name, shown in NAMES.items():
            if race.startswith(("W1", "W2", "W3")) and name in against:
                entry = better(against, name)
                times = [
                    f"{entry[key]:,.0f}&nbsp;µs" for key in ("ours_us", "theirs_us")
                ]
                rows.append(_row(race[3:], shown, *times, _ratio(entry)))
    return "\n".join(rows)


def _limits(found: Races) -> str:
    rows = ["| training step | products | moved | at least | ours reaches |"]
    rows.append("|---|--:|--:|--:|--:|")
    for race, against in found.items():
        if race.endswith(": limit"):
            entry = against[""]
            counted = (
                f"{entry['megaflop']:.1f}&nbsp;M",
                f"{entry['megabytes']:.1f}&nbsp;MB",
            )
            least = f"{entry['limit_us']:,.0f}&nbsp;µs"
            rows.append(_row(race[3:-7], *counted, least, f"{entry['share']:.2f}"))
    said = (
        "A step cannot take less time than its multiplications and additions at the speed "
        "of one large matrix product, nor than its numbers need to be copied: *at least* "
        "is the longer of both, measured on this machine on one thread. *Ours reaches* 1 "
        "would be as fast as anything could be here."
    )
    return "\n".join([said, "", *rows])


def _learned(found: Races) -> str:
    rows = [
        "| library | time | ours / theirs | steps | read right |",
        "|---|--:|---|---|--:|",
    ]
    for race, against in found.items():
        for name, entry in against.items() if race.startswith("W4") else ():
            low, high = entry["range"]
            ratio = f"{entry['ratio']:.2f}&nbsp;({low:.2f}\u2011{high:.2f})"
            steps = ", ".join(map(str, entry["steps"]))
            cells = (
                f"{entry['seconds']:.1f}&nbsp;s",
                ratio,
                steps,
                f"{entry['accuracy']:.1%}",
            )
            rows.append(_row(NAMES.get(name, "ours"), *cells))
    said = (
        "LeNet learns from the 8,000 shipped digits, with Adam, in batches of 64, until "
        "it reads 97 of 100 of the other 2,000. The time begins with the process, so "
        "imports and compilation count. All begin with the same weights, and each round "
        "has an order of the digits that is the same for all. After some hundred steps "
        "rounding leads each another way, so their steps differ. In brackets are the "
        "smallest and the largest ratio. scikit-learn has no convolution: it has a dense "
        "network, 784-128-10, and stops after ten epochs."
    )
    return "\n".join([said, "", *rows])


def _cold(found: Races) -> str:
    rows = ["| race, ours / theirs | time | peak memory |", "|---|---|---|"]
    for run, against in (
        ("import neuralblog", "import numpy"),
        ("100 steps, neuralblog", "100 steps, torch"),  # of LeNet, batches of 64
    ):
        pair = [found[f"W7 {run}, {x}"][against]["ratio"] for x in ("time", "memory")]
        rows.append(_row(f"{run} / {against}", *(f"{ratio:.2f}" for ratio in pair)))
    used = [
        found[f"W7 LeNet step, {x}"][""]["megabytes"] for x in ("neuralblog", "torch")
    ]
    more = (
        "The time includes the import. The steps are those of LeNet with a padding of 2, "
        "with Adam, in batches of 64; beyond the import they need {} MB, those"
    )
    return "\n".join(rows) + f"\n\n{more} of PyTorch {{}} MB.".format(*used)


def _convolutions(found: Races) -> list[str]:
    return [race for race in found if race[:3] == "W5 " and "both" in race]


def _layers(found: Races, names: list[str]) -> str:
    rows = ["| race | ours | PyTorch | ours / PyTorch |", "|---|--:|--:|---|"]
    for race in names:
        entry = better(found[race], "torch")
        times = [f"{entry[key]:,.0f}&nbsp;µs" for key in ("ours_us", "theirs_us")]
        rows.append(_row(race[3:], *times, _ratio(entry)))
    return "\n".join(rows)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _ratio(entry: dict[str, Any]) -> str:
    low, high = entry["quartiles"]
    return f"{entry['ratio']:.2f}&nbsp;({low:.2f}\u2011{high:.2f})"  # in one line
