"""A nerve cell, as simple as it can be and still fire: leaky integrate-and-fire.

Charge flows in and leaks away; where enough comes together the cell fires, resets and
rests. Milliseconds, nanoamperes, megaohms and millivolts above rest go together here.
Left out: the shape of a spike, dendrites, and everything that makes real cells differ.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.arrays import check_generator, check_number, check_shape, floats

__all__ = ["LeakyIntegrateAndFire", "Recording", "poisson_spikes", "synaptic_current"]

Array = NDArray[np.float64]
DT = 0.01  # ms; small enough for rates up to 5 nA to be right to a tenth of a hertz


class Recording(NamedTuple):
    """What an electrode in the cell would see.

    `time` (ms) and `voltage` (mV above rest) have one value a step; `spikes` holds the
    times (ms) at which the cell fired.

    Examples:
        >>> recording = LeakyIntegrateAndFire().simulate(2.0, 100)
        >>> recording.spikes.round(1), round(recording.rate, 1)
        (array([27.7, 57.4, 87.2]), 33.6)
    """

    time: Array
    voltage: Array
    spikes: Array

    @property
    def rate(self) -> float:
        """Spikes per second (Hz), by the mean time between two; 0 for fewer spikes."""
        if len(self.spikes) < 2:
            return 0.0
        return float(1000 * (len(self.spikes) - 1) / (self.spikes[-1] - self.spikes[0]))


@dataclass(kw_only=True)
class LeakyIntegrateAndFire:
    """A leaky bucket of charge that fires when full: tau dv/dt = R I - v.

    `tau` (ms) is how slowly charge leaks away, `R` (megaohms) how far a current lifts
    the voltage, `threshold` (mV above rest) where it fires; then it stays at rest for
    the `refractory` time (ms).
    Source: Lapicque (1907); Brunel and van Rossum (2007).

    Examples:
        >>> cell = LeakyIntegrateAndFire()
        >>> cell.rheobase, cell.rate([1.0, 2.0, 5.0]).round(1)
        (1.5, array([  0. ,  33.6, 109.5]))
    """

    tau: float = 20.0
    R: float = 10.0
    threshold: float = 15.0
    refractory: float = 2.0

    def __post_init__(self) -> None:
        if min(self.tau, self.R, self.threshold) <= 0 or self.refractory < 0:
            raise ValueError(f"{self}: expected positive numbers")

    @property
    def rheobase(self) -> float:
        """The current (nA) that just fails to make the cell fire."""
        return self.threshold / self.R

    def rate(self, current: ArrayLike) -> Array:
        """Return the firing rate (Hz) for a steady current (nA), by formula.

        1 / (refractory + tau ln(R I / (R I - threshold))), and 0 up to the rheobase;
        any shape -> the same shape.
        """
        drive = self.R * np.asarray(current, dtype=np.float64)
        fires = drive > self.threshold
        drive = np.where(fires, drive, 2 * self.threshold)  # keeps the logarithm real
        interval = self.refractory - self.tau * np.log1p(-self.threshold / drive)
        return np.where(fires, 1000 / interval, 0.0)

    def simulate(
        self,
        current: ArrayLike,
        duration: float,
        *,
        noise: float = 0.0,
        rng: np.random.Generator | None = None,
        dt: float = DT,
    ) -> Recording:
        """Let time pass, from rest, in steps of dt (ms), and record what happens.

        `current` (nA) is one number or one for each step of the `duration` (ms).
        `noise` (mV) is how far the voltage of a cell that never fires would wander.
        Raises: ValueError for a current of another length, a dt that is not well
        below tau, and for noise without a generator.
        """
        n_steps, leak = round(duration / dt), dt / self.tau
        current = floats(self, "current", current, dtype=np.float64)
        if current.ndim:  # else one number
            check_shape("LeakyIntegrateAndFire", "current", current, (n_steps,))
        if not 0 < leak <= 0.1:
            raise ValueError(f"{self}: dt is {dt} ms, expected up to {self.tau / 10}")
        inflow = np.broadcast_to(leak * self.R * current, n_steps)
        if noise:
            if rng is None:
                raise ValueError("LeakyIntegrateAndFire: noise needs a generator, rng")
            check_generator("LeakyIntegrateAndFire", rng)
            inflow = inflow + noise * math.sqrt(2 * leak) * rng.standard_normal(n_steps)
        rest = round(self.refractory / dt)
        voltage, fired = integrate(inflow.tolist(), leak, self.threshold, rest)
        time: Array = dt * np.arange(1, n_steps + 1, dtype=np.float64)
        return Recording(time, np.array(voltage), time[fired])


def integrate(
    inflow: Sequence[float], leak: float, threshold: float, rest: int
) -> tuple[list[float], list[int]]:
    """Add what flows in and take off what leaks, a share of v, step by step (Euler).

    Returns v (mV) after each step, and the steps that fired; `rest` steps follow each.
    """
    v, asleep, voltage, fired = 0.0, 0, [], []
    for i, mV in enumerate(inflow):
        if asleep:
            asleep -= 1
        else:
            v += mV - leak * v
        if v >= threshold:
            v, asleep = 0.0, rest
            fired.append(i)
        voltage.append(v)
    return voltage, fired


def poisson_spikes(rate: float, duration: float, *, rng: np.random.Generator) -> Array:
    """Return random spike times (ms), sorted, at `rate` (Hz) on average.

    Each moment is as likely as any other, whatever came before.

    Examples:
        >>> poisson_spikes(50, 100, rng=np.random.default_rng(0)).round(1)
        array([60.7, 81.3, 91.3])
    """
    check_generator("poisson_spikes", rng)
    check_number("poisson_spikes", at_least=0, rate=rate, duration=duration)
    count = rng.poisson(rate * duration / 1000)
    return np.sort(rng.uniform(0, duration, count))


def synaptic_current(
    excitatory: ArrayLike,
    inhibitory: ArrayLike,
    duration: float,
    *,
    peak: float = 0.5,
    decay: float = 5.0,
    dt: float = DT,
) -> Array:
    """Turn arriving spikes into the current (nA) that they drive, one value a step.

    Each spike (a time in ms) lifts the current by `peak` (nA) at once, or lowers it if
    it is inhibitory; the effect fades with the time constant `decay` (ms). Feed the
    result to `LeakyIntegrateAndFire.simulate`, which has the same steps.
    Raises: ValueError for a spike outside of the duration.

    Examples:
        >>> synaptic_current([1.0], [3.0], 5, dt=1.0).round(3)
        array([ 0.   ,  0.5  ,  0.409, -0.165, -0.135])
    """
    n_steps = round(duration / dt)
    current = np.zeros(n_steps)
    for spikes, sign in ((excitatory, 1), (inhibitory, -1)):
        steps = np.floor(np.asarray(spikes, dtype=np.float64) / dt).astype(np.int64)
        if np.any((steps < 0) | (steps >= n_steps)):
            expected = f"0 to {duration} ms"
            raise ValueError(f"synaptic_current: a spike lies outside of {expected}")
        np.add.at(current, steps, sign * peak)
    flowing, _ = integrate(current.tolist(), 1 - math.exp(-dt / decay), math.inf, 0)
    return np.array(flowing)
