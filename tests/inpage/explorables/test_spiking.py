"""The cell: the facts are those of the library's neuron."""

import numpy as np
import pytest

from neuralblog import LeakyIntegrateAndFire
from neuralblog_site.inpage.explorables import spiking


def answer(**changes: float) -> dict[str, object]:
    return spiking.answer(**{**spiking.STATE, **changes})


@pytest.mark.parametrize(("current", "count"), [(1.4, 0), (1.6, 3), (3.0, 12)])
def test_it_fires_as_often_as_in_the_post_s_first_picture(
    current: float, count: int
) -> None:
    assert len(answer(current=current)["spikes"]) == count  # type: ignore[arg-type]


@pytest.mark.parametrize("pull", [0.0, 0.4, 1.5])
@pytest.mark.parametrize("refractory", [0.0, 2.0, 20.0])
def test_without_noise_the_curve_is_the_formula(pull: float, refractory: float) -> None:
    facts = answer(pull=pull, refractory=refractory)
    current, rate = np.transpose(facts["curve"])  # type: ignore[call-overload]
    exact = LeakyIntegrateAndFire(refractory=refractory).rate(
        np.round(current - pull, 6)
    )
    np.testing.assert_allclose(rate, exact, atol=0.05 + 1e-9)
    assert (np.diff(rate) >= 0).all()


def test_a_pull_is_a_weaker_current() -> None:
    pulled, weaker = answer(current=2.4, pull=0.4), answer(current=2.0)
    for name in "rate", "trace", "spikes":
        assert pulled[name] == weaker[name]
    assert pulled["told"] == (
        "The cell fires 34 times a second on 2.4 − 0.4 = 2.0 nA; without the pull, 46."
    )


def test_noise_makes_a_silent_cell_fire() -> None:
    quiet, noisy = answer(current=1.4), answer(current=1.4, noise=3.0)
    assert quiet["rate"] == 0
    assert "It needs more than 1.5 nA, and gets 1.4 nA." in str(quiet["told"])
    cell = LeakyIntegrateAndFire()
    seen = cell.simulate(1.4, 4000, noise=3, rng=np.random.default_rng(0), dt=0.1)
    assert abs(noisy["rate"] - seen.rate) < 3  # type: ignore[operator]
    assert "without it, the cell would be silent" in str(noisy["told"])
    assert str(noisy["told"]).startswith("The cell fires about ")


@pytest.mark.parametrize("noise", [0.0, 3.0])
def test_the_trace_climbs_to_the_threshold_at_each_spike(noise: float) -> None:
    facts = answer(current=3.0, noise=noise)
    trace: list[list[float]] = facts["trace"]  # type: ignore[assignment]
    assert [t for t, v in trace if v == 15] == facts["spikes"]
    times = [t for t, _ in trace]
    assert times == sorted(times)
    assert times[-1] == spiking.SHOWN


def test_after_a_spike_the_cell_rests_as_long_as_it_should() -> None:
    facts = answer(refractory=20.0)
    trace: list[list[float]] = facts["trace"]  # type: ignore[assignment]
    first = facts["spikes"][0]  # type: ignore[index]
    rest = [t for t, v in trace if v == 0 and first <= t < first + 25]
    assert rest[-1] - rest[0] == pytest.approx(20)
    assert "cannot get it beyond 50." in str(facts["told"])
