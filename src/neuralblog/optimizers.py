"""How a network's parameters follow its gradients downhill, one step after another.

An optimizer is the only thing that ever changes parameters, and it does so in place.
It remembers past steps, so each network needs an optimizer of its own.
"""

import math
from dataclasses import KW_ONLY, dataclass, field

import numpy as np

from neuralblog.layers import Array, check_shape

__all__ = ["Optimizer", "SGD", "RMSProp", "Adam"]
__all__ += ["linear_decay", "cosine_decay", "step_decay"]


@dataclass(eq=False)
class Optimizer:
    """A rule for the next step; `learning_rate` may be changed between steps."""

    learning_rate: float
    t: int = field(default=0, init=False)  # steps so far
    _traces: list[Array] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        if not self.learning_rate >= 0:
            name, rate = type(self).__name__, self.learning_rate
            raise ValueError(f"{name}: learning_rate is {rate}, expected >= 0")

    def step(self, parameters: Array, gradients: Array) -> None:
        """Change `parameters` in place, by one step against `gradients`."""
        raise NotImplementedError

    def traces(self, n: int, parameters: Array, gradients: Array) -> list[Array]:
        """Count a step, and return n arrays like `parameters`, zeros at first.

        Raises: ValueError where the shapes differ.
        """
        if not self._traces:
            self._traces = [np.zeros_like(parameters) for _ in range(n)]
        check_shape(type(self).__name__, "gradients", gradients, parameters.shape)
        self.t += 1
        return self._traces


@dataclass(eq=False)
class SGD(Optimizer):
    """Stochastic gradient descent: step against the gradient of one mini-batch.

    With momentum, the velocity v sums up past gradients, each step fading the older
    ones; Nesterov's form looks a step ahead. `weight_decay` pulls parameters to zero.
    Source: Robbins and Monro (1951); Polyak (1964); Sutskever et al. (2013).
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
    """Let the learning rate fall along a straight line: 1 at progress 0, 0 at 1."""
    return 1 - progress


def cosine_decay(progress: float) -> float:
    """Let the learning rate fall slowly, fast, slowly: 1 at progress 0, 0 at 1.

    Source: Loshchilov and Hutter (2017).
    """
    return (1 + math.cos(math.pi * progress)) / 2


def step_decay(progress: float) -> float:
    """Let the learning rate drop to a tenth at half the way and at three quarters."""
    return 0.1 ** ((progress >= 0.5) + (progress >= 0.75))
