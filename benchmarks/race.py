"""Race the library against the ones a reader would pick instead: `make bench`.

    python benchmarks/race.py                       # everything, one thread, float32
    python benchmarks/race.py --only W3 --threads 2
    python benchmarks/race.py --full                # and float64, and two threads,
                                                    # all into benchmarks/latest.json

Each contestant has a process of its own, and they take turns (A B C A B C ...); what
counts is the median of the ratios ours / theirs, round by round: below 1, ours is
faster. Before anything is timed, they must agree. Who is not installed stays out.
README.md beside this file says how to read the table.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import geometric_mean, median
from typing import Any

OURS = "neuralblog"
LIBRARIES = ("numpy", "torch", "jax", "onnxruntime", "scikit-learn", "autograd")
REST = 0.3  # seconds
LATEST = Path(__file__).with_name("latest.json")
SETTINGS = (
    ("--dtype=float32", "--threads=1"),
    ("--dtype=float64", "--threads=1", "--only=W1,W2,W3"),
    ("--dtype=float32", "--threads=2", "--only=W1,W2,W3"),
)


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--threads", type=int, default=1, help="for all contestants")
    parser.add_argument("--only", default="W1,W2,W3,W4,W5,W6,W7", help="which races")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--dtype", default="float32", choices=("float32", "float64"))
    parser.add_argument("--json", type=Path, help="write all figures to this file too")
    parser.add_argument("--full", action="store_true", help="all settings in one file")
    return parser.parse_args()


def race_in_all_settings(rounds: int) -> None:
    """Run this script once for each setting."""
    reports = []
    for setting in SETTINGS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "report.json"
            command = [sys.executable, __file__, *setting, f"--rounds={rounds}"]
            subprocess.run([*command, f"--json={file}"], check=True)
            reports.append(json.loads(file.read_text()))
    LATEST.write_text(json.dumps(reports, indent=1) + "\n")


class Referee:
    """Lets the contestants show what they compute, calls them in turns, and records."""

    def __init__(self, asked: argparse.Namespace) -> None:
        self.asked = asked
        self.results: list[dict[str, Any]] = []

    @contextmanager
    def contestants(self, work: Any) -> Iterator[dict[str, Connection]]:
        """Start a process for each library that can do the work, and end them."""
        from contestants import CONTESTANTS, serve, takes_part

        context, started = get_context("spawn"), []
        for name in CONTESTANTS:
            if takes_part(name, work, self.asked.dtype):
                here, there = context.Pipe()
                given = (there, name, work.title, self.asked.dtype, self.asked.threads)
                process = context.Process(target=serve, args=given, daemon=True)
                process.start()
                there.close()  # if the other side dies, a question ends in EOFError
                started.append((name, here, process))
        ready = {}
        for name, connection, _ in started:
            missing = connection.recv()
            if missing:
                print(f"{name} does not take part: {missing}")
            else:
                ready[name] = connection
        yield ready
        for _, connection, process in started:
            with suppress(BrokenPipeError):
                connection.send(None)
            process.join()

    def race(self, work: Any) -> dict[str, dict[str, float]]:
        """Compare, then time all in turns; return the ratios by run and contestant."""
        with self.contestants(work) as ready:
            shown = {name: asks(it, "show") for name, it in ready.items()}
            agree(work.title, shown)
            return {run: self.turns(work, run, ready, shown) for run in shown[OURS][2]}

    def turns(
        self, work: Any, run: str, ready: dict[str, Connection], shown: dict[str, Any]
    ) -> dict[str, float]:
        """Call everybody who can do it, round after round, and print a table."""
        those = {name: it for name, it in ready.items() if run in shown[name][2]}
        times: dict[str, list[float]] = {name: [] for name in those}
        for i in range(self.asked.rounds + 1):
            for name, connection in those.items():
                if self.asked.threads > 1:  # who had the turn keeps a core busy for a
                    time.sleep(REST)  # while, in case there is more to do
                took = asks(connection, "turn", run)
                if i:  # the first turn is for warming up
                    times[name].append(took)
        title, ours = f"{work.title}: {run}", median(times[OURS]) * 1e6
        print(f"\n{title}\n{OURS:>28} {ours:10.0f} us")
        ratios = {}
        for name in list(those)[1:]:
            low, ratios[name], high = quartiles(times[OURS], times[name])
            theirs = median(times[name]) * 1e6
            print(
                f"{name:>28} {theirs:10.0f} us   "
                f"{ratios[name]:.2f} ({low:.2f}-{high:.2f})"
            )
            self.note(
                title,
                against=name,
                ours_us=round(ours, 1),
                theirs_us=round(theirs, 1),
                ratio=round(ratios[name], 3),
                quartiles=[round(low, 3), round(high, 3)],
            )
        sys.stdout.flush()
        return ratios

    def note(self, race: str, **figures: Any) -> None:
        """Keep what was measured."""
        self.results.append({"race": race, **figures})

    def networks(self, start: str) -> None:
        """Race a network, and tell how far it is from the machine's limit."""
        from limits import limit
        from works import NETWORKS

        for work in NETWORKS:
            if work.title.startswith(start):
                self.race(work)
                if self.asked.threads == 1:
                    found = limit(work, self.asked.dtype)
                    took = next(
                        entry["ours_us"]
                        for entry in self.results
                        if entry["race"] == f"{work.title}: training step"
                    )
                    share = found["limit_us"] / took
                    print(
                        f"{found['limit_us']:39.0f} us   at most ({found['gflops']:.0f}"
                        f" GFLOP/s, {found['gigabytes']:.0f} GB/s); ours does"
                        f" {share:.2f} of what this machine could"
                    )
                    self.note(f"{work.title}: limit", share=round(share, 3), **found)

    def layers(self, start: str) -> None:
        """Race single layers with PyTorch's, and sum up."""
        from works import LAYERS

        these = [work for work in LAYERS if work.title.startswith(start)]
        ratios = [max(self.race(work)["both"].values()) for work in these]
        mean, worst = geometric_mean(ratios), max(ratios)
        print(f"\n{start}: geometric mean {mean:.2f}, worst {worst:.2f} (best layout)")
        self.note(f"{start} geometric mean, forward and backward", ratio=mean)
        self.note(f"{start} worst, forward and backward", ratio=worst)

    def cold(self, start: str) -> None:
        """Race processes that start from nothing."""
        import cold

        found = cold.learning() if start == "W4" else cold.starting(self.asked.rounds)
        self.results += found


