"""The cell: a current goes in, spikes come out, and a curve says how many."""

from functools import cache
from typing import Any

import numpy as np

from neuralblog import LeakyIntegrateAndFire
from neuralblog.colors import COLORS
from neuralblog.spiking import Recording
from neuralblog_site.inpage.explorables.common import Facts, rounded

TITLE = "The cell"
QUESTION = "How little current still makes the cell fire, and can it fire on less?"
HEIGHT = 418
STILL = (5.6, 2.6)
STATE: dict[str, Any] = {"current": 2.0, "pull": 0.0, "noise": 0.0, "refractory": 2.0}
LIMITS: dict[str, Any] = {
    "current": (0, 4, 0.1),  # nA, pushed in
    "pull": (0, 1.5, 0.1),  # nA, taken out
    "noise": (0, 5, 0.5),  # mV
    "refractory": (0, 20, 1),  # ms
}
SHOWN, COUNTED, DT = 200, 2000, 0.1  # ms that are drawn; that are counted; of a step
TOP = 40  # mV: how high a spike is drawn


def answer(current: float, pull: float, noise: float, refractory: float) -> Facts:
    """What the cell does, and what it would do at every other current."""
    net, kind = round(current - pull, 6), (noise, refractory)
    return {
        "rate": rounded(_rate(net, *kind), 1),
        "trace": _trace(_recorded(net, *kind, SHOWN), noise),
        "spikes": rounded(_recorded(net, *kind, SHOWN).spikes, 1),
        "curve": _curve(pull, *kind),
        "plain": _curve(0.0, 0.0, STATE["refractory"]),
        "told": _told(current, pull, noise, refractory),
    }


def table() -> dict[str, list[dict[str, Any]]]:
    """Each handle one step to each side, and a few coarse places."""
    places = {
        "current": (0, 1, 1.4, 1.5, 1.6, 1.8, 1.9, 2.1, 2.5, 3, 4),
        "pull": (0.1, 0.4, 0.6, 1.5),
        "noise": (0.5, 2, 5),
        "refractory": (0, 1, 3, 10, 20),
    }
    states = [{name: float(v)} for name, values in places.items() for v in values]
    return {"answer": [{}, *states]}


def still(figure: Any) -> str:
    """The voltage of the cell, and its f-I curve with a point on it."""
    facts, green = answer(**STATE), COLORS["activation"]
    voltage, curve = figure.subplots(1, 2, width_ratios=(4, 3))
    voltage.plot(*np.transpose(facts["trace"]), color=green)
    voltage.vlines(facts["spikes"], 15, TOP, color=green)
    voltage.axhline(15, color=COLORS["muted"], linewidth=1, linestyle=":")
    voltage.set(xlabel="time (ms)", ylabel="mV above rest", yticks=[0, 15])
    curve.plot(*np.transpose(facts["curve"]), color=green)
    curve.plot(STATE["current"], facts["rate"], "o", color=COLORS["input"])
    curve.set(xlabel="current (nA)", ylabel="spikes per second", xticks=range(5))
    return (
        "Left, the voltage of a cell during 200 milliseconds: it climbs to the threshold at "
        "15 millivolts, fires and starts again from zero, six times. Right, how often the "
        "cell fires at each current: never up to 1.5 nanoamperes, then ever more often; a "
        "point marks 34 spikes per second at 2 nanoamperes."
    )


@cache
def _recorded(net: float, noise: float, refractory: float, duration: int) -> Recording:
    cell, rng = LeakyIntegrateAndFire(refractory=refractory), np.random.default_rng(16)
    return cell.simulate(net, duration, noise=noise, rng=rng, dt=DT)


def _rate(net: float, noise: float, refractory: float) -> float:
    """Spikes per second: by formula, or counted where there is noise."""
    if noise:
        return _recorded(net, noise, refractory, COUNTED).rate
    return float(LeakyIntegrateAndFire(refractory=refractory).rate(net))


def _curve(pull: float, noise: float, refractory: float) -> list[list[float]]:
    """The rate at every current: [nA, Hz]. Without noise, with more points at its corner."""
    currents = np.linspace(0, 4, 21)
    if not noise:
        corner = LeakyIntegrateAndFire().rheobase + pull
        near = corner + np.array([0, 0.002, 0.01, 0.03, 0.06, 0.1, 0.3])
        currents = np.union1d(currents, np.round(near[near < 4], 6))
    rates = [_rate(round(at - pull, 6), noise, refractory) for at in currents.tolist()]
    return [
        [rounded(at, 3), rounded(f, 1)] for at, f in zip(currents, rates, strict=True)
    ]


def _trace(seen: Recording, noise: float) -> list[list[float]]:
    """The voltage as a line: [ms, mV]; it climbs to the threshold before each reset."""
    every, points = 10 if noise else 40, [(0.0, 0.0)]
    threshold, fired = LeakyIntegrateAndFire().threshold, set(seen.spikes.tolist())
    steps = list(zip(seen.time.tolist(), seen.voltage.tolist(), strict=True))
    for i, (t, v) in enumerate(steps, 1):
        if t in fired:
            points += [(t, threshold), (t, 0.0)]
        elif i % every == 0 or (v == 0 and i < len(steps) and steps[i][1] != 0):
            points.append((t, v))  # at the latest where a rest ends
    return [rounded(point, 1) for point in points]


def _told(current: float, pull: float, noise: float, refractory: float) -> str:
    net = round(current - pull, 6)
    rate = _rate(net, noise, refractory)
    about = "about " if noise else ""  # counted in one run
    fires = f"The cell fires {about}{_times(rate)} a second"
    quiet = _rate(net, 0.0, refractory)
    need = f"{LeakyIntegrateAndFire().rheobase} nA"
    gets = f"{current:.1f} nA"
    if pull:
        gets = f"{current:.1f} − {pull:.1f} = {net:.1f} nA".replace("-", "−")
    if not rate:
        return f"The cell is silent. It needs more than {need}, and gets {gets}."
    if not quiet:
        return f"{fires}. That is the noise: without it, the cell would be silent."
    if pull:
        free = _rate(current, noise, refractory)
        return f"{fires} on {gets}; without the pull, {about}{free:.0f}."
    if refractory > STATE["refractory"]:
        most = 1000 / refractory
        return f"{fires}. Even the strongest current cannot get it beyond {most:.0f}."
    return f"{fires}."


def _times(rate: float) -> str:
    count = f"{rate:.0f}"
    return "once" if count == "1" else f"{count} times"
