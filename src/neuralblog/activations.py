"""Activation functions: what a neuron makes of its weighted sum z, and how steeply.

`relu(z)` is the function, `relu.derivative(z)` its slope; the layer `ReLU()` puts both
to work in a network. All stay finite for any finite z, and keep float32 as float32.
"""

import math
from collections.abc import Callable
from functools import update_wrapper

import numpy as np
from numpy.typing import ArrayLike

from neuralblog.arrays import Array, floats
from neuralblog.layers import Layer

__all__ = ["step", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "softplus", "gelu"]
__all__ += ["silu", "softmax", "Activation", "ReLU", "LeakyReLU", "Sigmoid", "Tanh"]
__all__ += ["ELU", "Softplus", "GELU", "SiLU", "Softmax"]

Formula = Callable[[Array], Array]


class Activation:
    """A function of z together with its derivative: `relu(z)`, `relu.derivative(z)`.

    Both take numbers, lists or arrays. They work on each element alone and keep the
    shape; only `softmax` looks at a whole row, and its derivative has a matrix per row.

    Examples:
        >>> double = Activation(lambda z: 2 * z)
        >>> double([1, 2])
        array([2., 4.])
    """

    __name__: str

    def __init__(self, function: Formula) -> None:
        self._function = function
        update_wrapper(self, function)

    def __call__(self, z: ArrayLike) -> Array:
        """Return the value of the function at z."""
        return self._function(floats(self.__name__, "z", z))

    def derivative(self, z: ArrayLike) -> Array:
        """Return the slope of the function at z."""
        return self._derivative(floats(self.__name__, "z", z))

    def has_derivative(self, derivative: Formula) -> Formula:
        """Take the function below this line as the derivative."""
        self._derivative = derivative
        return derivative

    def __repr__(self) -> str:
        return f"<activation {self.__name__}>"


@Activation
def step(z: Array) -> Array:
    """Fire or stay silent: 1 for z > 0, else 0.

    The derivative is 0; the jump at 0, where there is none, counts as 0 too.
    Source: McCulloch and Pitts (1943).

    Examples:
        >>> step([-2, 0, 3])
        array([0., 0., 1.])
    """
    return (z > 0).astype(z.dtype)


@step.has_derivative
def _(z: Array) -> Array:
    return np.zeros_like(z)


@Activation
def sigmoid(z: Array) -> Array:
    """Squash any number into (0, 1): 1 / (1 + exp(-z)).

    Written so that `exp` only ever sees numbers that are not positive: no overflow.

    Examples:
        >>> sigmoid([-2, 0, 2]).round(3)
        array([0.119, 0.5  , 0.881])
    """
    a: Array = np.exp(np.minimum(z, 0)) / (1 + np.exp(-np.abs(z)))
    return a


@sigmoid.has_derivative
def _(z: Array) -> Array:
    return sigmoid(z) * sigmoid(-z)  # 1 - sigmoid(z), with no digits lost


@Activation
def tanh(z: Array) -> Array:
    """Squash any number into (-1, 1), with 0 in the middle: 2 sigmoid(2z) - 1.

    Examples:
        >>> tanh([-2, 0, 2]).round(3)
        array([-0.964,  0.   ,  0.964])
    """
    return np.tanh(z)


@tanh.has_derivative
def _(z: Array) -> Array:
    return 1 - np.tanh(z) ** 2


@Activation
def relu(z: Array) -> Array:
    """Pass what is positive, block the rest: max(z, 0).

    The kink at 0 gets the slope 0.
    Source: Nair and Hinton (2010); Glorot, Bordes and Bengio (2011).

    Examples:
        >>> relu([-1, 0, 2]), relu.derivative([-1, 0, 2])
        (array([0., 0., 2.]), array([0., 0., 1.]))
    """
    return np.clip(z, 0, np.inf)  # for many numbers twice as fast as np.maximum


@relu.has_derivative
def _(z: Array) -> Array:
    return (z > 0).astype(z.dtype)


LEAK = 0.01


@Activation
def leaky_relu(z: Array) -> Array:
    """Pass what is positive, and a hundredth of the rest: max(z, 0.01 z).

    Source: Maas, Hannun and Ng (2013).

    Examples:
        >>> leaky_relu([-2, 0, 3])
        array([-0.02,  0.  ,  3.  ])
    """
    a: Array = np.maximum(z, LEAK * z)
    return a


@leaky_relu.has_derivative
def _(z: Array) -> Array:
    return np.maximum((z > 0).astype(z.dtype), LEAK)


@Activation
def elu(z: Array) -> Array:
    """Pass what is positive, level off at -1 below: exp(z) - 1 for z <= 0.

    Source: Clevert, Unterthiner and Hochreiter (2016), with alpha = 1.

    Examples:
        >>> elu([-2, 0, 3]).round(3)
        array([-0.865,  0.   ,  3.   ])
    """
    return np.maximum(z, 0) + np.expm1(np.minimum(z, 0))


@elu.has_derivative
def _(z: Array) -> Array:
    return np.exp(np.minimum(z, 0))


@Activation
def softplus(z: Array) -> Array:
    """Round off the kink of ReLU: log(1 + exp(z)), written so that nothing overflows.

    Source: Dugas, Bengio, Belisle, Nadeau and Garcia (2000).

    Examples:
        >>> softplus([-2, 0, 3]).round(3)
        array([0.127, 0.693, 3.049])
    """
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))


@softplus.has_derivative
def _(z: Array) -> Array:
    return sigmoid(z)


