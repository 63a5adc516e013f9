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
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from neuralblog.layers import Array, check_shape, check_sizes
from neuralblog.losses import Loss, Target
from neuralblog.network import Sequential
from neuralblog.optimizers import Optimizer

__all__ = ["History", "accuracy", "train"]

Schedule = Callable[[float], float]
Quantity = Literal["loss", "accuracy"]


@dataclass
class History:
    """What happened in training, one number per epoch in each list.

    `loss` and `accuracy` are means over the epoch's examples, each judged when its
    batch was met, so before the network had learned from it. Accuracies stay empty
    where targets are no classes, the validation's lists where there was none.
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
        """Count the epochs since the lowest validation loss."""
        return len(self.validation_loss) - 1 - int(np.argmin(self.validation_loss))

    def plot(self, quantity: Quantity = "loss", *, ax: Any = None) -> Any:
        """Draw the learning curves with Matplotlib, and return the axes."""
        from neuralblog import plotting

        return plotting.history(self, quantity, ax=ax)


def accuracy(network: Sequential, x: Array, labels: NDArray[np.integer]) -> float:
    """Return the share of inputs whose highest score is that of their label, 0 to 1.

    Raises: ValueError where there is not one label per input, or none at all.
    """
    check_shape("accuracy", "labels", labels, (max(len(x), 1),))
    return share_right(network.predict(x), labels)


def train(
    network: Sequential,
    x: Array,
    y: Target,
    *,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    rng: np.random.Generator,
    batch_size: int = 32,
    schedule: Schedule | None = None,
    validation: tuple[Array, Target] | None = None,
    patience: int | None = None,
) -> History:
    """Train on shuffled mini-batches of the examples (x, y), and return the history.

    An epoch is one pass over all examples. `schedule` turns the progress made, 0 to 1,
    into a factor for the learning rate. With `patience`, training stops when the loss
    on the `validation` examples (x, y) has had no new low for so many epochs; then, as
    at the end, the parameters are put back to where it was lowest.
    Raises: ValueError where x and y differ in length, or a number ends up not finite.
    """
    check_sizes("train", epochs=epochs, batch_size=batch_size)
    check_shape("train", "y", y, (max(len(x), 1), *y.shape[1:]))
    if patience is not None and validation is None:
        raise ValueError("train: patience is given, expected validation examples too")
    history, best = History(), network.snapshot()
    n_steps = epochs * math.ceil(len(x) / batch_size)
    with scheduled(optimizer, schedule, n_steps) as steps, np.errstate(all="ignore"):
        for _ in range(epochs):
            scores, batches = [], shuffled_batches(len(x), batch_size, rng)
            for batch, step in zip(batches, steps, strict=False):
                score = train_step(network, x[batch], y[batch], loss, optimizer)
                check_finite(score[0] + network.parameters.sum(), step, n_steps)
                scores.append(len(batch) * score)
            history.record("", np.sum(scores, axis=0) / len(x))
            if validation is not None:
                answers, right = network.predict(validation[0]), validation[1]
                score = judge(answers, right, loss(answers, right))
                history.record("validation_", score)
            if patience is not None:
                if history.epochs_since_best() == 0:
                    best = network.snapshot()
                if history.epochs_since_best() == patience:
                    break
    if patience is not None:
        network.restore(best)
    return history


def check_finite(number: float, step: int, n_steps: int) -> None:
    """Stop where training went astray."""
    if not math.isfinite(number):
        came = f"train: step {step + 1} of {n_steps} gave numbers that are not finite"
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
    score = [loss]
    if np.issubdtype(target.dtype, np.integer) and prediction.ndim > target.ndim:
        score.append(share_right(prediction, target))
    return np.array(score)


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
        yield map(at_its_rate, progress_bar(n_steps))
    finally:
        optimizer.learning_rate = full_rate


def progress_bar(n_steps: int) -> Iterable[int]:
    """Count the steps, with a bar where someone can see it and tqdm is installed."""
    if sys.stderr is not None and sys.stderr.isatty() and sys.platform != "emscripten":
        with suppress(ImportError):
            from tqdm import tqdm

            bar: Iterable[int] = tqdm(range(n_steps), unit="step", leave=False)
            return bar
    return range(n_steps)
