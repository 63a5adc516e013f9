"""How a network learns from examples: look at a few, step, and so on, many times over.

`train` changes the parameters of the network it is given, and returns the history of
how it went; `accuracy` says how often a network that tells classes apart is right.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.arrays import (
    Array,
    check_generator,
    check_labels,
    check_shape,
    check_sizes,
    floats,
    rectangular,
    yes_and_no,
)
from neuralblog.losses import Loss, Target
from neuralblog.network import Sequential
from neuralblog.optimizers import Optimizer

__all__ = ["History", "accuracy", "train"]

Schedule = Callable[[float], float]
Progress = Callable[[int], Iterable[int]]


@dataclass
class History:
    """What happened in training, one number per epoch in each list.

    `loss` and `accuracy` are means over the epoch's examples, each judged when its
    batch was met, so before the network had learned from it. Accuracies stay empty
    where targets are no classes, the validation's lists where there was none.

    Examples:
        >>> history = History(validation_loss=[0.9, 0.4, 0.5])
        >>> history.epochs_since_best()
        1
    """

    loss: list[float] = field(default_factory=list)
    accuracy: list[float] = field(default_factory=list)
    validation_loss: list[float] = field(default_factory=list)
    validation_accuracy: list[float] = field(default_factory=list)

    def record(self, prefix: str, score: Array) -> None:
        """Append [loss, accuracy], or [loss] alone, to the lists with that prefix."""
        for name, value in zip(("loss", "accuracy"), score.tolist(), strict=False):
            getattr(self, prefix + name).append(value)

    def epochs_since_best(self) -> int:
        """Count the epochs since the lowest validation loss; NaN is never the lowest.

        Raises: ValueError where no epoch was judged.
        """
        losses = np.array(self.validation_loss)
        if not losses.size:
            raise ValueError("History: no epoch was judged, expected validation losses")
        return (
            losses.size - 1 - int(np.argmin(np.where(np.isnan(losses), np.inf, losses)))
        )


def accuracy(network: Sequential, x: ArrayLike, labels: ArrayLike) -> float:
    """Return the share of inputs whose highest score is that of their label, 0 to 1.

    A network with a single output gives the probability of class 1, against 0.
    Raises: ValueError where there is not one label per input, or none at all, or where
    a single output is no probability; TypeError for labels that are no whole numbers.

    Examples:
        >>> network = Sequential(Softmax())  # passes on which score is highest
        >>> accuracy(network, [[2.0, 1.0], [0.0, 3.0]], [0, 0])
        0.5
    """
    x, labels = floats("accuracy", "x", x), rectangular("accuracy", "labels", labels)
    check_shape("accuracy", "labels", labels, (max(len(x), 1),))
    scores = yes_and_no("accuracy", network.predict(x))
    return share_right(
        scores, check_labels("accuracy", "labels", labels, *scores.shape)
    )


def train(
    network: Sequential,
    x: ArrayLike,
    y: ArrayLike,
    *,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int = 32,
    schedule: Schedule | None = None,
    validation: tuple[ArrayLike, ArrayLike] | None = None,
    patience: int | None = None,
) -> History:
    """Train on shuffled mini-batches of the examples (x, y), and return the history.

    An epoch is one pass over all examples. `schedule` turns the progress made, 0 to 1,
    into a factor for the learning rate. With `patience`, training stops when the loss
    on the `validation` examples (x, y) has had no new low for so many epochs. Whatever
    ends it then, also an error or Ctrl+C, the parameters are put back to where that
    loss was lowest.
    Raises: ValueError where x and y differ in length, or a number is not finite.

    Examples:
        >>> rng, (x, y) = np.random.default_rng(0), datasets.xor()
        >>> network = Sequential(Dense(2, 8, rng=rng), Tanh(), Dense(8, 2, rng=rng))
        >>> loss, optimizer = SoftmaxCrossEntropy(), Adam(0.05)
        >>> _ = train(network, x, y, loss=loss, optimizer=optimizer, epochs=99, rng=rng)
        >>> accuracy(network, x, y)
        1.0
    """
    check_sizes("train", epochs=epochs, batch_size=batch_size)
    check_generator("train", rng)
    x, y = examples("train", x, y)
    if validation is not None:
        validation = examples("train: validation", *validation)
    if patience is not None:
        check_sizes("train", patience=patience)
        if validation is None:
            raise ValueError("train: patience is given, expected validation examples")
    n_steps = epochs * math.ceil(len(x) / batch_size)
    history, best = History(), network.snapshot()
    try:
        with (
            scheduled(optimizer, schedule, n_steps) as steps,
            np.errstate(all="ignore"),
        ):
            for epoch in range(epochs):
                batches = shuffled_batches(len(x), batch_size, rng)
                scores = []
                for batch, step in zip(batches, steps, strict=False):
                    judged = train_step(network, x[batch], y[batch], loss, optimizer)
                    number = judged[0] + network.parameters.sum()
                    check_finite(number, f"step {step + 1} of {n_steps}")
                    scores.append(len(batch) * judged)
                history.record("", np.sum(scores, axis=0) / len(x))
                if validation is not None:
                    answers, right = network.predict(validation[0]), validation[1]
                    judged = judge(answers, right, loss(answers, right))
                    check_finite(judged[0], f"validation after epoch {epoch + 1}")
                    history.record("validation_", judged)
                if patience is not None:
                    waited = history.epochs_since_best()
                    best = best if waited else network.snapshot()
                    if waited == patience:
                        break
    finally:
        if patience is not None:
            network.restore(best)
    return history


def examples(owner: str, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[Any], Target]:
    """Return inputs and targets as arrays, if there are as many, and all are finite."""
    x, y = rectangular(owner, "x", x), rectangular(owner, "y", y)
    check_shape(owner, "x", x, ("N", *x.shape[1:]))
    check_shape(owner, "y", y, (max(len(x), 1), *y.shape[1:]))
    for name, values in (("x", x), ("y", y)):
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            i = np.argwhere(~np.isfinite(values))[0]
            where = f"{name}[{', '.join(map(str, i))}]"
            raise ValueError(f"{owner}: {where} is {values[*i]}, expected a number")
    return x, y


def check_finite(number: float, place: str) -> None:
    """Stop where training went astray."""
    if not math.isfinite(number):
        came = f"train: {place} gave numbers that are not finite"
        raise ValueError(f"{came}; try a lower learning rate")


def shuffled_batches(
    n: int, batch_size: int, rng: np.random.Generator
) -> Iterator[NDArray[np.integer]]:
    """Yield the indices of n examples in a random order, a batch at a time."""
    order = rng.permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]


def train_step(
    network: Sequential, x: Array, y: Target, loss: Loss, optimizer: Optimizer
) -> Array:
    """Learn from one batch: forward, backward, step. Return its loss and accuracy."""
    prediction = network.forward(x, training=True)
    value, dy = loss.with_gradient(prediction, y)
    network.parameter_gradients(dy)
    optimizer.step(network.parameters, network.gradients)
    return judge(prediction, y, value)


def judge(prediction: Array, target: Target, loss: float) -> Array:
    """Return [loss, accuracy], or where the targets are no classes, [loss] alone."""
    if target.dtype.kind not in "iu" or prediction.ndim <= target.ndim:
        return np.array([loss])
    return np.array([loss, share_right(prediction, target)])


def share_right(scores: Array, labels: Target) -> float:
    """Return the share of rows whose highest score is that of the label."""
    return float(np.mean(scores.argmax(axis=1) == labels))


@contextmanager
def scheduled(
    optimizer: Optimizer, schedule: Schedule | None, n_steps: int
) -> Iterator[Iterator[int]]:
    """Give the steps, each of which sets the learning rate; put it back at the end."""
    full_rate = optimizer.learning_rate

    def at_its_rate(step: int) -> int:
        if schedule is not None:
            optimizer.learning_rate = full_rate * schedule(step / n_steps)
        return step

    try:
        yield map(at_its_rate, _progress(n_steps))
    finally:
        optimizer.learning_rate = full_rate


def show_progress(steps: Progress) -> None:
    """Show the steps of `train` in another way: steps(n) goes through 0 to n - 1."""
    global _progress
    _progress = steps


def progress_bar(n_steps: int) -> Iterable[int]:
    """Count the steps, with a bar where someone can see it and tqdm is installed."""
    if sys.stderr is not None and sys.stderr.isatty() and sys.platform != "emscripten":
        with suppress(ImportError):
            from tqdm import tqdm

            bar: Iterable[int] = tqdm(range(n_steps), unit="step", leave=False)
            return bar
    return range(n_steps)


_progress: Progress = progress_bar
