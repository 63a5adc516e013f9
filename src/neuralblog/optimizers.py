"""How a network's parameters follow its gradients downhill, one step after another.

While a network learns, its optimizer changes the parameters, and it does so in place.
It remembers past steps, so each network needs an optimizer of its own.
"""

import math
from dataclasses import KW_ONLY, dataclass, field
from typing import Any

import numpy as np

from neuralblog.arrays import Array, check_number, check_shape

__all__ = ["Optimizer", "SGD", "RMSProp", "Adam"]
__all__ += ["linear_decay", "cosine_decay", "step_decay"]


SHARES = ("momentum", "decay", "beta1", "beta2")  # of the past that each step keeps


@dataclass(eq=False)
class Optimizer:
    """A rule for the next step; `learning_rate` may be changed between steps."""

    learning_rate: float
    t: int = field(default=0, init=False)  # steps so far
    _traces: list[Array] = field(default_factory=list, init=False, repr=False)
    _network: Array | None = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if name in SHARES:
                check_number(type(self).__name__, at_least=0, below=1, **{name: value})
            elif name in ("learning_rate", "weight_decay", "epsilon"):
                check_number(type(self).__name__, at_least=0, **{name: value})

    def step(self, parameters: Array, gradients: Array) -> None:
        """Change `parameters` in place, by one step against `gradients`."""
        raise NotImplementedError

    def traces(self, n: int, parameters: Array, gradients: Array) -> list[Array]:
        """Count a step, and return n arrays like `parameters`, zeros at first.

        Raises: ValueError where the shapes differ, or for the parameters of another
        network than those that the past is about.
        """
        name = type(self).__name__
        if not isinstance(parameters, np.ndarray) or parameters.dtype.kind != "f":
            raise TypeError(
                f"{name}: parameters is no array of floats, which can change"
            )
        check_shape(name, "gradients", gradients, parameters.shape)
        if not self._traces:
            self._traces = [np.zeros_like(parameters) for _ in range(n)]
        elif not self._knows(parameters):
            came = f"{name}: it remembers the steps of another network"
            raise ValueError(f"{came}, expected a new optimizer for each")
        self._network = parameters
        self.t += 1
        return self._traces

    def _knows(self, parameters: Array) -> bool:
        same = self._network is None or np.may_share_memory(self._network, parameters)
        return same and parameters.shape == self._traces[0].shape

    def __getstate__(self) -> dict[str, Any]:
        """Let a copy, or what `pickle` writes, go on with a copy of the network."""
        return {**vars(self), "_network": None}


@dataclass(eq=False)
class SGD(Optimizer):
    """Stochastic gradient descent: step against the gradient of one mini-batch.

    With momentum, the velocity v sums up past gradients, each step fading the older
    ones; Nesterov's form looks a step ahead. `weight_decay` pulls parameters to zero.
    Source: Robbins and Monro (1951); Polyak (1964); Sutskever et al. (2013).

    Examples:
        >>> w = np.array([1.0, -2.0])
        >>> SGD(0.1).step(w, np.array([5.0, -5.0]))
        >>> w
        array([ 0.5, -1.5])
    """

    _: KW_ONLY
    momentum: float = 0.0
    nesterov: bool = False
    weight_decay: float = 0.0

    def step(self, parameters: Array, gradients: Array) -> None:
        """Step against the gradient, or against the velocity: -learning_rate * v."""
        traces = self.traces(1 if self.momentum else 0, parameters, gradients)
        decay = self.weight_decay
        g = gradients + decay * parameters if decay else gradients
        if traces:
            (v,) = traces
            v *= self.momentum
            v += g
            g = g + self.momentum * v if self.nesterov else v
        parameters -= self.learning_rate * g


@dataclass(eq=False)
class RMSProp(Optimizer):
    """Divide every parameter's step by the recent size of its gradient.

    Source: Tieleman and Hinton (2012), lecture notes.

    Examples:
        >>> w = np.array([1.0, -2.0])
        >>> RMSProp().step(w, np.array([5.0, -5.0]))
        >>> w.round(3)
        array([ 0.9, -1.9])
    """

    learning_rate: float = 0.01
    _: KW_ONLY
    decay: float = 0.99
    epsilon: float = 1e-8

    def step(self, parameters: Array, gradients: Array) -> None:
        """Step by -learning_rate * g / (sqrt(v) + epsilon), v the mean of g^2."""
        (v,) = self.traces(1, parameters, gradients)
        v += (1 - self.decay) * (gradients**2 - v)
        parameters -= self.learning_rate * gradients / (np.sqrt(v) + self.epsilon)


@dataclass(eq=False)
class Adam(Optimizer):
    """Momentum (the mean m of gradients) and RMSProp (the mean v of their squares).

    Both means start at zero, which is too small; the division by 1 - beta^t mends it.
    Source: Kingma and Ba (2015).

    Examples:
        >>> w = np.array([1.0, -2.0])
        >>> Adam(0.1).step(w, np.array([5.0, -5.0]))
        >>> w.round(3)
        array([ 0.9, -1.9])
    """

    learning_rate: float = 0.001
    _: KW_ONLY
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-8

    def step(self, parameters: Array, gradients: Array) -> None:
        """Step by -learning_rate * m / (sqrt(v) + epsilon), both means corrected."""
        m, v = self.traces(2, parameters, gradients)
        m += (1 - self.beta1) * (gradients - m)
        v += (1 - self.beta2) * (gradients**2 - v)
        rate = self.learning_rate / (1 - self.beta1**self.t)
        spread = np.sqrt(v / (1 - self.beta2**self.t))
        parameters -= rate * m / (spread + self.epsilon)


def linear_decay(progress: float) -> float:
    """Let the learning rate fall along a straight line: 1 at progress 0, 0 at 1.

    Examples:
        >>> linear_decay(0), linear_decay(0.25), linear_decay(1)
        (1, 0.75, 0)
    """
    return 1 - progress


def cosine_decay(progress: float) -> float:
    """Let the learning rate fall slowly, fast, slowly: 1 at progress 0, 0 at 1.

    Source: Loshchilov and Hutter (2017).

    Examples:
        >>> round(cosine_decay(0.25), 3), round(cosine_decay(0.5), 3)
        (0.854, 0.5)
    """
    return (1 + math.cos(math.pi * progress)) / 2


def step_decay(progress: float) -> float:
    """Let the learning rate drop to a tenth at half the way and at three quarters.

    Examples:
        >>> step_decay(0.4), step_decay(0.6), round(step_decay(0.8), 2)
        (1.0, 0.1, 0.01)
    """
    return 0.1 ** ((progress >= 0.5) + (progress >= 0.75))