def finite(z: Array) -> Array:
    """Replace infinity by the largest number, whose product with 0 is 0, not NaN."""
    limits = np.finfo(z.dtype)
    return np.clip(z, limits.min, limits.max)


def normal_cdf(z: Array) -> Array:
    """Return the share of a standard normal distribution that lies below z."""
    erfc = np.frompyfunc(math.erfc, 1, 1)  # exact, but one Python call per element
    return np.asarray(erfc(-z / math.sqrt(2)), dtype=z.dtype) / 2


@Activation
def gelu(z: Array) -> Array:
    """Weigh z by the chance that a standard normal number lies below it: z Phi(z).

    The exact form, not the tanh or the sigmoid approximation.
    Source: Hendrycks and Gimpel (2016).

    Examples:
        >>> gelu([-2, 0, 3]).round(3)
        array([-0.046,  0.   ,  2.996])
    """
    return np.where(z == -np.inf, 0, z) * normal_cdf(z)


@gelu.has_derivative
def _(z: Array) -> Array:
    near = np.clip(z, -40, 40)  # further out there is nothing left of the density
    density = np.exp(-np.square(near) / 2) / math.sqrt(2 * math.pi)
    return normal_cdf(z) + near * density


@Activation
def silu(z: Array) -> Array:
    """Let z open its own gate: z sigmoid(z). Also called Swish.

    Source: Hendrycks and Gimpel (2016); Elfwing, Uchibe and Doya (2018).

    Examples:
        >>> silu([-2, 0, 3]).round(3)
        array([-0.238,  0.   ,  2.858])
    """
    return np.where(z == -np.inf, 0, z) * sigmoid(z)


@silu.has_derivative
def _(z: Array) -> Array:
    return sigmoid(z) * (1 + finite(z) * sigmoid(-z))


@Activation
def softmax(z: Array) -> Array:
    """Turn the scores of a row into probabilities: (..., n) -> (..., n), sum 1.

    The derivative is a matrix for each row, (..., n) -> (..., n, n): entry (i, j) says
    how much probability i grows with score j.
    Source: Bridle (1990).

    Examples:
        >>> softmax([1, 2, 3]).round(3)
        array([0.09 , 0.245, 0.665])
    """
    e = np.exp(
        z - np.max(z, axis=-1, keepdims=True, initial=-np.inf)
    )  # the largest score becomes 0
    p: Array = e / np.sum(e, axis=-1, keepdims=True)
    return p


@softmax.has_derivative
def _(z: Array) -> Array:
    p = softmax(z)
    diagonal = p[..., :, None] * np.eye(p.shape[-1], dtype=p.dtype)
    return diagonal - p[..., :, None] * p[..., None, :]


class ElementwiseLayer(Layer):
    """An activation as a layer, element by element: any shape -> the same shape."""

    features = ()
    activation: Activation

    def forward(self, x: Array) -> Array:
        """Apply the activation to each element."""
        x = floats(self, "x", x)
        self.remember(x)
        return self.activation(x)

    def backward(self, dy: Array) -> Array:
        """Multiply each slope of the loss by the slope of the activation."""
        (x,) = self.recall()
        dy = floats(self, "dy", dy, x.shape)
        return dy * self.activation.derivative(x)


class Sigmoid(ElementwiseLayer):
    """`sigmoid` as a layer.

    Examples:
        >>> Sigmoid().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[0.119, 0.5  , 0.953]])
    """

    activation = sigmoid


class Tanh(ElementwiseLayer):
    """`tanh` as a layer.

    Examples:
        >>> Tanh().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[-0.964,  0.   ,  0.995]])
    """

    activation = tanh


class ReLU(ElementwiseLayer):
    """`relu` as a layer.

    Examples:
        >>> ReLU().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[0., 0., 3.]])
    """

    activation = relu


class LeakyReLU(ElementwiseLayer):
    """`leaky_relu` as a layer.

    Examples:
        >>> LeakyReLU().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[-0.02,  0.  ,  3.  ]])
    """

    activation = leaky_relu


class ELU(ElementwiseLayer):
    """`elu` as a layer.

    Examples:
        >>> ELU().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[-0.865,  0.   ,  3.   ]])
    """

    activation = elu


class Softplus(ElementwiseLayer):
    """`softplus` as a layer.

    Examples:
        >>> Softplus().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[0.127, 0.693, 3.049]])
    """

    activation = softplus


class GELU(ElementwiseLayer):
    """`gelu` as a layer.

    Examples:
        >>> GELU().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[-0.046,  0.   ,  2.996]])
    """

    activation = gelu


class SiLU(ElementwiseLayer):
    """`silu` as a layer.

    Examples:
        >>> SiLU().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[-0.238,  0.   ,  2.858]])
    """

    activation = silu


class Softmax(Layer):
    """`softmax` as a layer, row by row: (N, n) -> (N, n).

    To train a classifier, give the scores to `SoftmaxCrossEntropy` instead: it does
    both at once, stays exact where a probability is nearly 0, and is faster.

    Examples:
        >>> Softmax().forward(np.array([[-2.0, 0.0, 3.0]])).round(3)
        array([[0.006, 0.047, 0.946]])
    """

    features = ()

    def forward(self, x: Array) -> Array:
        """Turn each row of scores into probabilities."""
        x = floats(self, "x", x)
        y = softmax(x)
        self.remember(y)
        return y

    def backward(self, dy: Array) -> Array:
        """Multiply by the derivative's matrix, without ever building it."""
        (y,) = self.recall()
        dy = floats(self, "dy", dy, y.shape)
        dx: Array = y * (dy - np.sum(dy * y, axis=-1, keepdims=True))
        return dx
