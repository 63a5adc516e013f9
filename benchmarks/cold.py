"""Races of whole processes, each from nothing to its end: W4 and W7.

What counts is the processor's time, with the import; children run one at a time.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

EPOCHS = 10  # at most
MODULES = {"scikit-learn": "sklearn"}  # where it is called otherwise
CODES = {
    "import numpy": "import numpy",
    "import neuralblog": "import neuralblog",
    "import torch": "import torch",
    "100 steps, neuralblog": """
import numpy as np
from neuralblog import Adam, SoftmaxCrossEntropy, lenet
rng = np.random.default_rng(0)
x, y = rng.random((64, 1, 28, 28), dtype=np.float32), rng.integers(0, 10, 64)
network = lenet(rng=rng, dtype=np.float32)
loss, optimizer = SoftmaxCrossEntropy(), Adam()
for _ in range(100):
    scores = network.forward(x, training=True)
    network.parameter_gradients(loss.gradient(scores, y))
    optimizer.step(network.parameters, network.gradients)
""",
    "100 steps, torch": """
import torch
from torch import nn
torch.set_num_threads(1)
x, y = torch.rand(64, 1, 28, 28), torch.randint(10, (64,))
model = nn.Sequential(
    nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5),
    nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(),
    nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))
optimizer = torch.optim.Adam(model.parameters())
for _ in range(100):
    optimizer.zero_grad()
    nn.functional.cross_entropy(model(x), y).backward()
    optimizer.step()
""",
}
PEAK = """
with open("/proc/self/status") as status:  # Linux alone tells it, in kB
    print(next(line.split()[1] for line in status if "VmHWM" in line))
"""


def run(*arguments: str) -> tuple[float, str]:
    """Run Python in a process of its own; return its processor seconds and its output."""
    # the first run leaves its bytecode for the others, as an installation does
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, *arguments],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=lambda: os.sched_setaffinity(0, {max(os.sched_getaffinity(0))}),
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return seconds, ended.stdout


def starting(rounds: int) -> list[dict[str, Any]]:
    """W7: imports, and 100 steps of LeNet, in turns."""
    print("\nW7 cold processes")
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in CODES}
    for _ in range(max(3, rounds * 2 // 3)):
        for name, code in CODES.items():
            seconds, printed = run("-c", code + PEAK)
            runs[name].append((seconds, int(printed) / 1024))
    middle = {
        n: [median(column) for column in zip(*r, strict=True)] for n, r in runs.items()
    }
    for name, (seconds, megabytes) in middle.items():
        print(f"{name:>28} {seconds * 1e3:10.0f} ms {megabytes:8.0f} MB")
    results: list[dict[str, Any]] = []
    for ours, theirs in (
        ("import neuralblog", "import numpy"),
        ("100 steps, neuralblog", "100 steps, torch"),
    ):
        for i, unit in enumerate(("time", "memory")):
            pairs = zip(runs[ours], runs[theirs], strict=True)
            ratio = round(median(a[i] / b[i] for a, b in pairs), 3)
            print(f"{ours} / {theirs}, {unit}: {ratio:.3f}")
            race = f"W7 {ours}, {unit}"
            results.append({"race": race, "against": theirs, "ratio": ratio})
    for library in ("neuralblog", "torch"):
        used = middle[f"100 steps, {library}"][1] - middle[f"import {library}"][1]
        print(f"{used:.0f} MB for LeNet steps, batch 64: {library}")
        results.append({"race": f"W7 LeNet step, {library}", "megabytes": round(used)})
    return results


def learning(rounds: int = 3) -> list[dict[str, Any]]:
    """W4: from a cold start until 97 of 100 digits held back are read right.

    Each round has another order of the batches, the same for everybody.
    """
    from learn import ENOUGH, LEARNERS

    names = [name for name in LEARNERS if find_spec(MODULES.get(name, name))]
    took: dict[str, list[float]] = {name: [] for name in names}
    told: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    program = str(Path(__file__).with_name("learn.py"))
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(rounds):
            data = write_data(Path(folder) / "data.npz", seed)
            for name in names:
                seconds, printed = run(program, name, data)
                took[name].append(seconds)
                told[name].append(json.loads(printed))
    print(f"\nW4 LeNet, from a cold start to {ENOUGH:.0%} of the digits held back")
    results = []
    for name in names:
        ratios = sorted(a / b for a, b in zip(took[names[0]], took[name], strict=True))
        entry = {
            "race": f"W4 LeNet to {ENOUGH:.0%}",
            "against": name,
            "seconds": round(median(took[name]), 2),
            "ratio": round(median(ratios), 3),
            "range": [round(ratios[0], 3), round(ratios[-1], 3)],
            "steps": [each["steps"] for each in told[name]],
            "goal": ENOUGH,
            "accuracy": min(each["accuracy"] for each in told[name]),
        }
        results.append(entry)
        print(
            f"{name:>28} {entry['seconds']:10.2f} s  {entry['ratio']:.2f}"
            f"  steps {entry['steps']}, {entry['accuracy']:.1%} at least"
        )
    return results


def write_data(path: Path, seed: int) -> str:
    """Write the digits in float32, LeNet's first weights and an order of batches."""
    import numpy as np
    from learn import BATCH

    from neuralblog import datasets
    from neuralblog.cnn import lenet

    x, y, x_test, y_test = datasets.digits()
    rng, single = np.random.default_rng(seed), np.float32
    orders = [rng.permutation(len(x)) for _ in range(EPOCHS)]
    arrays = {"x": x.astype(single), "x_test": x_test.astype(single), "y": y}
    arrays |= {"y_test": y_test, "batches": np.reshape(orders, (-1, BATCH))}
    layers = [a for a in lenet(rng=rng, dtype=single).layers if a.parameters]
    for i, layer in enumerate(layers):
        arrays |= {f"W{i}": layer.W, f"b{i}": layer.b}
    np.savez(path, **arrays)
    return str(path)
