"""The graph: nine knobs of a small network, its numbers, and the slopes that run back."""

from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from math import isclose
from typing import Any

import numpy as np

from neuralblog import Value
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import Facts, rounded, rounded_each

TITLE = "The graph"
QUESTION = "Which knob would you turn, and does its slope keep its promise?"
HEIGHT = 560
STILL = (5.6, 3.2)
NAMES = ("w11", "w12", "w21", "w22", "b11", "b12", "v1", "v2", "b2")
THETA = [0.5, -0.25, -0.5, 0.75, -0.25, 0.25, 1.0, -2.0, 0.5]
X = (1.0, 2.0)
# `at` is the knob in the hand, `start` where it stood when it was taken.
STATE: dict[str, Any] = {"theta": THETA, "at": "w22", "start": 0.75, "rate": 0.1}
LIMITS: dict[str, Any] = {
    "theta": (-6, 6, 0.05),
    "at": list(NAMES),
    "start": (-6, 6, 0),
    "rate": (0.01, 0.5, 0.01),
}
AROUND = 1.5  # how far the curve goes to each side


class Network:
    """The post's network, one number at a time, and every slope of its loss."""

    def __init__(self, theta: Any) -> None:
        self.x = [Value(x) for x in X]
        self.knobs = [Value(value) for value in theta]
        w11, w12, w21, w22, b11, b12, v1, v2, b2 = self.knobs
        x1, x2 = self.x
        self.z = [w11 * x1 + w12 * x2 + b11, w21 * x1 + w22 * x2 + b12]
        self.a = [z.relu() for z in self.z]
        self.score = v1 * self.a[0] + v2 * self.a[1] + b2
        self.p = 1 / (1 + (-self.score).exp())
        self.loss = -self.p.log()
        self.loss.backward()

    @property
    def slopes(self) -> list[float]:
        """Of the loss along each knob."""
        return [knob.gradient for knob in self.knobs]


