"""Activations: values known by hand, slopes measured, nothing that overflows."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from neuralblog import activations
from neuralblog.activations import (
    ELU,
    GELU,
    Activation,
    LeakyReLU,
    ReLU,
    Sigmoid,
    SiLU,
    Softmax,
    Softplus,
    Tanh,
    elu,
    gelu,
    leaky_relu,
    relu,
    sigmoid,
    silu,
    softmax,
    softplus,
    step,
    tanh,
)
from neuralblog.gradients import check_gradients, numerical_gradient

AT_MINUS_A_TENTH = {  # value and slope at z = -0.1, by hand to four decimals
    step: (0, 0),
    sigmoid: (0.4750, 0.2494),
    tanh: (-0.0997, 0.9901),
    relu: (0, 0),
    leaky_relu: (-0.001, 0.01),
    elu: (-0.0952, 0.9048),
    softplus: (0.6444, 0.4750),
    gelu: (-0.0460, 0.4205),
    silu: (-0.0475, 0.4501),
}
FORMULAS = {  # as a textbook writes them
    step: lambda z: 1.0 if z > 0 else 0.0,
    sigmoid: lambda z: 1 / (1 + math.exp(-z)),
    tanh: lambda z: (math.exp(z) - math.exp(-z)) / (math.exp(z) + math.exp(-z)),
    relu: lambda z: z if z > 0 else 0.0,
    leaky_relu: lambda z: z if z > 0 else 0.01 * z,
    elu: lambda z: z if z > 0 else math.exp(z) - 1,
    softplus: lambda z: math.log(1 + math.exp(z)),
    gelu: lambda z: z * (1 + math.erf(z / math.sqrt(2))) / 2,
    silu: lambda z: z / (1 + math.exp(-z)),
}
ELEMENTWISE = list(FORMULAS)
LAYERS = {
    ReLU: relu,
    LeakyReLU: leaky_relu,
    Sigmoid: sigmoid,
    Tanh: tanh,
    ELU: elu,
    Softplus: softplus,
    GELU: gelu,
    SiLU: silu,
    Softmax: softmax,
}

away_from_kinks = st.floats(0.001, 20).flatmap(lambda z: st.sampled_from([z, -z]))
repeatable = settings(derandomize=True, max_examples=40, deadline=None)


def name(subject: object) -> str:
    return getattr(subject, "__name__", repr(subject))


def test_every_activation_of_the_module_is_tested_here():
    functions = {f for f in vars(activations).values() if isinstance(f, Activation)}
    assert functions == {*ELEMENTWISE, softmax} == {step, *LAYERS.values()}


@pytest.mark.parametrize("f", ELEMENTWISE, ids=name)
def test_the_neuron_of_the_post(f):
    value, slope = AT_MINUS_A_TENTH[f]
    assert f(-0.1) == pytest.approx(value, abs=5e-5)
    assert f.derivative(-0.1) == pytest.approx(slope, abs=5e-5)


@pytest.mark.parametrize("f", ELEMENTWISE, ids=name)
@repeatable
@given(z=st.floats(-30, 30))
def test_equals_the_textbook_formula(f, z):
    assert f(z) == pytest.approx(FORMULAS[f](z), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("f", ELEMENTWISE, ids=name)
@repeatable
@given(z=arrays(float, array_shapes(max_dims=4, max_side=3), elements=away_from_kinks))
def test_derivative_is_the_measured_slope(f, z):
    h = 1e-5
    measured = (f(z + h) - f(z - h)) / (2 * h)
    np.testing.assert_allclose(f.derivative(z), measured, rtol=0, atol=1e-8)


@pytest.mark.parametrize("f", [step, relu], ids=name)
def test_the_slope_on_the_kink_is_zero(f):
    assert f.derivative(0.0) == 0


def test_the_other_slopes_at_zero():
    slopes = [f.derivative(0.0) for f in (sigmoid, tanh, elu, softplus, gelu, silu)]
    np.testing.assert_allclose(slopes, [0.25, 1, 1, 0.5, 0.5, 0.5])
    assert leaky_relu.derivative(0.0) == 0.01


@pytest.mark.parametrize("f", ELEMENTWISE, ids=name)
def test_far_out_is_finite_and_right(f):
    low, high = f([-1000, 1000])
    expected = {step: (0, 1), sigmoid: (0, 1), tanh: (-1, 1), leaky_relu: (-10, 1000)}
    expected[elu] = (-1, 1000)
    assert (low, high) == expected.get(f, (0, 1000))
    flat_right = f in (step, sigmoid, tanh)
    left = 0.01 if f is leaky_relu else 0
    assert tuple(f.derivative([-1000, 1000])) == (left, 0 if flat_right else 1)


@pytest.mark.parametrize("f", [sigmoid, softplus, elu, gelu, silu], ids=name)
def test_the_left_tail_keeps_its_digits(f):
    z = -30.0  # 1 - (1 - e^z) would have lost all of them
    tail = {
        sigmoid: math.exp(z),
        softplus: math.exp(z),
        elu: math.expm1(z),
        gelu: z * math.erfc(30 / math.sqrt(2)) / 2,
        silu: z * math.exp(z),
    }
    assert f(z) == pytest.approx(tail[f], rel=1e-9, abs=0)


@pytest.mark.parametrize("f", [*ELEMENTWISE, softmax], ids=name)
def test_float32_stays_float32_and_order_and_argument_stay(f):
    rng = np.random.default_rng(0)
    z = rng.standard_normal((5, 4, 3, 2)).astype(np.float32).transpose(3, 1, 0, 2)
    before = z.copy()
    for result in f(z), f.derivative(z):
        assert result.dtype == np.float32
    assert f(z).strides == z.strides  # np.where or a copy would return C order
    np.testing.assert_array_equal(z, before)


@pytest.mark.parametrize("f", ELEMENTWISE, ids=name)
def test_derivative_keeps_the_memory_order(f):
    z = np.zeros((5, 4, 3, 2)).transpose(3, 1, 0, 2)
    assert f.derivative(z).strides == z.strides


@pytest.mark.parametrize("f", ELEMENTWISE, ids=name)
@pytest.mark.parametrize("z", [2, 2.0, [2], np.array([[2]]), np.zeros((0, 3))], ids=str)
def test_takes_numbers_lists_and_arrays(f, z):
    assert np.shape(f(z)) == np.shape(f.derivative(z)) == np.shape(z)
    assert f(z).dtype == f.derivative(z).dtype == np.float64


def test_an_activation_introduces_itself():
    assert repr(relu) == "<activation relu>"
    assert relu.__doc__ is not None and relu.__doc__.startswith("Pass what is positive")


def test_softmax_of_the_series():
    p = softmax([2, 1, 0.1])
    np.testing.assert_allclose(p, [0.65900, 0.24243, 0.09857], atol=5e-6)


@repeatable
@given(
    z=arrays(float, array_shapes(max_dims=3, max_side=5), elements=st.floats(-50, 50)),
    shift=st.floats(-900, 900),
)
def test_softmax_sums_to_one_and_ignores_a_shift(z, shift):
    p = softmax(z)
    np.testing.assert_allclose(p.sum(axis=-1), 1)
    np.testing.assert_allclose(softmax(z + shift), p, rtol=1e-10, atol=1e-12)


def test_softmax_far_out():
    np.testing.assert_array_equal(softmax([1000.0, -1000.0]), [1, 0])
    np.testing.assert_array_equal(softmax([-1000.0] * 4), [0.25] * 4)
    assert softmax(np.zeros((0, 3))).shape == (0, 3)


def test_softmax_derivative_is_a_matrix_per_row():
    z = np.random.default_rng(0).standard_normal((2, 4))
    slopes = softmax.derivative(z)
    assert slopes.shape == (2, 4, 4)
    np.testing.assert_allclose(slopes.sum(axis=-1), 0, atol=1e-15)
    for i in range(4):
        measured = numerical_gradient(lambda z, i=i: softmax(z)[1, i], z)
        np.testing.assert_allclose(slopes[1, i], measured[1], rtol=0, atol=1e-9)


@pytest.mark.parametrize("layer", LAYERS, ids=name)
@repeatable
@given(data=st.data())
def test_layer_is_its_function_and_passes_the_gradient_check(layer, data):
    shapes = array_shapes(min_dims=2, max_dims=4, max_side=3)
    x = data.draw(arrays(float, shapes, elements=away_from_kinks.map(lambda z: z / 5)))
    np.testing.assert_array_equal(layer().forward(x), LAYERS[layer](x))
    dy = np.random.default_rng(1).standard_normal(x.shape)
    subject = layer()
    subject.forward(x)
    dx = subject.backward(dy)
    measured = numerical_gradient(lambda x: np.vdot(LAYERS[layer](x), dy), x)
    np.testing.assert_allclose(dx, measured, rtol=0, atol=1e-8)


@pytest.mark.parametrize("layer", LAYERS, ids=name)
def test_check_gradients_agrees(layer):
    x = np.random.default_rng(0).standard_normal((4, 5))
    report = check_gradients(layer(), x, tolerance=1e-8)
    assert report.ok, str(report)


@pytest.mark.parametrize("layer", LAYERS, ids=name)
def test_layer_complains_in_one_line(layer):
    subject = layer()
    with pytest.raises(ValueError, match=rf"^{layer.__name__}\(\): backward came"):
        subject.backward(np.ones((2, 3)))
    subject.forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=rf"^{layer.__name__}\(\): dy "):
        subject.backward(np.ones((2, 1)))


@pytest.mark.parametrize("layer", LAYERS, ids=name)
def test_layer_keeps_float32_order_and_arguments(layer):
    rng = np.random.default_rng(0)
    x = rng.standard_normal((5, 4, 3, 2)).astype(np.float32).transpose(3, 1, 0, 2)
    dy, before = x + 1, x.copy()
    subject = layer()
    for result in subject.forward(x), subject.backward(dy):
        assert result.dtype == np.float32
        assert result.strides == x.strides
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(dy, before + 1)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("function", "values", "slopes"),
    [
        (silu, (0, np.inf), (0, 1)),
        (gelu, (0, np.inf), (0, 1)),
        (elu, (-1, np.inf), (0, 1)),
        (softplus, (0, np.inf), (0, 1)),
        (sigmoid, (0, 1), (0, 0)),
        (tanh, (-1, 1), (0, 0)),
        (relu, (0, np.inf), (0, 1)),
    ],
)
def test_limits_at_infinity(function, values, slopes, dtype) -> None:
    """And NaN stays NaN."""
    z = np.array([-np.inf, np.inf, np.nan], dtype)
    np.testing.assert_array_equal(function(z)[:2], values)
    assert function(z).dtype == dtype
    np.testing.assert_allclose(function.derivative(z)[:2], slopes, atol=1e-12)
    assert np.isnan(function(z)[2])
