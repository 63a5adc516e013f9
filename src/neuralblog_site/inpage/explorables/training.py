"""The flight recorder: a small network learns 300 digits, and all is kept."""

import math
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

import neuralblog as nb
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    optimizer,
    pictured,
    raised,
    rounded,
)

TITLE = "The flight recorder"
QUESTION = "This run learned nothing. Which dial is wrong? Can another make up for it?"
HEIGHT = 600
STILL = (5.6, 2.8)
STARTS = {"zeros": 0, "he / 10": 0.1, "he / 3": 1 / 3, "he": 1, "3 he": 3, "10 he": 10}
RATES = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1)
EPOCHS, FRAMES = 12, range(0, 13, 2)
N, SIZES = 300, (784, 32, 32, 16, 10)
SHOWN = ("loss", "new", "signal", "message", "active", "weights")
FLOOR = -6  # what is smaller than a millionth is drawn there
STATE: dict[str, Any] = {
    "start": 1,
    "optimizer": "SGD",
    "rate": 4,
    "dropout": 0.0,
    "frame": len(FRAMES) - 1,
}
LIMITS: dict[str, Any] = {
    "start": (0, len(STARTS) - 1, 1),
    "optimizer": ["SGD", "momentum", "Adam"],
    "rate": (0, len(RATES) - 1, 1),
    "dropout": (0, 0.75, 0.25),
    "frame": (0, len(FRAMES) - 1, 1),
}


def network(scale: float, dropout: float, rng: np.random.Generator) -> nb.Sequential:
    """Four layers whose weights start at `scale` times those of `he`."""
    layers: list[Any] = [nb.Flatten()]
    silence = np.random.default_rng(1)  # so that the batches are those without dropout
    for n, m in pairwise(SIZES):
        layers.append(nb.Dense(n, m, rng=rng, initializer=lambda *a: scale * nb.he(*a)))
        if m != SIZES[-1]:  # the scores stay as they are
            layers += [nb.ReLU(), nb.Dropout(dropout, rng=silence)]
    return nb.Sequential(*layers)


@cache
def recorded(start: int, name: str, rate: int, dropout: float) -> Facts:
    """Train, and record: losses at each epoch, and the network's inside at some."""
    x, y, _, _ = nb.datasets.digits()
    seen, new = (x[:N], y[:N]), (x[7000:7500], y[7000:7500])
    ten = x[[int(np.flatnonzero(y == digit)[0]) for digit in range(10)]]
    rng, loss = np.random.default_rng(0), nb.SoftmaxCrossEntropy()
    net = network([*STARTS.values()][start], dropout, rng)
    last = net.layers[-1]
    assert isinstance(last, nb.Dense)
    descent = optimizer(name, RATES[rate])
    kept: Facts = {name: [] for name in ("right", *SHOWN)}
    for epoch in range(EPOCHS + 1):
        if epoch:
            nb.train(net, *seen, loss=loss, optimizer=descent, epochs=1, rng=rng)
        for name, (images, labels) in ("loss", seen), ("new", new):
            kept[name].append(rounded(loss(net.predict(images), labels), 2))
        kept["right"].append(round(100 * nb.accuracy(net, *new)))
        if epoch in FRAMES:
            signal, message, _ = sizes(net, *seen, loss)
            kept["signal"].append(signal)
            kept["message"].append(message)
            kept["active"].append(pictured(sizes(net, ten, y[:10], loss)[2], 4))
            kept["weights"].append(pictured(last.W, 1))
    return kept


def sizes(
    net: nb.Sequential, x: Array, y: Any, loss: nb.SoftmaxCrossEntropy
) -> tuple[list[float], list[float], Array]:
    """Of the signal behind each layer, of the message back to it; the last hidden one."""
    signal, message, last = [_power(x)], [], x
    for layer in net.layers:
        x = layer.forward(x)
        if isinstance(layer, nb.ReLU):
            last = x
            signal.append(_power(x))
    signal.append(_power(x))
    dy = loss.gradient(x, y) * len(x)
    message.append(_power(dy))
    for layer in reversed(net.layers[2:]):
        dy = layer.backward(dy)
        if isinstance(layer, nb.Dense):
            message.append(_power(dy))
    return signal, message[::-1], last


