"""The checker has to find every planted mistake, and only mistakes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.activations import (
    GELU,
    LeakyReLU,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
    leaky_relu,
    relu,
    sigmoid,
    silu,
    softmax,
    step,
    tanh,
)
from neuralblog.convolution import Conv2D
from neuralblog.gradients import check_descent, check_gradients, numerical_gradient
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.losses import (
    BinaryCrossEntropy,
    Hinge,
    MeanSquaredError,
    SoftmaxCrossEntropy,
)
from neuralblog.network import Sequential, named_arrays
from neuralblog.optimizers import SGD, Adam
from neuralblog.pooling import AveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm, Dropout


def generator(seed=0):
    return np.random.default_rng(seed)


def digit_classifier(activation=ReLU, pool=MaxPool2D):
    rng = generator()
    return Sequential(
        Conv2D(1, 2, 3, padding=1, rng=rng),
        activation(),
        pool(2),
        Flatten(),
        Dense(18, 3, rng=rng),
    )


# numerical_gradient


def test_slope_of_a_power():
    slope = numerical_gradient(lambda w: w**4, 0.6)
    assert slope == pytest.approx(4 * 0.6**3, rel=1e-9)


def test_slope_of_every_element_and_nothing_is_changed():
    x = generator().standard_normal((2, 3))
    before = x.copy()
    slopes = numerical_gradient(lambda x: np.sum(x**2 * [1, 2, 3]), x)
    np.testing.assert_allclose(slopes, 2 * x * [1, 2, 3], rtol=1e-8)
    np.testing.assert_array_equal(x, before)


def test_error_against_step_is_a_v():
    exact = 4 * 0.6**3
    errors = [
        abs(numerical_gradient(lambda w: w**4, 0.6, h) - exact) / exact
        for h in (1e-1, 1e-3, 1e-6, 1e-12)
    ]
    assert errors[0] == pytest.approx(2.7e-2, rel=0.05)
    assert errors[1] == pytest.approx(2.8e-6, rel=0.05)
    assert errors[2] < 1e-9
    assert errors[3] > 1e-6


# check_gradients: what is right passes


@settings(max_examples=20, derandomize=True, deadline=None)
@given(
    n=st.integers(1, 4),
    sizes=st.tuples(st.integers(1, 4), st.integers(1, 4)),
    seed=st.integers(0, 99),
)
def test_a_right_layer_passes(n, sizes, seed):
    layer = Dense(*sizes, rng=generator(seed))
    report = check_gradients(layer, generator(seed).standard_normal((n, sizes[0])))
    assert report.ok
    assert report.worst < 1e-8
    assert set(report.errors) == {"x", "W", "b"}
    assert str(report) == "gradients agree within 1e-06: x, W, b"


@pytest.mark.parametrize("activation", [sigmoid, tanh, softmax])
def test_a_right_activation_passes(activation):
    report = check_gradients(activation, generator().standard_normal((3, 4)))
    assert report.ok
    assert report.worst < 1e-8


def test_a_right_loss_passes():
    scores = generator().standard_normal((4, 3))
    report = check_gradients(SoftmaxCrossEntropy(), scores, np.array([0, 2, 1, 1]))
    assert report.ok
    assert report.worst < 1e-8


@pytest.mark.parametrize("training", [False, True])
def test_a_whole_network_passes_with_its_dropout_and_zero_gradients(training):
    rng = generator()
    network = Sequential(
        Dense(5, 8, rng=rng),  # its b has a gradient of zero: BatchNorm undoes it
        BatchNorm(8),
        ReLU(),
        Dropout(0.3, rng=rng),
        Dense(8, 3, rng=rng),
        Softmax(),
    )
    x, target = rng.standard_normal((6, 5)), rng.random((6, 3))
    report = check_gradients(
        network, x, target, loss=MeanSquaredError(), training=training
    )
    assert report.ok, report
    zero = " (too small to judge: layer 0 Dense(5, 8).b)" if training else ""
    n = 6 if training else 7
    assert str(report) == f"gradients agree within 1e-06: {n} arrays{zero}"
    assert check_gradients(network, x, training=training).ok


class Witness(ReLU):
    """Remembers whether it was training at each pass."""

    seen = []

    def forward(self, x):
        self.seen.append(self.training)
        return super().forward(x)


@pytest.mark.parametrize("options", [{}, {"training": False}, {"training": True}])
def test_a_layer_trains_only_where_told(options):
    Witness.seen.clear()
    assert check_gradients(Witness(), generator().random((2, 3)), **options).ok
    assert set(Witness.seen) == {options.get("training", False)}


def test_what_drowns_in_the_rounding_of_a_large_loss_is_not_judged():
    class Far(MeanSquaredError):
        def __call__(self, prediction, target):
            return 1e8 + super().__call__(prediction, target)

    x = generator().standard_normal((4, 3))
    report = check_gradients(Far(), x, np.zeros_like(x))
    assert not report.ok
    assert str(report) == "nothing to compare (too small to judge: x)"


def test_the_subject_is_left_as_it_was_found():
    network = Sequential(
        Dense(4, 4, rng=generator()), BatchNorm(4), Dropout(0.5, rng=generator(1))
    )
    x = generator(2).standard_normal((6, 4))
    given_x = x.copy()
    network.backward(network.forward(x, training=True))
    chance = generator(1)
    chance.random(x.shape)
    before = {name: a.copy() for name, a in named_arrays(network.layers)}
    gradients = network.gradients.copy()
    check_gradients(network, x, training=True)
    np.testing.assert_array_equal(x, given_x)
    np.testing.assert_array_equal(network.gradients, gradients)
    for name, array in named_arrays(network.layers):
        np.testing.assert_array_equal(array, before[name])
    assert not network.layers[2].training
    assert network.layers[2].rng.random() == chance.random()


def test_a_subject_that_fails_is_left_as_it_was_found():
    layer = Dense(2, 2, rng=generator())
    attributes = dict(vars(layer))
    with pytest.raises(ValueError, match=r"x has shape \(1, 3\)"):
        check_gradients(layer, np.ones((1, 3)))
    assert vars(layer) == attributes


# check_gradients: what is wrong is found, and placed


class TwiceTooLarge(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.dW *= 2
        return dx


class OneElementOff(Dense):
    def backward(self, dy):
        dx = super().backward(dy)
        self.dW[1, 2] += 0.1
        return dx


class FromTheActivatedValue(ReLU):
    def backward(self, dy):
        (x,) = self.recall()
        return dy * (np.maximum(x, 0) >= 0)


class AllTiedMaximaGetEverything(MaxPool2D):
    def backward(self, dy):
        x, K = self.image, self.image.shape[2] // dy.shape[2]
        y = x.reshape(*x.shape[:2], x.shape[2] // K, K, x.shape[3] // K, K)
        tied = y == y.max(axis=(3, 5), keepdims=True)
        return (tied * dy[:, :, :, None, :, None]).reshape(x.shape)

    def forward(self, x):
        self.image = x
        return super().forward(x)


def test_a_factor_of_two_is_a_relative_error_of_a_third():
    report = check_gradients(TwiceTooLarge(3, 2, rng=generator()), np.ones((4, 3)))
    assert not report.ok
    assert report.errors["W"] == pytest.approx(1 / 3)
    assert report.errors["b"] < 1e-8
    assert str(report).startswith("gradients differ by 0.33, most at W[")


def test_the_worst_element_is_named():
    wrong = OneElementOff(3, 2, rng=generator())
    assert check_gradients(wrong, np.ones((4, 3))).where == "W[1, 2]"
    network = Sequential(ReLU(), wrong)
    where = check_gradients(network, np.ones((4, 3))).where
    assert where == "layer 1 Dense(3, 2).W[1, 2]"


def test_of_equally_wrong_arrays_the_first_is_named():
    class Broken(Dense):
        def backward(self, dy):
            dx = super().backward(dy)
            self.dW[...] = self.db[...] = np.nan
            return dx

    report = check_gradients(Broken(3, 2, rng=generator()), np.ones((4, 3)))
    assert report.where == "W[0, 0]"


def test_a_wrong_relu_derivative_is_found():
    x = generator().standard_normal((4, 5))
    assert not check_gradients(FromTheActivatedValue(), x).ok


def test_a_wrong_activation_is_found():
    class Wrong:
        def __call__(self, z):
            return np.tanh(z)

        def derivative(self, z):
            return 1 - np.tanh(z) + 0 * z

    assert not check_gradients(Wrong(), np.array([0.5, 1.0])).ok


def test_nan_is_wrong():
    class Broken(MeanSquaredError):
        def gradient(self, prediction, target):
            return np.full(prediction.shape, np.nan)

    report = check_gradients(Broken(), np.ones(2), np.zeros(2))
    assert not report.ok
    assert report.worst == np.inf


def test_a_gradient_of_another_shape_is_refused():
    class Broken(MeanSquaredError):
        def gradient(self, prediction, target):
            return np.zeros(3)

    message = r"^check_gradients: the gradient of x has shape \(3,\), expected \(2,\)$"
    with pytest.raises(ValueError, match=message):
        check_gradients(Broken(), np.ones(2), np.zeros(2))


# check_gradients: kinks and ties


def test_a_kink_is_no_mistake_and_is_counted():
    report = check_gradients(relu, [0.0, 3.0, -1.0])
    assert report.ok
    assert (report.kinks, report.compared) == (1, 2)
    assert str(report).endswith("x (1 on a kink, left out)")


def test_a_kink_nearby_is_measured_with_a_smaller_step():
    report = check_gradients(relu, [4e-6, -4e-6, 1.0])
    assert report.ok
    assert (report.kinks, report.compared) == (0, 3)


def test_a_jump_is_a_kink():
    assert check_gradients(step, [0.0, 1.0]).kinks == 1


def test_nothing_but_kinks_is_not_ok():
    report = check_gradients(relu, [0.0, 0.0])
    assert not report.ok
    assert report.worst == 0
    assert str(report) == "nothing to compare (2 on a kink, left out)"


def test_a_scalar_and_an_empty_array():
    assert check_gradients(tanh, 0.5).ok
    assert check_gradients(TanhTooSteep(), 0.5).where == "x"
    assert str(check_gradients(tanh, np.zeros((0, 3)))) == "nothing to compare"


class TanhTooSteep:
    def __call__(self, z):
        return np.tanh(z)

    def derivative(self, z):
        return 2 * tanh.derivative(z)


def flat_background():
    """A stroke on a background that is flat, but not zero: most windows tie."""
    x = np.zeros((2, 1, 6, 6))
    x[:, :, 1:5, 2:4] = generator().uniform(0.3, 1, (2, 1, 4, 2))
    return x - 0.5


def test_ties_pass_through_the_filter():
    x, target = flat_background(), np.array([0, 1])
    report = check_gradients(digit_classifier(), x, target, loss=SoftmaxCrossEntropy())
    assert report.ok
    assert "layer 0 Conv2D(1, 2, 3, padding=1).W" in report.errors


def test_a_tie_that_is_counted_more_than_once_is_found_through_the_filter():
    report = check_gradients(
        digit_classifier(SmoothPass, AllTiedMaximaGetEverything),
        flat_background(),
        np.array([0, 1]),
        loss=SoftmaxCrossEntropy(),
    )
    assert not report.ok
    assert report.errors["layer 0 Conv2D(1, 2, 3, padding=1).W"] > 0.01


class SmoothPass(ReLU):
    """No activation at all, so that a tie is not hidden behind a ReLU's kink."""

    def forward(self, x):
        return x

    def backward(self, dy):
        return dy


