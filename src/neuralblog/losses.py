"""How wrong a prediction is, as one number, and in which direction it gets better.

Every loss is an object: `loss(prediction, target)` is the number, the mean over the
batch, and `loss.gradient(prediction, target)` its slope, shaped like the prediction;
`with_gradient` returns both.
"""

import numpy as np
from numpy.typing import NDArray

from neuralblog.arrays import Array, check_labels, check_number, floats

__all__ = ["Loss", "MeanSquaredError", "Huber", "Hinge", "BinaryCrossEntropy"]
__all__ += ["SoftmaxCrossEntropy", "Target"]

Target = NDArray[np.floating] | NDArray[np.integer]
"""What is right: real numbers like the prediction, or the number of a class."""


class Loss:
    """A way to judge predictions.

    Raises: ValueError where prediction and target don't have the same shape, which
    NumPy would stretch to fit, or where there is nothing to take a mean of.
    """

    def __call__(self, prediction: Array, target: Target) -> float:
        """Return the loss, a mean over the batch."""
        raise NotImplementedError

    def gradient(self, prediction: Array, target: Target) -> Array:
        """Return the slope of the loss along each number of the prediction."""
        raise NotImplementedError

    def with_gradient(self, prediction: Array, target: Target) -> tuple[float, Array]:
        """Return both, where they share work in less time than one after the other."""
        return self(prediction, target), self.gradient(prediction, target)

    def matched(self, prediction: Array, target: Target) -> tuple[Array, Array]:
        """Return both in the precision of the prediction, if they fit each other."""
        prediction = floats(self, "prediction", prediction)
        target = floats(self, "target", target, prediction.shape, prediction.dtype)
        if not prediction.size:
            raise ValueError(f"{self}: prediction is empty, expected at least one row")
        return prediction, target

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class MeanSquaredError(Loss):
    """For numbers to come close to: mean of (prediction - target)^2, without a half.

    Examples:
        >>> MeanSquaredError()([1, 2], [1, 4])
        2.0
    """

    def __call__(self, prediction: Array, target: Target) -> float:
        """Return the mean of (prediction - target)^2."""
        prediction, target = self.matched(prediction, target)
        return float(np.mean((prediction - target) ** 2))

    def gradient(self, prediction: Array, target: Target) -> Array:
        """Return 2 (prediction - target) / n, n numbers in all."""
        prediction, target = self.matched(prediction, target)
        return 2 * (prediction - target) / prediction.size


class Huber(Loss):
    """For numbers with outliers: a parabola near the target, a straight line further.

    Half the squared error up to `delta`, and from there on as steep as it is there.
    Source: Huber (1964).

    Examples:
        >>> Huber()([0.5, 4.0], [0.0, 0.0])
        1.8125
    """

    def __init__(self, *, delta: float = 1.0) -> None:
        check_number("Huber", above=0, delta=delta)
        self.delta = delta

    def __call__(self, prediction: Array, target: Target) -> float:
        """Return the mean of near (error - near / 2), near at most delta."""
        prediction, target = self.matched(prediction, target)
        error = np.abs(prediction - target)
        near = np.minimum(error, self.delta)
        return float(np.mean(near * (error - near / 2)))

    def gradient(self, prediction: Array, target: Target) -> Array:
        """Return the error, cut off at -delta and delta, / n."""
        prediction, target = self.matched(prediction, target)
        error = prediction - target
        return np.clip(error, -self.delta, self.delta) / prediction.size


class Hinge(Loss):
    """For two classes called -1 and +1: a score has to be right by a margin of one.

    The mean of max(0, 1 - target * score).
    Raises: ValueError for targets other than -1 and +1.

    Examples:
        >>> Hinge()([2.0, 0.5, -0.5], [1, 1, 1])
        0.6666666666666666
    """

    def __call__(self, prediction: Array, target: Target) -> float:
        """Return the mean of max(0, 1 - target * prediction)."""
        prediction, target = self.matched(prediction, target)
        return float(np.mean(np.maximum(1 - target * prediction, 0)))

    def gradient(self, prediction: Array, target: Target) -> Array:
        """Return -target / n where the margin is below one, else 0."""
        prediction, target = self.matched(prediction, target)
        return -target * (target * prediction < 1) / prediction.size

    def matched(self, prediction: Array, target: Target) -> tuple[Array, Array]:
        """Refuse targets other than -1 and +1."""
        prediction, target = super().matched(prediction, target)
        if not np.all(np.abs(target) == 1):
            raise ValueError(f"{self}: target has other values, expected -1 and +1")
        return prediction, target