def asks(connection: Connection, what: str, run: str = "") -> Any:
    """Ask a contestant, and wait for the answer."""
    connection.send((what, run))
    return connection.recv()


def quartiles(ours: list[float], theirs: list[float]) -> tuple[float, float, float]:
    """Return the quartiles of the ratios, round by round."""
    pairs = sorted(a / b for a, b in zip(ours, theirs, strict=True))
    low, middle, high = (pairs[len(pairs) * i // 4] for i in (1, 2, 3))
    return low, middle, high


def agree(title: str, shown: dict[str, Any]) -> None:
    """Stop where two contestants compute different things."""
    import numpy as np

    ours, our_losses, _ = shown[OURS]
    for name, (theirs, losses, _) in shown.items():
        for a, b in zip(ours, theirs, strict=True):
            if name == "scikit-learn":  # it shows scores but for a number in each row
                a, b = (each - each.mean(axis=1, keepdims=True) for each in (a, b))
            scale = np.abs(b).max() + 1e-6
            if a.shape != b.shape or np.abs(a - b).max() > 1e-4 * scale:
                sys.exit(f"{title}: {name} computes something else; nothing to race")
        if losses and not np.allclose(losses, our_losses, rtol=1e-3):
            sys.exit(f"{title}: five losses are {our_losses}, of {name} {losses}")


def machine(asked: argparse.Namespace) -> dict[str, Any]:
    """What the figures depend on."""
    processor = platform.processor()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.split(":")[1].strip() for line in lines if "model name" in line]
        processor = names[0] if names else processor
    made = {
        "processor": processor,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "threads": asked.threads,
        "dtype": asked.dtype,
        "rounds": asked.rounds,
    }
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            made[name] = version(name)
    return made


def main() -> None:
    """Race what is asked for."""
    asked = options()
    for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):  # NumPy as it comes
        os.environ.pop(name, None)
    for name in ("OPENBLAS", "OMP", "MKL"):  # read when a process imports NumPy
        os.environ[f"{name}_NUM_THREADS"] = str(asked.threads)
    if asked.full:
        race_in_all_settings(asked.rounds)
        return
    print(", ".join(f"{key} {value}" for key, value in machine(asked).items()))
    referee = Referee(asked)
    races = {"W5": referee.layers, "W6": referee.layers}
    races |= {"W4": referee.cold, "W7": referee.cold}
    for name in map(str.strip, asked.only.split(",")):
        races.get(name, referee.networks)(name)
    if asked.json:
        report = {"machine": machine(asked), "results": referee.results}
        asked.json.write_text(json.dumps(report, indent=1) + "\n")


if __name__ == "__main__":
    main()