# check_gradients: what it cannot check


def test_other_subjects_are_refused():
    with pytest.raises(TypeError, match="expected a layer, a network, a loss"):
        check_gradients(np.sin, [1.0])


def test_float32_is_refused():
    network = Sequential(Dense(2, 1, rng=generator()), dtype=np.float32)
    with pytest.raises(TypeError, match="is float32, expected float64"):
        check_gradients(network, np.ones((1, 2)))


def test_a_layer_without_dx_is_checked_for_its_parameters():
    class First(Dense):
        def backward(self, dy):
            self.parameter_gradients(dy)

    report = check_gradients(First(2, 2, rng=generator()), np.ones((1, 2)))
    assert report.ok
    assert set(report.errors) == {"W", "b"}


# check_descent


class Uphill(SGD):
    def step(self, parameters, gradients):
        parameters += 1e-3 * gradients


@pytest.mark.parametrize(
    "optimizer", [None, SGD(learning_rate=1e-3), Adam(learning_rate=1e-4)]
)
def test_a_step_downhill_is_ok_and_changes_nothing(optimizer):
    network = digit_classifier()
    before = network.parameters.copy()
    kept = repr(vars(optimizer)) if optimizer else ""
    x, target = generator().random((2, 1, 6, 6)), np.array([0, 1])
    report = check_descent(
        network, SoftmaxCrossEntropy(), x, target, optimizer=optimizer
    )
    assert report.ok
    assert report.after < report.before
    assert report.cosine > 0.5
    np.testing.assert_array_equal(network.parameters, before)
    assert kept == (repr(vars(optimizer)) if optimizer else "")


