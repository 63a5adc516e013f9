"""One artificial neuron: weigh the inputs, add them up, decide.

`McCullochPitts` counts, and can't learn; `Neuron` has weights that you choose;
`Perceptron` finds its own. One neuron draws one straight line: see `network` for more.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.activations import Activation, step
from neuralblog.arrays import Array, check_shape, floats, rectangular

__all__ = ["McCullochPitts", "Neuron", "Perceptron"]


class McCullochPitts:
    """A neuron of yes and no: fires where enough inputs do, and no inhibitor.

    Each excitatory input counts once; give it several times for a weight of a whole
    number. A single active inhibitory input is a veto, however many others are active.
    Source: McCulloch and Pitts (1943), whose thresholds are above 0, so that no cell
    fires out of silence; a threshold of 0, which says "neither", is of later textbooks.

    Examples:
        >>> McCullochPitts(2)([[1, 1], [1, 0]])
        array([1, 0])
    """

    def __init__(self, threshold: int) -> None:
        self.threshold = threshold

    def __call__(
        self, excitatory: ArrayLike, inhibitory: ArrayLike = ()
    ) -> NDArray[np.int64]:
        """Return 1 where the neuron fires, else 0: (..., n) and (..., m) -> (...).

        Raises: ValueError for an input that is neither 0 nor 1.
        """
        active = rectangular(self, "excitatory", excitatory)
        veto = rectangular(self, "inhibitory", inhibitory)
        for inputs in (active, veto):
            for odd in inputs[~np.isin(inputs, (0, 1))][:1]:
                raise ValueError(f"{self}: an input is {odd}, expected 0 or 1")
        enough = active.sum(axis=-1) >= self.threshold
        return np.asarray(enough & ~veto.any(axis=-1)).astype(np.int64)

    def __repr__(self) -> str:
        return f"McCullochPitts({self.threshold})"


class Neuron:
    """An artificial neuron: y = activation(w . x + b).

    One input (n,) gives one number, many (N, n) give (N,). `w` has a weight for each
    connection, `b` shifts the point where the neuron starts to respond.
    Raises: ValueError where x has another number of features than w.

    Examples:
        >>> Neuron([1, 1], -1.5)([[1, 1], [1, 0]])
        array([1., 0.])
    """

    def __init__(
        self, w: ArrayLike, b: float = 0.0, *, activation: Activation = step
    ) -> None:
        self.w, self.b = np.array(w, dtype=np.float64), float(b)
        self.activation = activation

    def weighted_sum(self, x: ArrayLike) -> Array:
        """Return z = w . x + b, what the activation gets to see."""
        x = floats(self, "x", x, dtype=np.float64)
        check_shape(self, "x", x, (*x.shape[:-1], self.w.size))
        return np.asarray(x @ self.w + self.b)

    def __call__(self, x: ArrayLike) -> Array:
        """Return the neuron's answer to one input, or to many."""
        return self.activation(self.weighted_sum(x))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.w.size} weights)"


class Perceptron(Neuron):
    """A neuron with a step that learns from its mistakes; starts with zeros.

    Learns any two classes that a straight line can separate, and never settles where
    none can.
    Source: Rosenblatt (1958) for the perceptron, and Rosenblatt (1962) for this rule,
    which changes weights after a mistake only; proof: Novikoff (1962).

    Examples:
        >>> perceptron = Perceptron(2)
        >>> perceptron.fit([[1, 1], [1, 0], [0, 1], [0, 0]], [1, 0, 0, 0])
        [3, 2, 3, 2, 2, 0]
        >>> perceptron([[1, 1], [1, 0]])
        array([1., 0.])
    """

    def __init__(self, n_inputs: int) -> None:
        super().__init__(np.zeros(n_inputs))

    def fit(self, x: ArrayLike, y: ArrayLike, *, passes: int = 100) -> list[int]:
        """Go through the examples (N, n) and targets (N,) until all are right.

        After each mistake the weights move toward the input if the answer should have
        been 1, away from it if 0. Returns the number of mistakes in each pass: it ends
        with 0, or has length `passes` where that was not enough.
        Raises: ValueError for targets other than 0 and 1, or another number of them.
        """
        x, y = floats(self, "x", x, dtype=np.float64), rectangular(self, "y", y)
        if y.shape != x.shape[:1] or not np.isin(y, (0, 1)).all():
            came = f"targets {y.shape} from {y.min(initial=0)} to {y.max(initial=0)}"
            raise ValueError(f"{self}: {came}, expected {x.shape[:1]} of 0 or 1")
        mistakes: list[int] = []
        while len(mistakes) < passes and (not mistakes or mistakes[-1] > 0):
            mistakes.append(0)
            for one, target in zip(x, y, strict=True):
                error = float(target - self(one))
                self.w += error * one
                self.b += error
                mistakes[-1] += error != 0
        return mistakes
