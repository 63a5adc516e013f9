"""The checker has to find every planted mistake, and only mistakes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.activations import ReLU, Softmax, relu, sigmoid, softmax, step, tanh
from neuralblog.convolution import Conv2D
from neuralblog.gradients import check_descent, check_gradients, numerical_gradient
from neuralblog.layers import Dense, Flatten
from neuralblog.losses import MeanSquaredError, SoftmaxCrossEntropy
from neuralblog.network import Sequential, named_arrays
from neuralblog.optimizers import SGD, Adam
from neuralblog.pooling import MaxPool2D
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
    assert str(report) == "gradients agree within 1e-06: 7 arrays"
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


def test_the_rounding_of_a_large_loss_is_no_error():
    class Far(MeanSquaredError):
        def __call__(self, prediction, target):
            return 1e8 + super().__call__(prediction, target)

    x = generator().standard_normal((4, 3))
    assert check_gradients(Far(), x, np.zeros_like(x)).ok


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