def _power(values: Array) -> float:
    """Of ten, which a typical value is: the root of the mean square."""
    size = np.sqrt(np.mean(values**2))
    return float(rounded(np.log10(max(size, 10.0**FLOOR)), 1))


def answer(
    start: float, optimizer: str, rate: float, dropout: float, frame: float
) -> Facts:
    """The whole record of a run, and a sentence about one moment of it."""
    run = recorded(round(start), optimizer, round(rate), float(dropout))
    top, largest = reach(run)
    powers = [FLOOR + round(i * (largest - 1 - FLOOR) / 4) for i in range(5)]
    return {
        "top": top,
        "ticks": [[share * top, _tick(share * top)] for share in (0, 0.5, 1)],
        "largest": largest,
        "powers": [[power, _raised(power)] for power in powers],
        **{name: run[name] for name in SHOWN},
        "starts": list(STARTS),
        "rates": [f"{one:g}" for one in RATES],
        "guessing": rounded(np.log(10), 3),
        "told": _told(run, FRAMES[round(frame)]),
    }


def reach(run: Facts) -> tuple[float, int]:
    """How far the axes go: the loss up to 4, 40, 400 and so on; the sizes as a power."""
    top = 4.0
    while top < max(*run["loss"], *run["new"]):
        top *= 10
    most = max(max(sizes) for name in ("signal", "message") for sizes in run[name])
    return top, max(3, FLOOR + 1 + 4 * math.ceil((most - FLOOR - 1) / 4))


def table() -> dict[str, list[dict[str, Any]]]:
    """The first run at each moment, every start, one step of each dial, and one with two."""
    states: list[dict[str, Any]] = [
        {"frame": frame} for frame in range(len(FRAMES) - 1)
    ]
    states += [{"start": start} for start in range(len(STARTS)) if start != 1]
    states += [{"rate": rate} for rate in (3, 5)]
    states += [{"dropout": 0.25}, {"optimizer": "Adam"}]
    states += [{"optimizer": "Adam", "rate": 2}]
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The losses of the first run, and the sizes of what went through its layers."""
    facts = answer(**STATE)
    left, right = figure.subplots(1, 2)
    left.plot(facts["loss"], color=COLORS["activation"], label="training")
    left.plot(facts["new"], "--", color=COLORS["weight"], label="new digits")
    left.set(xlabel="epoch", ylabel="loss", ylim=(0, 4))
    signal, message = (10.0 ** np.array(facts[k][0]) for k in ("signal", "message"))
    right.semilogy(signal, "o-", color=COLORS["activation"], label="signal")
    right.semilogy(
        range(1, 5), message, "s--", color=COLORS["gradient"], label="message"
    )
    right.set(xlabel="layer", xticks=range(5), ylim=(1e-6, 1))
    right.set_title("size, before the first step")
    left.legend()
    right.legend(loc="lower left")
    return (
        "Left, two losses over 12 epochs that stay at 2.3. Right, on a logarithmic axis "
        "and before the first step, the signal, which shrinks from layer to layer on its "
        "way forward, and the message, which shrinks on its way back."
    )


def _raised(power: int) -> str:
    """A power of ten as one writes it: 10⁻⁶, but 1 and 100."""
    if power in (0, 1, 2):
        return str(10**power)
    return f"10{raised(power)}"


def _tick(loss: float) -> str:
    """A loss at its axis, short."""
    if loss < 1e5:
        return f"{loss:,g}"
    digits, power = f"{loss:.0e}".split("e")
    return f"{digits}·{_raised(int(power))}"


def _told(run: Facts, epoch: int) -> str:
    loss, new, right = (run[name][epoch] for name in ("loss", "new", "right"))
    said = f"After {epoch} epochs" if epoch else "Before the first step"
    said += f" the loss is {loss:,.2f}, on new digits {new:,.2f}"
    if right <= 20 and epoch:
        return f"{said}, and {right} % of those are right: hardly more than guessing."
    return f"{said}; {right} % of those are right."
