"""The message: what is left of it is what a network of the library leaves."""

import numpy as np
import pytest

from neuralblog import (
    GELU,
    Dense,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Tanh,
)
from neuralblog_site.inpage.explorables import activations

KINDS = [Sigmoid, Tanh, ReLU, LeakyReLU, GELU]  # the step is no layer


@pytest.mark.parametrize("z", [-2.0, -0.1, 0.0, 0.7, 3.0])
@pytest.mark.parametrize("w", [0.5, 1.0, 2.0])
def test_ten_layers_of_the_library_leave_the_same(z: float, w: float) -> None:
    facts = activations.answer(z, w)
    for f, kind, sizes in zip(
        activations.FAMILY[1:], KINDS, facts["sizes"][1:], strict=True
    ):
        layers = []
        for _ in range(activations.LAYERS):
            dense = Dense(1, 1, rng=np.random.default_rng(0))
            dense.W[:], dense.b[:] = w, z - w * f(z)  # so that each stands at z
            layers += [dense, kind()]
        x = np.array([[float(f(z))]])
        for layer in layers:
            x = layer.forward(x)
        message = np.array([[1.0]])
        found = [1.0]
        for activation, dense in zip(layers[::-2], layers[-2::-2], strict=True):
            message = dense.backward(activation.backward(message))
            found.append(abs(float(message[0, 0])))
        np.testing.assert_allclose(sizes, np.minimum(found, 9), atol=6e-4)


def test_the_best_that_ten_sigmoids_can_do_is_the_post_s() -> None:
    facts = activations.answer(0.0, 1.0)
    assert facts["left"][1] == "0.00000095"
    assert facts["slopes"][1] == "0.25"


def test_the_sentence_says_who_lives() -> None:
    assert activations.answer(0.0, 4.0)["told"] == (
        "After ten layers it lives with sigmoid; fades with leaky ReLU; is gone "
        "with step and ReLU; explodes with tanh and GELU."
    )
    assert (
        "lives with tanh, ReLU and leaky ReLU" in activations.answer(0.1, 1.0)["told"]
    )


def test_the_tangent_touches_and_has_the_slope() -> None:
    for z in (-3.0, -0.1, 1.3):
        for f, ends in zip(
            activations.FAMILY, activations.answer(z, 1.0)["tangents"], strict=True
        ):
            (x1, y1), (x2, y2) = ends
            assert (x1 + x2) / 2 == pytest.approx(z, abs=2e-3)
            assert (y1 + y2) / 2 == pytest.approx(float(f(z)), abs=2e-3)
            slope = float(f.derivative(z))
            assert (y2 - y1) / (x2 - x1) == pytest.approx(slope, abs=2e-3)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1e-12, "almost 0"), (-0.25, "−0.25"), (1234.5, "1,234"), (1e7, "> 1,000,000")],
)  # fmt: skip
def test_numbers_without_exponents(value: float, text: str) -> None:
    assert activations._number(abs(value), value) == text
