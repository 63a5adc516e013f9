"""Value computes like a float, and its gradients are the slopes that one measures."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog import backpropagation
from neuralblog.backpropagation import Value
from neuralblog.gradients import numerical_gradient

FORMULAS = [
    lambda a, b: a + b + 2 + 3.0,
    lambda a, b: 1 + a * b * 2,
    lambda a, b: a - b - 1,
    lambda a, b: 1 - a * a,
    lambda a, b: -a / b + 2 / b,
    lambda a, b: 2 * a**3 + b**-0.5 + b**2,
    lambda a, b: a**0 + b,
    lambda a, b: exp(-a) / (1 + exp(b)),
    lambda a, b: log(b) * log(b + 1),
    lambda a, b: relu(a) * b + relu(-a),
    lambda a, b: b**a + 2**a,
    lambda a, b: tanh(a * b) * np.float64(2),
]


def exp(x):
    return x.exp() if isinstance(x, Value) else math.exp(x)


def log(x):
    return x.log() if isinstance(x, Value) else math.log(x)


def tanh(x):
    return x.tanh() if isinstance(x, Value) else math.tanh(x)


def relu(x):
    return x.relu() if isinstance(x, Value) else max(x, 0)


@pytest.mark.parametrize("formula", FORMULAS)
@settings(max_examples=10, derandomize=True, deadline=None)
@given(a=st.floats(0.1, 2), sign=st.sampled_from([-1, 1]), b=st.floats(0.1, 2))
def test_numbers_and_gradients(formula, a, sign, b):
    a *= sign
    inputs = Value(a), Value(b)
    y = formula(*inputs)
    y.backward()
    assert y.data == pytest.approx(formula(a, b), rel=1e-12)
    measured = numerical_gradient(lambda x: formula(*x), [a, b])
    gradients = [one.gradient for one in inputs]
    np.testing.assert_allclose(gradients, measured, rtol=1e-6, atol=1e-8)


def test_the_worked_example():
    """Two inputs, two hidden ReLUs, a sigmoid, and the loss -log p."""
    x = [Value(1.0), Value(2.0)]
    W1 = [[Value(0.5), Value(-0.25)], [Value(-0.5), Value(0.75)]]
    b1 = [Value(-0.25), Value(0.25)]
    W2, b2 = [Value(1.0), Value(-2.0)], Value(0.5)
    z1 = [w[0] * x[0] + w[1] * x[1] + b for w, b in zip(W1, b1, strict=True)]
    a1 = [z.relu() for z in z1]
    z2 = W2[0] * a1[0] + W2[1] * a1[1] + b2
    p = 1 / (1 + (-z2).exp())
    loss = -p.log()
    loss.backward()
    assert [z.data for z in z1] == [-0.25, 1.25]
    assert z2.data == -2
    assert p.data == pytest.approx(0.119203, abs=1e-6)
    assert loss.data == pytest.approx(2.126928, abs=1e-6)
    assert z2.gradient == pytest.approx(-0.880797, abs=1e-6)
    assert [w.gradient for w in W2] == pytest.approx([0, -1.100996], abs=1e-6)
    assert [z.gradient for z in z1] == pytest.approx([0, 1.761594], abs=1e-6)
    assert [w.gradient for w in W1[1]] == pytest.approx([1.761594, 3.523188], abs=1e-6)


def test_a_value_used_twice_gets_both_gradients():
    a = Value(3.0)
    b = a + a
    c = b + b
    c.backward()
    assert (c.data, b.gradient, a.gradient) == (12, 2, 4)


def test_backward_overwrites():
    a = Value(3.0)
    y = a * a
    y.backward()
    y.backward()
    assert a.gradient == 6
    (2 * y).backward()
    assert a.gradient == 12


def test_relu_at_zero_has_slope_zero():
    a = Value(0.0)
    a.relu().backward()
    assert a.gradient == 0


def test_the_order_is_topological_and_without_repetition():
    a, b = Value(1.0), Value(2.0)
    c = a * b
    d = c + a
    e = d * c
    order = e.graph()
    assert set(order) == {a, b, c, d, e}
    assert len(order) == 5
    for value in order:
        for one, _ in value.inputs:
            assert order.index(one) < order.index(value)


def test_a_chain_deeper_than_any_recursion():
    start = y = Value(1.0)
    for _ in range(20_000):
        y = y + 1
    y.backward()
    assert y.data == 20_001
    assert start.gradient == 1


def test_names_and_operations_for_the_drawing():
    a = Value(2.0, name="a")
    y = (a * 3).relu() ** 2
    assert a.name == "a"
    assert [v.operation for v in y.graph() if v.operation] == ["*", "relu", "**2"]
    assert repr(a) == "Value(2, gradient=0)"


def test_numbers_become_values_and_values_stay():
    value = Value(1.0)
    assert backpropagation.as_value(value) is value
    assert backpropagation.as_value(2).data == 2.0


@pytest.mark.parametrize(
    ("formula", "error", "message"),
    [
        (lambda: Value(0.0) ** -1, ZeroDivisionError, r"0\*\*-1 has no finite slope"),
        (lambda: 1 / Value(0.0), ZeroDivisionError, "0.* has no finite slope"),
        (lambda: Value(0.0) ** 0.5, ZeroDivisionError, "0.* has no finite slope"),
        (lambda: Value(-1.0).log(), ValueError, "log of -1, expected a number > 0"),
        (lambda: Value(-2.0) ** Value(2), ValueError, "log of -2, expected a number"),
        (lambda: Value(1000.0).exp(), OverflowError, r"exp\(1000\) is too large for a"),
        (lambda: Value("a"), TypeError, "got 'a', expected one number"),
        (
            lambda: Value(2) * np.ones((9, 9)),
            TypeError,
            "got array.*, expected one num",
        ),
        (lambda: np.ones(2) * Value(2), TypeError, "got array.*, expected one number"),
        (lambda: Value(2) + None, TypeError, "got None, expected one number"),
        (lambda: Value(-8) ** (1 / 3), TypeError, "got .*, expected one number"),
    ],
)
def test_what_floats_refuse_is_refused_in_our_words(formula, error, message):
    with pytest.raises(error, match=f"^Value: {message}") as refused:
        formula()
    assert "\n" not in str(refused.value)