def test_a_small_step_is_small_enough_for_a_steep_valley():
    network = Sequential(Dense(1, 1, rng=generator()))
    x = np.array([[50.0]])
    assert check_descent(network, MeanSquaredError(), x, np.zeros((1, 1))).ok


def test_the_wrong_sign_is_found():
    network = digit_classifier()
    x, target = generator().random((2, 1, 6, 6)), np.array([0, 1])
    wrong = Uphill(learning_rate=1.0)
    report = check_descent(network, SoftmaxCrossEntropy(), x, target, optimizer=wrong)
    assert not report.ok
    assert report.cosine == pytest.approx(-1)
    assert str(report) == "one small step does not lower the loss (cosine -1.0000)"


def test_a_step_that_goes_nowhere_is_not_ok():
    network = Sequential(Dense(2, 1, rng=generator()))
    x = np.ones((1, 2))
    report = check_descent(network, MeanSquaredError(), x, network.forward(x))
    assert not report.ok
    assert report.cosine == 0


# check_gradients: forty cases and more that it has to tell apart


def changed(kind, *args, after, **options):
    """A layer whose backward is followed by something wrong."""

    class Changed(kind):
        def backward(self, dy):
            return after(self, dy, super().backward(dy))

    Changed.__name__ = f"Changed{kind.__name__}"
    return Changed(*args, **options)


