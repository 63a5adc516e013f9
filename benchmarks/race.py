"""Race the library against the ones a reader would pick instead: `make bench`.

    python benchmarks/race.py                       # everything, one thread, float32
    python benchmarks/race.py --only W3 --threads 2
    python benchmarks/race.py --full                # and float64, and two threads,
                                                    # all into benchmarks/latest.json

All contestants of a race run in turns in one process (A B C A B C ...); what counts is
the median of the ratios ours / theirs, round by round: below 1, ours is faster. Before
anything is timed, they must agree. Needs torch; scikit-learn and autograd where they
are installed. README.md beside this file says how to read the table.
"""
# ruff: noqa: E402  (threads are set before NumPy and torch are imported)

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import geometric_mean, median

parser = argparse.ArgumentParser(
    description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
)
parser.add_argument("--threads", type=int, default=1, help="for all contestants")
parser.add_argument("--only", default="W1,W2,W3,W5,W6,W7", help="which races")
parser.add_argument("--rounds", type=int, default=15)
parser.add_argument("--dtype", default="float32", choices=("float32", "float64"))
parser.add_argument("--json", type=Path, help="write all figures to this file too")
parser.add_argument("--full", action="store_true", help="all settings, into one file")
ARGUMENTS = parser.parse_args()
LATEST = Path(__file__).with_name("latest.json")
SETTINGS = (
    ("--dtype=float32", "--threads=1"),
    ("--dtype=float64", "--threads=1", "--only=W1,W2,W3"),
    ("--dtype=float32", "--threads=2", "--only=W1,W2,W3"),
)


def race_in_all_settings() -> None:
    """Run this script once for each setting, each in a process of its own."""
    reports = []
    for setting in SETTINGS:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "report.json"
            options = [*setting, f"--rounds={ARGUMENTS.rounds}", f"--json={file}"]
            subprocess.run([sys.executable, __file__, *options], check=True)
            reports.append(json.loads(file.read_text()))
    LATEST.write_text(json.dumps(reports, indent=1) + "\n")


if ARGUMENTS.full:
    race_in_all_settings()
    sys.exit()
for _library in ("OPENBLAS", "OMP", "MKL"):  # read when NumPy and torch are imported
    os.environ[f"{_library}_NUM_THREADS"] = str(ARGUMENTS.threads)

import numpy as np
import torch

from neuralblog.activations import ReLU, softmax
from neuralblog.convolution import Conv2D
from neuralblog.layers import Dense, Flatten
from neuralblog.losses import SoftmaxCrossEntropy
from neuralblog.network import Sequential
from neuralblog.optimizers import SGD, Adam
from neuralblog.pooling import MaxPool2D
from neuralblog.windows import from_rows, to_rows

DTYPE = np.dtype(ARGUMENTS.dtype)
TURN = 0.03  # seconds for each turn of each contestant
LAYOUTS = {"torch": torch.contiguous_format, "channels_last": torch.channels_last}
OURS = "neuralblog"

torch.set_num_threads(ARGUMENTS.threads)
torch.set_default_dtype(getattr(torch, ARGUMENTS.dtype))
rng = np.random.default_rng(0)
results: list[dict[str, object]] = []

Contestants = dict[str, Callable[[], object]]


