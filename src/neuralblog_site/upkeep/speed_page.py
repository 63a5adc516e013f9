"""Writes the tables of the page on speed from what `make bench` has measured last."""

import json
from pathlib import Path
from typing import Any

from neuralblog_site.rules.documentation import put

PAGE = "docs/speed.md"
MEASURED = "benchmarks/latest.json"
BEGIN, END = "Measured on a machine", "## What this does not say\n"

Races = dict[str, dict[str, Any]]
"""By race, then by whom ours raced against, what was measured."""


def tables(root: Path) -> str:
    """The Markdown of what was measured."""
    reports = json.loads((root / MEASURED).read_text(encoding="utf-8"))
    races = _races(reports[0])
    pools = [race for race in races if race[:2] == "W6" and not race.endswith("both")]
    parts = [_machine(reports[0]), "## Networks"]
    for report in reports:
        parts += [f"In {_setting(report)}:", _table(_races(report), "W1", "W2", "W3")]
    parts += [
        "Two other libraries on the dense network, in float32, on 1 thread:",
        _rivals(races),
    ]
    parts += ["## From a cold start", _cold(races)]
    parts += ["## Max pooling", _table(races, *pools)]
    convolutions = [race for race in races if race[:3] == "W5 " and "both" in race]
    parts += ["## Convolutions, forward and backward", _table(races, *convolutions)]
    return "\n\n".join([*parts, ""])


def write(root: Path) -> bool:
    """Write the tables if they are not as it was measured; tell whether that was so."""
    return put(root / PAGE, BEGIN, tables(root), END)


def _races(report: dict[str, Any]) -> Races:
    races: Races = {}
    for entry in report["results"]:
        races.setdefault(entry["race"], {})[entry.get("against", "")] = entry
    return races


def _machine(report: dict[str, Any]) -> str:
    made = report["machine"]
    return (
        f"Measured on a machine with {made['cores']} cores ({made['processor']}), Python "
        f"{made['python']}, NumPy {made['numpy']} and PyTorch {made['torch']}."
    )


def _setting(report: dict[str, Any]) -> str:
    threads = report["machine"]["threads"]
    return f"{report['machine']['dtype']}, on {threads} thread{'s' * (threads > 1)}"


def _table(races: Races, *starts: str) -> str:
    rows = ["| race | ours | PyTorch | ours / PyTorch | ours / its better layout |"]
    rows.append("|---|--:|--:|---|---|")
    for race, against in races.items():
        if not race.startswith(starts):
            continue
        plain = against["torch"]
        layouts = [against[x] for x in ("torch", "channels_last") if x in against]
        best = max(layouts, key=lambda entry: entry["ratio"])
        times = [f"{plain[key]:,.0f}&nbsp;µs" for key in ("ours_us", "theirs_us")]
        cells = [race[3:], *times, _ratio(plain), _ratio(best)]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _rivals(races: Races) -> str:
    rows = ["| against | theirs | ours / theirs |", "|---|--:|---|"]
    for race, against in races.items():
        for name, entry in against.items():
            if race[:2] == "W1" and name in ("scikit-learn", "autograd"):
                theirs = f"{entry['theirs_us']:,.0f}&nbsp;µs"
                rows.append(f"| {name}, a training step | {theirs} | {_ratio(entry)} |")
    return "\n".join(rows)


def _cold(races: Races) -> str:
    rows = ["| race, ours / theirs | time | peak memory |", "|---|---|---|"]
    for run, against in (
        ("import neuralblog", "import numpy"),
        ("100 steps, neuralblog", "100 steps, torch"),  # of LeNet, batches of 64
    ):
        time, memory = (races[f"W7 {run}, {x}"][against] for x in ("time", "memory"))
        rows.append(
            f"| {run} / {against} | {time['ratio']:.2f} | {memory['ratio']:.2f} |"
        )
    used = [
        races[f"W7 LeNet step, {x}"][""]["megabytes"] for x in ("neuralblog", "torch")
    ]
    more = (
        "The time includes the import. The steps are those of LeNet with a padding of 2, "
        "with Adam, in batches of 64; beyond the import they need {} MB, those"
    )
    return "\n".join(rows) + f"\n\n{more} of PyTorch {{}} MB.".format(*used)


def _ratio(entry: dict[str, Any]) -> str:
    low, high = entry["quartiles"]
    return f"{entry['ratio']:.2f}&nbsp;({low:.2f}\u2011{high:.2f})"  # in one line
