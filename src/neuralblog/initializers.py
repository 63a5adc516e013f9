"""How the weights of a layer start: random, and scaled so that signals keep their size.

An initializer takes the shape of the weights, outputs first, (out, in) or (F, C, K, K),
and a random generator. It fits the layer that the weights belong to, not the data.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["glorot", "he"]


def he(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.floating]:
    """Start weights for ReLU layers: normal with variance 2 / inputs.

    The 2 makes up for the half of the signal that ReLU sets to zero.
    Source: He, Zhang, Ren and Sun (2015).

    Examples:
        >>> he((2, 3), np.random.default_rng(0)).round(2)
        array([[ 0.1 , -0.11,  0.52],
               [ 0.09, -0.44,  0.3 ]])
    """
    return rng.normal(0, math.sqrt(2 / math.prod(map(int, shape[1:]))), shape)


def glorot(shape: tuple[int, ...], rng: np.random.Generator) -> NDArray[np.floating]:
    """Start weights for tanh, of slope 1 at 0: uniform, variance 2 / (inputs + outputs).

    A compromise between keeping the size of the signal on its way forward (1 / inputs)
    and of the gradient on its way back (1 / outputs).
    Source: Glorot and Bengio (2010).

    Examples:
        >>> glorot((2, 3), np.random.default_rng(0)).round(2)
        array([[ 0.3 , -0.5 , -1.01],
               [-1.06,  0.69,  0.9 ]])
    """
    n_outputs, n_inputs, *kernel = map(int, shape)
    n_inputs, n_outputs = (n * math.prod(kernel) for n in (n_inputs, n_outputs))
    limit = math.sqrt(6 / (n_inputs + n_outputs))
    return rng.uniform(-limit, limit, shape)