def race(title: str, contestants: Contestants) -> dict[str, float]:
    """Time all in turns, print a table, return the ratios ours / theirs."""
    repeats, times = {}, {name: [] for name in contestants}
    for name, run in contestants.items():
        for _ in range(3):
            run()
        start = time.perf_counter()
        run()
        repeats[name] = max(1, int(TURN / (time.perf_counter() - start)))
    for _ in range(ARGUMENTS.rounds):
        for name, run in contestants.items():
            start = time.perf_counter()
            for _ in range(repeats[name]):
                run()
            times[name].append((time.perf_counter() - start) / repeats[name])
    print(f"\n{title}\n{OURS:>28} {median(times[OURS]) * 1e6:10.0f} us")
    ratios = {}
    for name in list(contestants)[1:]:
        pairs = sorted(a / b for a, b in zip(times[OURS], times[name], strict=True))
        low, middle, high = (pairs[len(pairs) * i // 4] for i in (1, 2, 3))
        ratios[name] = middle
        microseconds = median(times[name]) * 1e6
        print(
            f"{name:>28} {microseconds:10.0f} us   {middle:.2f} ({low:.2f}-{high:.2f})"
        )
        results.append(
            {
                "race": title,
                "ours_us": round(median(times[OURS]) * 1e6, 1),
                "against": name,
                "theirs_us": round(microseconds, 1),
                "ratio": round(middle, 3),
                "quartiles": [round(low, 3), round(high, 3)],
            }
        )
    sys.stdout.flush()
    return ratios


def agree(what: str, ours: np.ndarray, theirs: torch.Tensor) -> None:
    """Stop where two contestants compute different things."""
    expected = theirs.detach().numpy()
    scale = np.abs(expected).max() + 1e-6
    if ours.shape != expected.shape or np.abs(ours - expected).max() > 1e-4 * scale:
        sys.exit(f"{what}: the contestants don't agree; nothing to race")


# The networks: ours, and torch's twin of it ------------------------------------------


def mlp() -> tuple[list, list]:
    """The dense network of W1."""
    return (
        [Dense(784, 128, rng=rng), ReLU(), Dense(128, 10, rng=rng)],
        [torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 10)],
    )


def small_cnn() -> tuple[list, list]:
    """The CNN of W2."""
    nn = torch.nn
    ours = [
        Conv2D(1, 8, 3, padding=1, rng=rng),
        ReLU(),
        MaxPool2D(2),
        Conv2D(8, 16, 3, padding=1, rng=rng),
        ReLU(),
        MaxPool2D(2),
        Flatten(),
        Dense(64, 10, rng=rng),
    ]
    theirs = [nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    theirs += [nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return ours, [*theirs, nn.Flatten(), nn.Linear(64, 10)]


def lenet() -> tuple[list, list]:
    """The LeNet of W3, without padding."""
    nn = torch.nn
    ours = [Conv2D(1, 6, 5, rng=rng), ReLU(), MaxPool2D(2)]
    ours += [Conv2D(6, 16, 5, rng=rng), ReLU(), MaxPool2D(2), Flatten()]
    theirs = [nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2)]
    theirs += [nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()]
    for n_inputs, n_outputs in ((256, 120), (120, 84), (84, 10)):
        ours += [Dense(n_inputs, n_outputs, rng=rng), ReLU()]
        theirs += [nn.Linear(n_inputs, n_outputs), nn.ReLU()]
    return ours[:-1], theirs[:-1]


def twins(layers: tuple[list, list]) -> tuple[Sequential, torch.nn.Sequential]:
    """A network and its torch twin, with the same weights."""
    network = Sequential(*layers[0], dtype=DTYPE)
    model = torch.nn.Sequential(*layers[1])
    with torch.no_grad():
        for ours, theirs in zip(layers[0], layers[1], strict=True):
            for name, tensor in zip(ours.parameters, theirs.parameters(), strict=True):
                tensor.copy_(torch.from_numpy(getattr(ours, name)))
    return network, model


def our_step(network: Sequential, optimizer, x, y) -> Callable[[], float]:
    """One training step of ours, as a function without arguments."""
    loss = SoftmaxCrossEntropy()

    def step() -> float:
        scores = network.forward(x, training=True)
        value, dscores = loss.with_gradient(scores, y)
        network.parameter_gradients(dscores)
        optimizer.step(network.parameters, network.gradients)
        return value

    return step


def torch_step(model, optimizer, x, y) -> Callable[[], torch.Tensor]:
    """One training step of torch."""

    def step() -> torch.Tensor:
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def race_networks(title: str, build, shape: tuple[int, ...], adam: bool = False):
    """Race a training step and inference; returns nothing, prints and records."""
    x = rng.random(shape).astype(DTYPE)
    y = rng.integers(0, 10, shape[0])
    network, model = twins(build())
    agree(title, network.forward(x), model(torch.from_numpy(x)))
    optimizer = Adam(1e-3) if adam else SGD(0.01)
    train: Contestants = {OURS: our_step(network, optimizer, x, y)}
    infer: Contestants = {OURS: lambda: network.forward(x)}
    state = {k: v.clone() for k, v in model.state_dict().items()}
    for name, layout in list(LAYOUTS.items())[: 2 if len(shape) == 4 else 1]:
        twin = torch.nn.Sequential(*build()[1])
        twin.load_state_dict(state)
        twin = twin.to(memory_format=layout)
        make = torch.optim.Adam if adam else torch.optim.SGD
        tensor = torch.from_numpy(x).contiguous(memory_format=layout)
        step = make(twin.parameters(), 1e-3 if adam else 0.01)
        train[name] = torch_step(twin, step, tensor, torch.from_numpy(y))

        def answer(twin=twin, tensor=tensor):
            with torch.inference_mode():
                return twin(tensor)

        infer[name] = answer
    if len(shape) == 2:
        train |= other_peers(network, x, y)
    steps = [(train[OURS](), train["torch"]().item()) for _ in range(5)]
    if not np.allclose(*np.transpose(steps), rtol=1e-3):
        sys.exit(f"{title}: the losses of five steps don't agree: {steps}")
    race(f"{title}: training step", train)
    race(f"{title}: inference", infer)


def other_peers(network: Sequential, x: np.ndarray, y: np.ndarray) -> Contestants:
    """scikit-learn and autograd with the same network, where they are installed."""
    peers: Contestants = {}
    first, _, last = network.layers
    expected = torch.from_numpy(softmax(network.forward(x)))
    try:
        from sklearn.neural_network import MLPClassifier

        model = MLPClassifier(
            (128,), solver="sgd", batch_size=len(x), momentum=0, alpha=0
        )
        model.partial_fit(x, y, classes=np.arange(10))
        model.coefs_ = [first.W.T.copy(), last.W.T.copy()]
        model.intercepts_ = [first.b.copy(), last.b.copy()]
        agree("scikit-learn", model.predict_proba(x), expected)
        peers["scikit-learn"] = lambda: model.partial_fit(x, y)
    except ImportError:
        print("scikit-learn is not installed")
    try:
        import autograd
        import autograd.numpy as anp

        one_hot = np.eye(10, dtype=DTYPE)[y]
        parameters = [first.W.T.copy(), first.b.copy(), last.W.T.copy(), last.b.copy()]

        def scores(p):
            return anp.dot(anp.maximum(anp.dot(x, p[0]) + p[1], 0), p[2]) + p[3]

        agree("autograd", softmax(scores(parameters)), expected)

        def loss(p):
            z = scores(p)
            z = z - anp.max(z, axis=1, keepdims=True)
            log_sum = anp.log(anp.sum(anp.exp(z), axis=1))
            return anp.mean(log_sum - anp.sum(one_hot * z, axis=1))

        gradient = autograd.grad(loss)

        def step():
            for p, g in zip(parameters, gradient(parameters), strict=True):
                p -= DTYPE.type(0.01) * g

        peers["autograd"] = step
    except ImportError:
        print("autograd is not installed")
    return peers


# Single layers -----------------------------------------------------------------------

CONVOLUTIONS = [  # N, C, side, F, K, stride
    (1, 1, 28, 8, 3, 1),
    (32, 1, 10, 8, 3, 1),
    (64, 1, 28, 6, 5, 1),
    (64, 6, 12, 16, 5, 1),
    (64, 16, 18, 32, 3, 1),
    (128, 32, 10, 64, 3, 1),
    (32, 16, 32, 32, 3, 1),
    (8, 64, 32, 64, 3, 1),
    (8, 32, 64, 32, 3, 1),
    (16, 32, 32, 64, 3, 2),
    (32, 64, 16, 64, 1, 1),
    (16, 3, 64, 16, 7, 2),
]
POOLS = [(1, 8, 26), (32, 8, 8), (64, 6, 24), (64, 16, 8), (128, 16, 16), (16, 64, 32)]


def race_layer(title: str, layer, function, x: np.ndarray) -> tuple[dict, dict, dict]:
    """Race a layer with torch's function, forward, backward, and both."""
    ours_x = from_rows(to_rows(x))  # each contestant gets the layout it likes best
    y = layer.forward(ours_x)
    dy = rng.standard_normal(y.shape).astype(DTYPE)
    ours_dy = from_rows(to_rows(dy))
    forward: Contestants = {OURS: lambda: layer.forward(ours_x)}
    backward: Contestants = {OURS: lambda: layer.backward(ours_dy)}
    for name, layout in LAYOUTS.items():
        given = [x, *(getattr(layer, p) for p in layer.parameters)]
        leaves = [torch.from_numpy(np.ascontiguousarray(a)).clone() for a in given]
        leaves = [
            (a.contiguous(memory_format=layout) if a.ndim == 4 else a).requires_grad_()
            for a in leaves
        ]
        out = function(*leaves)
        tensor = torch.from_numpy(dy).contiguous(memory_format=layout)

        def answer(leaves=leaves):
            with torch.inference_mode():
                return function(*leaves)

        def slopes(out=out, leaves=leaves, tensor=tensor):
            return torch.autograd.grad(out, leaves, tensor, retain_graph=True)

        forward[name], backward[name] = answer, slopes
        agree(title, y, out)
        agree(title, layer.backward(ours_dy), slopes()[0])
        for p, theirs in zip(layer.parameters, slopes()[1:], strict=True):
            agree(f"{title}, d{p}", getattr(layer, "d" + p), theirs)

    def both(name: str) -> Callable[[], object]:
        return lambda: (forward[name](), backward[name]())

    return (
        race(f"{title}: forward", forward),
        race(f"{title}: backward", backward),
        race(f"{title}: both", {name: both(name) for name in forward}),
    )


def cast_parameters(layer) -> None:
    """Give a layer parameters of the precision that is raced."""
    Sequential(layer, dtype=DTYPE)


def race_convolutions() -> None:
    """Race twelve sizes of convolution, and summarize them."""
    ratios = []
    for N, C, side, F, K, S in CONVOLUTIONS:
        layer = Conv2D(C, F, K, stride=S, rng=rng)
        cast_parameters(layer)
        x = rng.standard_normal((N, C, side, side)).astype(DTYPE)

        def function(x, W, b, S=S):
            return torch.nn.functional.conv2d(x, W, b, stride=S)

        title = f"W5 conv N={N} C={C} {side}x{side} F={F} K={K} stride {S}"
        ratios.append(max(race_layer(title, layer, function, x)[2].values()))
    mean = geometric_mean(ratios)
    print(f"\nW5: geometric mean {mean:.2f}, worst {max(ratios):.2f} (best layout)")
    results.append({"race": "W5 geometric mean, forward and backward", "ratio": mean})
    results.append({"race": "W5 worst, forward and backward", "ratio": max(ratios)})


def race_pools() -> None:
    """Race max pooling."""
    for N, C, side in POOLS:
        x = rng.standard_normal((N, C, side, side)).astype(DTYPE)

        def function(x):
            return torch.nn.functional.max_pool2d(x, 2)

        race_layer(
            f"W6 2x2 max pool N={N} C={C} {side}x{side}", MaxPool2D(2), function, x
        )


# From a cold start -------------------------------------------------------------------

COLD = {
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
    "100 steps, torch": f"""
import torch
from torch import nn
torch.set_num_threads({ARGUMENTS.threads})
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


def run_cold(code: str) -> tuple[float, float]:
    """Run code in a process of its own; return seconds and megabytes."""
    command = [sys.executable, "-c", code + PEAK]
    start = time.perf_counter()
    # the first run leaves its bytecode for the others, as an installation does
    environment = os.environ | {"PYTHONDONTWRITEBYTECODE": ""}
    ended = subprocess.run(
        command, check=True, capture_output=True, text=True, env=environment
    )
    return time.perf_counter() - start, int(ended.stdout) / 1024


def race_cold() -> None:
    """Race processes that start from nothing."""
    print("\nW7 cold processes")
    runs = {name: [] for name in COLD}
    for _ in range(max(3, ARGUMENTS.rounds * 2 // 3)):
        for name, code in COLD.items():
            runs[name].append(run_cold(code))
    middle = {
        n: [median(column) for column in zip(*r, strict=True)] for n, r in runs.items()
    }
    for name, (seconds, megabytes) in middle.items():
        print(f"{name:>28} {seconds * 1e3:10.0f} ms {megabytes:8.0f} MB")
    for ours, theirs in (
        ("import neuralblog", "import numpy"),
        ("100 steps, neuralblog", "100 steps, torch"),
    ):
        for i, unit in enumerate(("time", "memory")):
            pairs = zip(runs[ours], runs[theirs], strict=True)
            ratio = round(median(a[i] / b[i] for a, b in pairs), 3)
            print(f"{ours} / {theirs}, {unit}: {ratio:.3f}")
            race_name = f"W7 {ours}, {unit}"
            results.append({"race": race_name, "against": theirs, "ratio": ratio})
    for library in ("neuralblog", "torch"):
        used = middle[f"100 steps, {library}"][1] - middle[f"import {library}"][1]
        print(f"{used:.0f} MB for LeNet steps, batch 64: {library}")
        results.append({"race": f"W7 LeNet step, {library}", "megabytes": round(used)})


RACES: dict[str, Callable[[], None]] = {
    "W1": lambda: race_networks("W1 dense 784-128-10, batch 64, SGD", mlp, (64, 784)),
    "W2": lambda: race_networks(
        "W2 small CNN 8x8, batch 32, Adam", small_cnn, (32, 1, 8, 8), adam=True
    ),
    "W3": lambda: race_networks(
        "W3 LeNet 28x28, batch 64, SGD", lenet, (64, 1, 28, 28)
    ),
    "W5": race_convolutions,
    "W6": race_pools,
    "W7": race_cold,
}


def machine() -> dict[str, object]:
    """What the figures depend on."""
    processor = platform.processor()
    if Path("/proc/cpuinfo").exists():
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        names = [line.split(":")[1].strip() for line in lines if "model name" in line]
        processor = names[0] if names else processor
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "torch": torch.__version__,
        "threads": ARGUMENTS.threads,
        "dtype": ARGUMENTS.dtype,
        "rounds": ARGUMENTS.rounds,
    }


if __name__ == "__main__":
    print(", ".join(f"{key} {value}" for key, value in machine().items()))
    for name in ARGUMENTS.only.split(","):
        RACES[name.strip()]()
    if ARGUMENTS.json:
        report = {"machine": machine(), "results": results}
        ARGUMENTS.json.write_text(json.dumps(report, indent=1) + "\n")
