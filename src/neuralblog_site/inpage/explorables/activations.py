"""The message: one z for six functions, and what ten layers leave of a message."""

from typing import Any

import numpy as np

from neuralblog import gelu, leaky_relu, relu, sigmoid, step, tanh
from neuralblog.activations import Activation
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import Facts, listed, rounded

TITLE = "The message"
QUESTION = "At which z and w does a message survive ten layers?"
HEIGHT = 404
STILL = (5.6, 4.6)
STATE: dict[str, Any] = {"z": -0.1, "w": 1.0}
LIMITS: dict[str, Any] = {"z": (-4, 4, 0.1), "w": (0.1, 5, 0.1)}
FAMILY: tuple[Activation, ...] = (step, sigmoid, tanh, relu, leaky_relu, gelu)
NAMES = ("step", "sigmoid", "tanh", "ReLU", "leaky ReLU", "GELU")
LAYERS, RANGE = 10, (-4.0, 4.0)


def answer(z: float, w: float) -> Facts:
    """For each function: its value and slope at z, and the message after each layer."""
    messages = np.array([message(f, z, w) for f in FAMILY])
    return {
        "curves": [_curve(f) for f in FAMILY],
        "a": [rounded(f(z), 4) for f in FAMILY],
        "slopes": [_number(abs(slope), slope) for slope in _slopes(z)],
        "tangents": [_tangent(f, z) for f in FAMILY],
        "sizes": rounded(np.minimum(abs(messages), 9), 3),
        "left": [_number(abs(one), one) for one in messages[:, -1].tolist()],
        "fates": [_fate(one) for one in messages[:, -1].tolist()],
        "told": _told(messages[:, -1].tolist()),
    }


def message(f: Activation, z: float, w: float) -> list[float]:
    """The message, 1 at the end, after each layer on its way back: a weight times a slope.

    Each layer is one neuron, and every one of them stands at the same z.
    """
    passed = [1.0]
    for _ in range(LAYERS):
        passed.append(passed[-1] * w * float(f.derivative(z)))
    return passed


def table() -> dict[str, list[dict[str, Any]]]:
    """Each handle one step to each side, and a few coarse places."""
    far = (0.5, 1, 1.5, 2, 3, 4)
    near = [n / 10 for n in range(-4, 5) if n != -1]
    places = {
        "z": (*(-z for z in far), *near, *far),
        "w": (0.1, 0.5, 0.7, 0.9, 1.1, 1.3, 1.5, 2, 2.5, 3, 4, 5),
    }
    states = [{name: float(v)} for name, values in places.items() for v in values]
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The curves with their tangents, each beside what ten layers leave."""
    facts = answer(**STATE)
    axes = figure.subplots(3, 4).reshape(6, 2)
    for i, (curve, bars) in enumerate(axes):
        curve.plot(*np.transpose(facts["curves"][i]), color=COLORS["activation"])
        curve.plot(*np.transpose(facts["tangents"][i]), "--", color=COLORS["gradient"])
        curve.plot(STATE["z"], facts["a"][i], "o", color=COLORS["input"])
        curve.set(ylim=(-1.3, 3), title=NAMES[i])
        bars.bar(range(LAYERS + 1), facts["sizes"][i], color=COLORS["gradient"])
        bars.set(ylim=(0, 1.2), title=f"kept: {facts['left'][i]}")
        for ax in (curve, bars):
            ax.set(xticks=[], yticks=[])
            ax.title.set_fontsize(9)
    return (
        "Six activation functions, each with its tangent at z = -0.1, and beside it bars for "
        "a message that passes ten layers. With tanh the bars stay nearly as high as at the "
        "start. With sigmoid, leaky ReLU and GELU they shrink to nothing within a few "
        "layers. With step and ReLU there is nothing left after the first."
    )


def _slopes(z: float) -> list[float]:
    return [float(f.derivative(z)) for f in FAMILY]


def _curve(f: Activation) -> list[Any]:
    """The function as a line; the step jumps."""
    z = np.union1d(np.linspace(*RANGE, 33), [-0.001, 0.001])
    return list(rounded(np.transpose([z, f(z)]), 3))


def _tangent(f: Activation, z: float) -> list[Any]:
    """A piece of the straight line that the curve looks like at z."""
    a, slope = float(f(z)), float(f.derivative(z))
    far = 1.6 / np.hypot(1, slope)
    return list(rounded([[z - far, a - far * slope], [z + far, a + far * slope]], 3))


def _fate(left: float) -> str:
    if not left:
        return "gone"
    return "fades" if abs(left) < 0.1 else "lives" if abs(left) <= 10 else "explodes"


def _number(size: float, value: float) -> str:
    """Two digits that count, without an exponent."""
    sign = "−" if value < 0 else ""
    if 0 < size < 1e-7:
        return "almost 0"
    if size >= 1e6:
        return "> 1,000,000"
    if size >= 100:
        return f"{sign}{size:,.0f}"
    return sign + np.format_float_positional(size, 2, fractional=False, trim="-")


def _told(left: list[float]) -> str:
    fates = list(map(_fate, left))
    said = []
    for fate in sorted(set(fates), key=("lives", "fades", "gone", "explodes").index):
        who = [name for name, its in zip(NAMES, fates, strict=True) if its == fate]
        said.append(f"{'is ' * (fate == 'gone')}{fate} with {listed(who)}")
    return f"After ten layers it {'; '.join(said)}."