class BinaryCrossEntropy(Loss):
    """For yes or no: prediction is the probability of yes, target is 0 or 1.

    The mean of -log(the probability given to what was true). At 0 a logarithm and its
    slope are infinite, so it goes on along its tangent there: below the smallest normal
    number, and for 1 - p below the last step before 1. Loss and gradient are large
    then, but finite, and agree; a sure and wrong answer is still pulled back.
    Raises: ValueError for probabilities or targets outside of 0...1.

    Examples:
        >>> round(BinaryCrossEntropy()([0.9, 0.2], [1, 0]), 3)
        0.164
    """

    def __call__(self, prediction: Array, target: Target) -> float:
        """Return the mean of -log p where the target is 1, -log (1 - p) where 0."""
        p, target = self.matched(prediction, target)
        yes, no = self.kept_off_zero(p)
        log_yes = np.log(yes) + (p - yes) / yes
        log_no = np.log1p(-np.minimum(p, 1 - no)) + ((1 - p) - no) / no
        return float(-np.mean(target * log_yes + (1 - target) * log_no))

    def gradient(self, prediction: Array, target: Target) -> Array:
        """Return ((1 - target) / (1 - p) - target / p) / n, and 0 for a perfect p."""
        p, target = self.matched(prediction, target)
        yes, no = self.kept_off_zero(p)
        slopes: Array = (p != target) * ((1 - target) / no - target / yes) / p.size
        return slopes

    def kept_off_zero(self, p: Array) -> tuple[Array, Array]:
        """Return p and 1 - p, where they are not too small to divide by."""
        limits = np.finfo(p.dtype)
        return np.maximum(p, limits.tiny), np.maximum(1 - p, limits.epsneg)

    def matched(self, prediction: Array, target: Target) -> tuple[Array, Array]:
        """Refuse what is no probability."""
        prediction, target = super().matched(prediction, target)
        for name, values in (("prediction", prediction), ("target", target)):
            if np.any((values < 0) | (values > 1)):
                raise ValueError(f"{self}: {name} has values outside of 0...1")
        return prediction, target


class SoftmaxCrossEntropy(Loss):
    """For one class of many: scores (N, C) and the true classes (N,), whole numbers.

    The mean of -log(softmax(scores)[true class]). Softmax is part of the loss because
    together they are stable, and their gradient is as short as "probability minus one
    for the true class". Source: Bridle (1990).
    Raises: ValueError or TypeError for labels that are not whole numbers in 0...C-1.

    Examples:
        >>> round(SoftmaxCrossEntropy()([[2.0, 0.0], [0.0, 1.0]], [0, 1]), 3)
        0.22
    """

    def __call__(self, prediction: Array, target: Target) -> float:
        """Return the mean of log(sum(exp(scores))) - score of the true class."""
        return self.with_gradient(prediction, target)[0]

    def gradient(self, prediction: Array, target: Target) -> Array:
        """Return (softmax(scores) - 1 at the true class) / N."""
        return self.with_gradient(prediction, target)[1]

    def with_gradient(self, prediction: Array, target: Target) -> tuple[float, Array]:
        """Return both; in memory the classes come first, so sums run along the batch.

        The largest score of each row is made 0, so that exp never overflows.
        """
        prediction = floats(self, "prediction", prediction, ("N", "C"))
        if not prediction.size:
            raise ValueError(f"{self}: prediction is empty, expected at least one row")
        target = check_labels(self, "target", target, *prediction.shape)
        z = prediction.T.copy()
        z -= z.max(axis=0)
        p = np.exp(z)
        sums = p.sum(axis=0)
        right = target, np.arange(len(target))
        value = (np.log(sums) - z[right]).sum() / len(target)
        p /= sums
        p[right] -= 1
        p /= len(target)
        return float(value), p.T