def answer(theta: Any, at: str, start: float, rate: float) -> Facts:
    """Every number and slope, the knob's arithmetic, and two promises with their end."""
    net, index = Network(theta), NAMES.index(at)
    before = Network(_turned(theta, index, start))
    slope, loss = before.slopes[index], before.loss.data
    promised = loss + slope * (theta[index] - start)
    step = np.clip(theta - rate * np.array(net.slopes), *LIMITS["theta"][:2])
    stepped = rounded(step)
    values = np.linspace(start - AROUND, start + AROUND, 31)
    curve = [[v, Network(_turned(theta, index, v)).loss.data] for v in values]
    hidden = [v.data for v in net.a]
    messages = [[v.gradient for v in some] for some in (net.x, net.z)]
    return {
        "nodes": rounded_each([X, hidden, [net.p.data], [net.loss.data]]),
        "sums": rounded([z.data for z in (*net.z, net.score)]),
        "messages": rounded_each([*messages, [net.score.gradient], [1.0]]),
        "slopes": rounded(net.slopes),
        "how": _how(net, index),
        "curve": rounded(curve, 2),
        "reach": next(
            r for r in (1, 2, 4, 8, 16, 1000) if max(loss, net.loss.data) < 0.8 * r
        ),
        "tangent": rounded([[start + d, loss + slope * d] for d in (-AROUND, AROUND)]),
        "stepped": stepped,
        "step": [
            _n(net.loss.data - rate * sum(s * s for s in net.slopes)),
            _n(Network(stepped).loss.data),
        ],
        "told": _told(net, index, start, promised, theta[index]),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Each knob touched, and one step to each side; the rate; a few steps of training."""
    states: list[dict[str, Any]] = []
    for index, name in enumerate(NAMES):
        taken = {} if name == STATE["at"] else {"at": name, "start": THETA[index]}
        ways = (0.05, -0.05, 0.25, -0.25, -0.5, -1) if not taken else (0.05, -0.05, 0)
        for way in ways:
            turned = {"theta": _turned(THETA, index, round(THETA[index] + way, 2))}
            states.append(turned | taken if way else taken)
    states += [{"rate": rate} for rate in (0.01, 0.05, 0.09, 0.11, 0.12, 0.2, 0.3, 0.5)]
    theta = answer(**STATE)["stepped"]
    states.append({"theta": theta, "start": theta[3]})
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The graph of the first state."""
    facts = answer(**STATE)
    ax = figure.subplots()
    places = [[(0, 1), (0, -1)], [(1, 1), (1, -1)], [(2, 0)], [(3, 0)]]
    weights = iter([*THETA[:4], *THETA[6:8], None])
    slopes = iter([*facts["slopes"][:4], *facts["slopes"][6:8], None])
    center: dict[str, Any] = {"ha": "center", "va": "center"}
    for left, right in pairwise(places):
        for j, (x2, y2) in enumerate(right):
            for i, (x1, y1) in enumerate(left):
                ax.plot([x1, x2], [y1, y2], color=COLORS["weight"], zorder=1)
                share = 0.5 if len(right) == 1 or i == j else 0.3
                x, y = x1 + share * (x2 - x1), y1 + share * (y2 - y1)
                if (w := next(weights)) is not None:
                    ax.text(x, y + 0.12, _n(w), **center)
                    purple = {"color": COLORS["gradient"], **center}
                    ax.text(x, y - 0.14, _n(next(slopes)), **purple)
    for column, (spots, values) in enumerate(zip(places, facts["nodes"], strict=True)):
        for row, (x, y) in enumerate(spots):
            color = COLORS["activation" if column else "input"]
            ax.plot(x, y, "o", ms=30, mfc=COLORS["paper"], mec=color)
            ax.text(x, y, _n(values[row]), **center)
            message = ("", "dz ", "dz ", "")[column] + _n(
                facts["messages"][column][row]
            )
            ax.text(x, y - 0.42, message, color=COLORS["gradient"], **center)
    ax.set(xlim=(-0.3, 3.3), ylim=(-1.6, 1.4))
    ax.axis("off")
    return (
        "Two inputs, two hidden neurons, an output and a loss as circles with their values, "
        "joined by lines with their weights. In purple, below each weight and input stands "
        "the slope of the loss along it, and below each neuron that along its sum z."
    )


def _turned(theta: Any, index: int, value: float) -> list[float]:
    """The knobs with one of them elsewhere."""
    return [*theta[:index], float(value), *theta[index + 1 :]]


def _n(value: float) -> str:
    """A number as the picture writes it: JavaScript rounds the four digits it is handed."""
    cents = Decimal(rounded(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{cents or Decimal('0.00')}".replace("-", "−")


def _short(value: float) -> str:
    """A number in a line of arithmetic: 0.5."""
    return _n(value).rstrip("0").rstrip(".")


def _in(value: float) -> str:
    """The same, in brackets where it is negative."""
    text = _short(value)
    return f"({text})" if text[0] == "−" else text


def shown(name: str) -> str:
    """A knob's name with its indices below: w₁₁."""
    return name[0] + name[1:].translate(str.maketrans("12", "₁₂"))


def _how(net: Network, index: int) -> list[str]:
    """The arithmetic of a knob: its neuron's sum, its neuron's message, its own slope."""
    theta = [knob.data for knob in net.knobs]
    last = index > 5
    unit = index // 2 % 2 if index < 4 else index % 2
    weights, b = (
        (theta[6:8], theta[8]) if last else (theta[2 * unit :][:2], theta[4 + unit])
    )
    inputs = net.a if last else net.x
    neuron = net.score if last else net.z[unit]
    products = " + ".join(
        f"{_in(w)}·{_short(v.data)}" for w, v in zip(weights, inputs, strict=True)
    )
    message = _short(neuron.gradient)
    if last:
        back = f"p − y = {_short(net.p.data)} − 1 = {message}"
    else:
        back = f"{_short(net.score.gradient)} · weight {_short(theta[6 + unit])}"
        back += f" · ReLU {int(neuron.data > 0)} = {message}"
    times = 1.0 if index in (4, 5, 8) else inputs[index % 2].data
    return [
        f"{products} + {_in(b)} = {_short(neuron.data)}",
        back,
        f"input {_short(times)} · message {message} = {_short(net.slopes[index])}",
    ]


def _told(net: Network, index: int, start: float, promised: float, value: float) -> str:
    name, got, slope = shown(NAMES[index]), net.loss.data, net.slopes[index]
    if not isclose(value, start, abs_tol=1e-9):
        moved = f"You turned {name} from {_n(start)} to {_n(value)}."
        return f"{moved} Promised {_n(promised)}, got {_n(got)}."
    said = f"The loss is {_n(got)}, and its slope along {name} is {_n(slope)}"
    if rounded(slope, 2):
        return f"{said}: turn it {'down' if slope > 0 else 'up'}."
    if not rounded(net.score.gradient, 2):
        return f"{said}: the answer is right, and nothing pulls any more."
    if index in (6, 7):
        return f"{said}: it multiplies a zero."
    return f"{said}: its neuron is off, and the message ends there."