def dense(n=3, m=2, after=None):
    if after is None:
        return Dense(n, m, rng=generator())
    return changed(Dense, n, m, after=after, rng=generator())


def setting(name, change):
    """Change one gradient after backward, and hand on dx."""

    def after(layer, dy, dx):
        array = getattr(layer, name)
        array[...] = change(array, dy)
        return dx

    return after


class AddsUp(Dense):
    def parameter_gradients(self, dy):
        (x,) = self.recall()
        self.dW += dy.T @ x
        self.db += dy.sum(axis=0)


class ZeroesInForward(AddsUp):
    def forward(self, x):
        self.dW[...] = self.db[...] = 0
        return super().forward(x)


class NewEachTime(Dense):
    def parameter_gradients(self, dy):
        (x,) = self.recall()
        self.dW, self.db = dy.T @ x, dy.sum(axis=0)


class OtherWay(Dense):
    """Right in backward, and wrong where it is the first layer of a network."""

    def backward(self, dy):
        Dense.parameter_gradients(self, dy)
        return dy @ self.W

    def parameter_gradients(self, dy):
        super().parameter_gradients(dy)
        self.dW *= 2


class WritesIntoItsMemory(Dense):
    def backward(self, dy):
        (x,) = self.recall()
        dx = super().backward(dy)
        x[...] = 0  # as if it were its own
        return dx


class Worn(Dropout):
    """Its way back changes a little with each use."""

    used = 1.0

    def backward(self, dy):
        self.used *= 2
        return super().backward(dy) * self.used / 2


class Autoencoder(Layer):
    """y = x W V with V = W.T, a view: both ways lead to W."""

    parameters = ("W",)
    forgets_v = False

    def __init__(self):
        self.W = generator().standard_normal((3, 2))
        self.V, self.dW = self.W.T, np.zeros((3, 2))

    def forward(self, x):
        self.remember(x)
        return x @ self.W @ self.V

    def backward(self, dy):
        (x,) = self.recall()
        self.dW[...] = x.T @ dy @ self.W
        if not self.forgets_v:
            self.dW += dy.T @ (x @ self.W)
        return dy @ self.W @ self.V


class ForgetfulAutoencoder(Autoencoder):
    forgets_v = True


class Nested(Layer):
    """A layer with a layer inside, whose dropout mask has to be the same one too."""

    parameters = ("W",)

    def __init__(self):
        self.inner = [Dropout(0.5, rng=generator(3)), dense(3, 3)]
        self.W, self.dW = self.inner[1].W, self.inner[1].dW

    def forward(self, x):
        self.inner[0].training = True
        return self.inner[1].forward(self.inner[0].forward(x))

    def backward(self, dy):
        return self.inner[0].backward(self.inner[1].backward(dy))


