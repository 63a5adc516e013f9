"""The leaky integrate-and-fire cell follows its formulas."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from neuralblog.spiking import (
    LeakyIntegrateAndFire,
    Recording,
    poisson_spikes,
    synaptic_current,
)

cell = LeakyIntegrateAndFire()


def generator(seed=0):
    return np.random.default_rng(seed)


def test_rates_by_formula():
    rates = cell.rate([0, -1, 1.5, 1.6, 2, 3, 4])
    np.testing.assert_allclose(rates, [0, 0, 0, 17.41, 33.64, 63.04, 87.72], atol=0.005)
    assert cell.rate(2.0).shape == ()
    assert cell.rate(np.float32(2.0)).dtype == np.float64


@pytest.mark.parametrize(
    ("current", "rate"), [(1.5, 0), (1.6, 17.41), (2, 33.65), (3, 63.05), (4, 87.72)]
)
def test_rates_by_simulation(current, rate):
    recording = cell.simulate(current, 2000)
    assert round(recording.rate, 2) == rate


@settings(max_examples=10, derandomize=True, deadline=None)
@given(
    current=st.floats(1.0, 6.0),
    tau=st.floats(5.0, 40.0),
    threshold=st.floats(5.0, 20.0),
    refractory=st.floats(0.0, 5.0),
)
def test_formula_and_simulation_agree(current, tau, threshold, refractory):
    other = LeakyIntegrateAndFire(tau=tau, threshold=threshold, refractory=refractory)
    assume(not 0 <= current - other.rheobase < 0.05)  # there, a spike takes forever
    recording = other.simulate(current, 1000, dt=0.02)
    if current < other.rheobase:
        assert other.rate(current) == recording.rate == recording.spikes.size == 0
    else:
        interval = 1000 / other.rate(current)
        rounding = 0.04 + 0.005 * interval  # spikes fall on steps of 0.02 ms
        assert 1000 / recording.rate == pytest.approx(interval, abs=rounding)


def test_below_threshold_the_voltage_rises_like_a_charging_capacitor():
    recording = cell.simulate(1.0, 100)
    expected = 10 * (1 - np.exp(-recording.time / 20))
    np.testing.assert_allclose(recording.voltage, expected, atol=0.01)
    assert recording.spikes.size == 0
    assert recording.rate == 0


def test_a_spike_resets_and_then_the_cell_rests():
    recording = cell.simulate(3.0, 50)
    first = np.searchsorted(recording.time, recording.spikes[0])
    assert recording.voltage[first - 1] > 14.9
    assert (recording.voltage[first : first + 201] == 0).all()
    assert recording.voltage[first + 201] > 0
    assert recording.voltage.max() < cell.threshold


def test_the_rheobase_is_the_edge():
    assert cell.rheobase == 1.5
    assert cell.rate(cell.rheobase) == 0
    assert cell.rate(cell.rheobase + 1e-6) > 0


def test_a_current_that_changes():
    current = np.repeat([0.0, 3.0, 0.0], 5000)
    spikes = cell.simulate(current, 150).spikes
    assert len(spikes) == 3
    assert spikes.min() > 50
    assert spikes.max() < 100


def test_noise_softens_the_threshold_and_repeats():
    silent = cell.simulate(1.4, 1000)
    noisy = cell.simulate(1.4, 1000, noise=2.0, rng=generator())
    again = cell.simulate(1.4, 1000, noise=2.0, rng=generator())
    assert silent.spikes.size == 0 < noisy.spikes.size
    np.testing.assert_array_equal(noisy.voltage, again.voltage)


def test_noise_is_the_wandering_of_a_cell_that_never_fires():
    deaf = LeakyIntegrateAndFire(threshold=1000.0)
    voltage = deaf.simulate(0, 20_000, noise=3.0, rng=generator(), dt=0.1).voltage
    assert voltage.std() == pytest.approx(3.0, rel=0.1)


def test_excitation_and_inhibition_pull_against_each_other():
    excitatory = poisson_spikes(1000, 500, rng=generator())
    inhibitory = poisson_spikes(600, 500, rng=generator(1))
    excited = synaptic_current(excitatory, [], 500)
    both = synaptic_current(excitatory, inhibitory, 500)
    rates = [cell.simulate(current, 500).rate for current in (excited, both)]
    assert rates[0] > rates[1]
    assert excited.mean() == pytest.approx(0.5 * 5 * len(excitatory) / 500, rel=0.02)


def test_a_synaptic_current_jumps_and_fades():
    current = synaptic_current([1.0], [3.0], 10, dt=0.5)
    assert current.shape == (20,)
    assert current[1] == 0
    assert current[2] == 0.5
    assert current[4] == pytest.approx(0.5 * np.exp(-1 / 5))
    assert current[6] == pytest.approx(0.5 * np.exp(-2 / 5) - 0.5)


def test_poisson_spikes_have_their_rate():
    spikes = poisson_spikes(50, 100_000, rng=generator())
    assert len(spikes) == pytest.approx(5000, rel=0.05)
    assert (np.diff(spikes) >= 0).all()
    assert np.diff(spikes).std() == pytest.approx(20, rel=0.05)  # as long as the mean


def test_a_rate_needs_two_spikes():
    one = np.array([5.0])
    assert Recording(one, one, one).rate == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LeakyIntegrateAndFire(tau=0), "tau=0.*expected positive"),
        (lambda: LeakyIntegrateAndFire(refractory=-1), "refractory=-1"),
        (lambda: cell.simulate(np.ones(3), 1), r"shape \(3,\), expected \(100,\)"),
        (lambda: cell.simulate(1.0, 100, dt=5.0), "dt is 5.0 ms, expected up to 2"),
        (lambda: cell.simulate(1.0, 100, noise=1.0), "noise needs a generator"),
        (lambda: synaptic_current([101.0], [], 100), "outside of 0 to 100 ms"),
        (lambda: synaptic_current([], [-1.0], 100), "outside of 0 to 100 ms"),
    ],
)
def test_errors(call, message):
    with pytest.raises(ValueError, match=message) as error:
        call()
    assert "\n" not in str(error.value)
