"""Initializers: the promised spread, whatever the shape of the weights."""

import numpy as np
import pytest

from neuralblog.initializers import glorot, he


@pytest.mark.parametrize("shape", [(300, 200), (60, 20, 5, 5)])
def test_he_has_variance_two_over_inputs(shape: tuple[int, ...]) -> None:
    W = he(shape, np.random.default_rng(0))
    assert W.shape == shape
    n_inputs = W[0].size
    assert abs(W.mean()) < 0.01
    assert W.var() == pytest.approx(2 / n_inputs, rel=0.02)


@pytest.mark.parametrize(("shape", "n"), [((300, 200), 500), ((60, 20, 5, 5), 2000)])
def test_glorot_has_variance_two_over_all(shape: tuple[int, ...], n: int) -> None:
    W = glorot(shape, np.random.default_rng(0))
    assert W.shape == shape
    assert W.var() == pytest.approx(2 / n, rel=0.02)
    assert np.abs(W).max() <= np.sqrt(6 / n)


def test_the_same_seed_gives_the_same_weights() -> None:
    for initializer in (he, glorot):
        one, other = (initializer((3, 2), np.random.default_rng(7)) for _ in range(2))
        np.testing.assert_array_equal(one, other)


def test_ten_relu_layers_keep_the_size_of_the_signal() -> None:
    rng = np.random.default_rng(0)
    a = rng.standard_normal((256, 256))
    for _ in range(10):
        a = np.maximum(a @ he((256, 256), rng).T, 0)
    assert 0.5 < a.std() < 1.6  # 0.8256 in the mean, see He et al. (2015)