class Noisy(ReLU):
    def forward(self, x):
        rng = np.random.default_rng()
        return super().forward(x) * rng.random()


class WritesIntoX(ReLU):
    def forward(self, x):
        y = super().forward(x.copy())
        x *= 2
        return y


def sevenfold_at_zero():
    def after(layer, dy, dx):
        (x,) = layer.recall()
        return np.where(x == 0, 7 * dy, dx)

    return changed(ReLU, after=after)


class Steep:
    """A kink at 0 beside slopes of 1e5."""

    def __call__(self, z):
        return np.where(z > 1, 1e5 * (z - 1), np.maximum(z, 0))

    def derivative(self, z):
        return np.where(z > 1, 1e5, (z > 0) * 1.0)


class SteepTanh:
    def __init__(self, factor=1.0):
        self.factor = factor

    def __call__(self, z):
        return np.tanh(300 * z)

    def derivative(self, z):
        return self.factor * 300 * (1 - np.tanh(300 * z) ** 2)


class Scaled(MeanSquaredError):
    """A loss that is scaled or shifted, with a gradient that is off by a factor."""

    def __init__(self, scale=1.0, shift=0.0, factor=1.0):
        self.scale, self.shift, self.factor = scale, shift, factor

    def __call__(self, prediction, target):
        return self.scale * super().__call__(prediction, target) + self.shift

    def gradient(self, prediction, target):
        return self.factor * self.scale * super().gradient(prediction, target)


class TwoMinds(MeanSquaredError):
    def with_gradient(self, prediction, target):
        value, gradient = super().with_gradient(prediction, target)
        return value, gradient / 2


def hinged(prediction, target):
    return check_gradients(Hinge(), np.array(prediction), np.array(target))


def normal(*shape, mean=0.0, scale=1.0):
    return mean + scale * generator(9).standard_normal(shape)


def normalized(**moments):
    network = Sequential(
        dense(3, 4), BatchNorm(4), ReLU(), Dense(4, 2, rng=generator(5))
    )
    return check_gradients(network, normal(6, 3, **moments), training=True)


def layer(subject, *shape, training=False, **options):
    return check_gradients(subject, normal(*shape, **options), training=training)


