"""Writes the page on speed from what `make bench` has measured last."""

import json
from pathlib import Path
from typing import Any

PAGE = "docs/speed.md"
MEASURED = "benchmarks/latest.json"
OPENING = """\
---
description: The library raced against PyTorch, scikit-learn and autograd on small networks, and what that does not say.
---

# How fast is it?

The library is written to be read. It is fast as well, on networks as small as those of
this site: there, the price of a call and the order in memory count as much as the
arithmetic. What a few lines of NumPy do about it is drawn in the docstrings of
`neuralblog.windows`: the same pixel of all images of a batch lies together, and each row
of an image is copied once for each column of a kernel, not for each of its numbers. The
plain form stands in [the post on
convolution](posts/convolution.md); both give the same.

All contestants compute the same, which is checked first, and run in turns, in one process
but for the cold starts.
A figure such as 0.50 (0.48-0.53) is the median of the ratios *ours / theirs*, round by
round, with its quartiles: ours took half as long. **Below 1, ours is faster.** PyTorch can
store images in two ways; the column on the right has the one that served it better.
"""
CLOSING = """
## What this does not say

- These are small networks on a CPU. PyTorch is made for large ones, on many cores or on a
  GPU, and there is no race there.
- PyTorch runs eagerly here, as beginners run it. It can also compile a network first.
- With 16 channels or more, its 3 x 3 convolutions of stride 1 are faster than ours, as the last
  table shows; so is its max pooling on the way back and, with 64 channels, in its better layout,
  on the way forward.
- It is one machine, on one day. Yours will give other figures.

## Run it yourself

```console
$ make bench
```

installs the contestants into an environment of their own, which takes a while, runs all
races, and writes this page again. `benchmarks/README.md` explains the options.
"""

Races = dict[str, dict[str, Any]]
"""By race, then by whom ours raced against, what was measured."""


def page(root: Path) -> str:
    """The Markdown of the page."""
    reports = json.loads((root / MEASURED).read_text(encoding="utf-8"))
    races = _races(reports[0])
    pools = [race for race in races if race[:2] == "W6" and not race.endswith("both")]
    parts = [f"{OPENING}\n{_machine(reports[0])}\n\n## Networks"]
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
    return "\n\n".join(parts) + "\n" + CLOSING


def write(root: Path) -> bool:
    """Write the page if it is not as it was measured; tell whether it was written."""
    path = root / PAGE
    if path.exists() and path.read_text(encoding="utf-8") == page(root):
        return False
    path.write_text(page(root), encoding="utf-8", newline="\n")
    return True


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
        cells = [
            race[3:],
            f"{plain['ours_us']:,.0f}&nbsp;µs",
            f"{plain['theirs_us']:,.0f}&nbsp;µs",
        ]
        rows.append(f"| {' | '.join(cells)} | {_ratio(plain)} | {_ratio(best)} |")
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