FLAT = np.zeros((1, 1, 4, 4))
RIGHT = {
    "zeroing in forward": lambda: layer(ZeroesInForward(3, 2, rng=generator()), 4, 3),
    "new arrays each time": lambda: layer(NewEachTime(3, 2, rng=generator()), 4, 3),
    "tied weights": lambda: layer(Autoencoder(), 4, 3),
    "a layer inside": lambda: layer(Nested(), 4, 3),
    "inputs of mean 10": lambda: normalized(mean=10),
    "inputs of mean 100": lambda: normalized(mean=100),
    "inputs of mean 1000": lambda: normalized(mean=1000),
    "identical rows": lambda: check_gradients(
        BatchNorm(3), np.tile(normal(1, 3), (4, 1)), training=True
    ),
    "tanh(300 z)": lambda: check_gradients(SteepTanh(), [0.001, -0.004, 0.01]),
    "probabilities near 0": lambda: check_gradients(
        BinaryCrossEntropy(), np.array([1e-3, 1e-5, 0.5]), np.array([1.0, 1.0, 0.0])
    ),
    "a probability nearer than a step": lambda: check_gradients(
        BinaryCrossEntropy(), np.array([1e-6, 0.5]), np.array([1.0, 1.0])
    ),
    "a kink beside a steep slope": lambda: check_gradients(Steep(), [0.0, 2.0, 3.0]),
    "a loss of 1e-10": lambda: check_gradients(
        Scaled(1e-10), normal(3, 2), np.zeros((3, 2))
    ),
    "a loss of 1e10": lambda: check_gradients(
        Scaled(1e10), normal(3, 2), np.zeros((3, 2))
    ),
    "relu at 0": lambda: check_gradients(ReLU(), np.array([[0.0, 1.0, -1.0]])),
    "leaky relu at 0": lambda: check_gradients(leaky_relu, [0.0, 1.0]),
    "ties in windows that overlap": lambda: check_gradients(
        Sequential(MaxPool2D(2, stride=1), Flatten(), dense(9, 2)), FLAT
    ),
    "ties in windows of one layer": lambda: check_gradients(
        MaxPool2D(2, stride=1),
        np.pad(normal(1, 1, 2, 2), ((0, 0), (0, 0), (2, 2), (2, 2))),
    ),
    "a hinge": lambda: hinged([1.0, 0.5, -2.0], [1, 1, -1]),
    "huge inputs": lambda: layer(dense(), 4, 3, scale=1e6),
    "tiny inputs": lambda: layer(dense(), 4, 3, scale=1e-8),
    "one example": lambda: layer(dense(), 1, 3),
    "lists": lambda: check_gradients(dense(), [[1, 2, 3]]),
    "whole numbers": lambda: check_gradients(dense(), np.array([[1, 2, 3]])),
    "large scores": lambda: check_gradients(
        SoftmaxCrossEntropy(), normal(3, 4, scale=20), np.array([0, 1, 2])
    ),
    "two dropouts": lambda: check_gradients(
        Sequential(Dropout(0.5, rng=(rng := generator(2))), Dropout(0.2, rng=rng)),
        normal(4, 5),
        training=True,
    ),
    "silu, far out": lambda: check_gradients(silu, [-30.0, 0.0, 1.0, 30.0]),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_not_called_wrong(name):
    report = RIGHT[name]()
    assert report.ok, report
    assert str(report).startswith("gradients agree within 1e-06: ")
    assert "\n" not in str(report)


def without(path):
    """Batch normalization that forgets a way from x to y."""

    def after(layer, dy, dx):
        normalized, std = layer.recall()
        whole = dy - dy.mean(0) - normalized * (dy * normalized).mean(0)
        part = {"mean": dy.mean(0), "variance": normalized * (dy * normalized).mean(0)}
        return (whole + part[path]) * layer.gamma / std

    return changed(BatchNorm, 3, after=after)


def halved(layer, dy, dx):
    return dx / 2


def steps_too(layer, dy, dx):
    layer.W -= 0.1 * layer.dW
    return dx


class DropsAgain(Dropout):
    def backward(self, dy):
        self.forward(dy)
        return super().backward(dy)


DIFFER = {
    "adds up": (lambda: layer(AddsUp(3, 2, rng=generator()), 4, 3), "W"),
    "another way": (lambda: layer(OtherWay(3, 2, rng=generator()), 4, 3), "W"),
    "another way in a network": (
        lambda: layer(Sequential(OtherWay(3, 2, rng=generator()), Tanh()), 4, 3),
        "layer 0 Dense(3, 2).W",
    ),
    "backward writes into x": (
        lambda: layer(WritesIntoItsMemory(3, 2, rng=generator()), 4, 3),
        "x",
    ),
    "worn with use": (lambda: layer(Sequential(Worn(0.5, rng=generator())), 4, 3), "x"),
    "tied weights, one way": (lambda: layer(ForgetfulAutoencoder(), 4, 3), "W["),
    "slope 7 at 0": (
        lambda: check_gradients(sevenfold_at_zero(), np.array([[0.0, 1.0]])),
        "x[0, 0]",
    ),
    "slope 7 at 0, hinge": (
        lambda: check_gradients(
            type(
                "H", (Hinge,), {"gradient": lambda self, p, t: -7.0 * t * (t * p <= 1)}
            )(),
            np.array([1.0]),
            np.array([1]),
        ),
        "x[0]",
    ),
    "forward writes into x": (lambda: layer(WritesIntoX(), 3, 4), "x"),
    "backward takes a step": (lambda: layer(dense(after=steps_too), 4, 3), "W"),
    "wrong sign": (
        lambda: layer(dense(after=setting("dW", lambda g, dy: -g)), 4, 3),
        "W[",
    ),
    "a mean where a sum is": (
        lambda: layer(dense(after=setting("db", lambda g, dy: dy.mean(0))), 4, 3),
        "b[",
    ),
    "no gradient of the bias": (
        lambda: layer(dense(after=setting("db", lambda g, dy: 0)), 4, 3),
        "b[",
    ),
    "one sum for all": (
        lambda: layer(dense(after=setting("db", lambda g, dy: dy.sum())), 4, 3),
        "b[",
    ),
    "transposed": (
        lambda: layer(dense(3, 3, setting("dW", lambda g, dy: g.T.copy())), 4, 3),
        "W[",
    ),
    "half the way back": (lambda: layer(dense(after=halved), 4, 3), "x["),
    "not a number": (
        lambda: layer(dense(after=setting("dW", lambda g, dy: np.nan)), 4, 3),
        "W[0, 0]",
    ),
    "the mean forgotten": (lambda: layer(without("mean"), 5, 3, training=True), "x["),
    "the variance forgotten": (
        lambda: layer(without("variance"), 5, 3, training=True),
        "x[",
    ),
    "a new mask on the way back": (
        lambda: layer(DropsAgain(0.5, rng=generator()), 4, 6, training=True),
        "x[",
    ),
    "softmax, element by element": (
        lambda: layer(
            changed(
                Softmax,
                after=lambda s, dy, dx: dy * s.recall()[0] * (1 - s.recall()[0]),
            ),
            3,
            4,
        ),
        "x[",
    ),
    "the slope at a, not at z": (
        lambda: layer(
            changed(
                Sigmoid,
                after=lambda s, dy, dx: dy * sigmoid.derivative(s.recall()[0] + 1),
            ),
            3,
            4,
        ),
        "x[",
    ),
    "a kernel that is flipped": (
        lambda: layer(
            changed(
                Conv2D,
                1,
                2,
                3,
                rng=generator(),
                after=setting("dW", lambda g, dy: g[..., ::-1].copy()),
            ),
            2,
            1,
            5,
            5,
        ),
        "W[",
    ),
    "a pixel off": (
        lambda: layer(
            changed(
                Conv2D,
                1,
                2,
                3,
                rng=generator(),
                after=lambda s, dy, dx: np.roll(dx, 1, 3),
            ),
            2,
            1,
            5,
            5,
        ),
        "x[",
    ),
    "a sum where a mean is": (
        lambda: layer(
            changed(AveragePool2D, 2, after=lambda s, dy, dx: 4 * dx), 1, 1, 4, 4
        ),
        "x[",
    ),
    "to the last of the window": (
        lambda: layer(
            changed(MaxPool2D, 2, after=lambda s, dy, dx: np.roll(dx, 1, 3)), 1, 1, 4, 4
        ),
        "x[",
    ),
    "the leak of another": (
        lambda: layer(
            changed(
                LeakyReLU,
                after=lambda s, dy, dx: np.where(s.recall()[0] > 0, dx, dy / 5),
            ),
            3,
            4,
        ),
        "x[",
    ),
    "steep and 1 % off": (
        lambda: check_gradients(SteepTanh(1.01), [0.001, -0.004, 0.01]),
        "x[",
    ),
    "a loss of 1e-10, off": (
        lambda: check_gradients(
            Scaled(1e-10, factor=2), normal(3, 2), np.zeros((3, 2))
        ),
        "x[",
    ),
    "a loss of 1e8, far off": (
        lambda: check_gradients(
            Scaled(1, 1e8, factor=2), normal(3, 2), np.zeros((3, 2))
        ),
        "x[",
    ),
    "with_gradient": (
        lambda: check_gradients(TwoMinds(), normal(3, 2), np.zeros((3, 2))),
        "x",
    ),
    "of the class before": (
        lambda: check_gradients(
            type(
                "S",
                (SoftmaxCrossEntropy,),
                {
                    "with_gradient": lambda self, p, t: (
                        SoftmaxCrossEntropy()(p, t),
                        SoftmaxCrossEntropy().gradient(p, t - 1),
                    )
                },
            )(),
            normal(3, 4),
            np.array([1, 2, 3]),
        ),
        "x[",
    ),
    "one small slope among large ones": (
        lambda: check_gradients(
            dense(2, 1, setting("dW", lambda g, dy: g * [[1, 2]])),
            np.array([[1.0, 1e-7]]),
        ),
        "W[0, 1]",
    ),
    "the tanh form for the exact one": (
        lambda: layer(
            changed(
                GELU,
                after=lambda s, dy, dx: dx + 1e-4 * dy * np.sin(s.recall()[0]),
            ),
            3,
            4,
        ),
        "x[",
    ),
}


@pytest.mark.parametrize("name", DIFFER)
def test_what_is_wrong_is_found_and_placed(name):
    make, where = DIFFER[name]
    report = make()
    assert not report.ok
    assert report.worst > 1e-6
    assert report.where.startswith(where)
    assert f"most at {report.where}" in str(report)
    assert "\n" not in str(report)


CAUSES = {
    "adds up": "; W: backward adds to the old gradient",
    "another way": "; W: parameter_gradients gives another gradient",
    "backward writes into x": "; x: backward changes x",
    "worn with use": "; x: backward gives another gradient the second time",
    "forward writes into x": "; x: forward changes x",
    "backward takes a step": "; W: backward changes it",
    "with_gradient": "; x: with_gradient gives something else",
}


@pytest.mark.parametrize("name", CAUSES)
def test_what_numbers_cannot_tell_is_told_in_words(name):
    assert CAUSES[name] in str(DIFFER[name][0]())


class MinusThree(Dense):
    def parameter_gradients(self, dy):
        super().parameter_gradients(dy)
        self.dW *= -3


def test_a_vanished_gradient_is_not_judged_whether_right_or_wrong():
    first = "layer 0 Dense(4, 4).W"
    for kind in (Dense, MinusThree):
        layers = [kind(4, 4, rng=generator())]
        for i in range(20):
            layers += [Sigmoid(), Dense(4, 4, rng=generator(i))]
        report = check_gradients(Sequential(*layers), normal(3, 4))
        assert first in report.too_small
        assert first not in report.errors
        assert f"too small to judge: {len(report.too_small)} arrays" in str(report)


SAID = {
    "a bias on a kink": (
        lambda: check_gradients(Sequential(dense(3, 2), ReLU()), np.zeros((2, 3))),
        "on a kink; left out: x, layer 0 Dense(3, 2).b",
    ),
    "a large loss": (
        lambda: check_gradients(
            Scaled(1, 1e8, 1 + 1e-4), normal(3, 2), np.zeros((3, 2))
        ),
        "nothing to compare (too small to judge: x)",
    ),
    "a noisy layer": (
        lambda: layer(Noisy(), 3, 4),
        "nothing to compare; f gives another number each time",
    ),
    "an infinite loss": (
        lambda: check_gradients(
            type("I", (MeanSquaredError,), {"__call__": lambda self, p, t: np.inf})(),
            np.ones(2),
            np.zeros(2),
        ),
        "nothing to compare; f is inf",
    ),
    "no dx": (
        lambda: layer(
            changed(Dense, 2, 2, after=lambda *_: None, rng=generator()), 2, 2
        ),
        "gradients agree within 1e-06: W, b (left out: x)",
    ),
    "the edge of what is defined": (
        lambda: check_gradients(
            BinaryCrossEntropy(), np.array([0.0, 0.5]), np.array([1.0, 1.0])
        ),
        "x (1 on a kink, left out)",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_what_cannot_be_judged_is_said(name):
    make, words = SAID[name]
    assert words in str(make())


def test_a_subject_is_measured_in_place_and_put_back():
    subject = Nested()
    before = [subject.W.copy(), subject.inner[0].rng.bit_generator.state]
    report = check_gradients(subject, normal(4, 3))
    assert report.ok
    assert not subject.inner[0].training
    np.testing.assert_array_equal(subject.W, before[0])
    assert subject.inner[0].rng.bit_generator.state == before[1]
    assert not subject.dW.any()


class Square:
    """A layer of a reader, who knows of no base class and makes dw when needed."""

    parameters = ("w",)

    def __init__(self):
        self.w, self.table = np.ones(3), np.arange(3.0)
        self.table.flags.writeable = False

    def forward(self, x):
        self.x = x
        return self.w * x**2 + self.table

    def backward(self, dy):
        self.dw = (dy * self.x**2).sum(axis=0)
        return dy * 2 * self.w * self.x


def test_a_layer_needs_no_base_class():
    assert str(layer(Square(), 4, 3)) == "gradients agree within 1e-06: x, w"


def test_a_loss_needs_no_base_class():
    class Plain:
        def __call__(self, prediction, target):
            return float(np.sum(prediction**3))

        def gradient(self, prediction, target):
            return 3 * prediction**2

    assert check_gradients(Plain(), [1.0, 2.0]).ok


def test_a_function_may_hand_back_its_argument():
    assert numerical_gradient(lambda v: v, 3.0) == pytest.approx(1)
    assert numerical_gradient(lambda v: v[0], np.array([3.0])) == pytest.approx(1)


def test_reports_show_what_they_say():
    report = check_gradients(tanh, 0.5)
    assert repr(report) == f"{report}" == "gradients agree within 1e-06: x"
