"""Training: it learns, it stops in time, it repeats, and it says when it went wrong."""

import subprocess
import sys
import warnings
from collections.abc import Iterator
from itertools import chain

import numpy as np
import pytest

from neuralblog import training
from neuralblog.activations import ReLU, Sigmoid, Tanh
from neuralblog.arrays import Array
from neuralblog.layers import Dense
from neuralblog.losses import MeanSquaredError, SoftmaxCrossEntropy
from neuralblog.network import Sequential
from neuralblog.optimizers import SGD, Adam, linear_decay
from neuralblog.regularization import BatchNorm
from neuralblog.training import History, accuracy, train


def points(n: int, seed: int = 0) -> tuple[Array, np.ndarray]:
    """Points in the plane, and whether they lie in a ring around the origin."""
    x = np.random.default_rng(seed).uniform(-1, 1, (n, 2))
    return x, (np.hypot(*x.T) > 0.7).astype(int)


def classifier(seed: int = 0) -> Sequential:
    rng = np.random.default_rng(seed)
    return Sequential(Dense(2, 16, rng=rng), ReLU(), Dense(16, 2, rng=rng))


def fit(network: Sequential, epochs: int = 20, **options: object) -> History:
    x, y = points(200)
    settings = {
        "loss": SoftmaxCrossEntropy(),
        "optimizer": Adam(0.02),
        "rng": np.random.default_rng(0),
        **options,
    }
    return train(network, x, y, epochs=epochs, **settings)


def test_it_learns_a_ring() -> None:
    network = classifier()
    history = fit(network, epochs=40)
    assert len(history.loss) == len(history.accuracy) == 40
    assert history.loss[-1] < history.loss[0] / 3
    assert history.accuracy[-1] > 0.95
    assert history.validation_loss == history.validation_accuracy == []
    assert accuracy(network, *points(1000, seed=1)) > 0.9


def test_it_learns_from_a_single_example() -> None:
    network, (x, y) = classifier(), points(1)
    loss = SoftmaxCrossEntropy()
    optimizer, rng = Adam(0.02), np.random.default_rng(0)
    history = train(network, x, y, loss=loss, optimizer=optimizer, epochs=9, rng=rng)
    assert history.loss[-1] < history.loss[0]


def test_it_fits_numbers_which_have_no_accuracy() -> None:
    rng = np.random.default_rng(0)
    network = Sequential(Dense(2, 1, rng=rng))
    x = rng.standard_normal((50, 2))
    y = x @ [[2.0], [-1.0]] + 0.5
    history = train(
        network, x, y, loss=MeanSquaredError(), optimizer=SGD(0.1), epochs=50, rng=rng
    )
    assert history.accuracy == []
    np.testing.assert_allclose(network.parameters, [2, -1, 0.5], atol=1e-6)
    whole = np.rint(y).astype(int)  # numbers still, with an answer to each
    assert training.judge(network.predict(x), whole, MeanSquaredError()).shape == (1,)


def test_the_same_seed_gives_the_same_digits() -> None:
    one, other, third = classifier(), classifier(), classifier()
    assert fit(one) == fit(other)
    np.testing.assert_array_equal(one.parameters, other.parameters)
    fit(third, rng=np.random.default_rng(1))
    assert not np.array_equal(one.parameters, third.parameters)


def test_the_history_is_that_of_the_batches() -> None:
    """One batch an epoch, no step taken: the network itself is what is judged."""
    network, (x, y) = classifier(), points(200)
    history = fit(network, epochs=1, optimizer=SGD(0.0), batch_size=60)
    assert history.loss[0] == pytest.approx(
        SoftmaxCrossEntropy()(network.forward(x), y)
    )
    assert history.accuracy[0] == pytest.approx(accuracy(network, x, y))


def test_each_epoch_meets_every_example_once_in_a_new_order() -> None:
    met: list[list[float]] = []

    class Watched(Tanh):
        def forward(self, x: Array) -> Array:
            if self.training:
                met.append(x[:, 0].tolist())
            return super().forward(x)

    x = np.arange(10.0).reshape(10, 1)
    network = Sequential(Watched(), Dense(1, 1, rng=np.random.default_rng(0)))
    train(
        network,
        x,
        x,
        loss=MeanSquaredError(),
        optimizer=SGD(0.0),
        epochs=2,
        batch_size=4,
        rng=np.random.default_rng(0),
    )
    assert [len(batch) for batch in met] == [4, 4, 2, 4, 4, 2]
    first, second = (list(chain(*batches)) for batches in (met[:3], met[3:]))
    assert sorted(first) == sorted(second) == x[:, 0].tolist()
    assert first != second


def test_the_schedule_sets_the_rate_and_the_end_puts_it_back() -> None:
    optimizer, rates = SGD(0.5), []

    def watched(progress: float) -> float:
        rates.append((progress, optimizer.learning_rate))
        return linear_decay(progress)

    fit(classifier(), epochs=2, optimizer=optimizer, schedule=watched, batch_size=100)
    assert [progress for progress, _ in rates] == [0, 0.25, 0.5, 0.75]
    assert [rate for _, rate in rates] == [0.5, 0.5, 0.375, 0.25]
    assert optimizer.learning_rate == 0.5


def test_validation_is_judged_after_each_epoch() -> None:
    network, validation = classifier(), points(300, seed=1)
    history = fit(network, epochs=5, validation=validation)
    assert len(history.validation_loss) == len(history.validation_accuracy) == 5
    assert history.validation_accuracy[-1] == accuracy(network, *validation)
    loss = SoftmaxCrossEntropy()(network.forward(validation[0]), validation[1])
    assert history.validation_loss[-1] == pytest.approx(loss)


def test_early_stopping_puts_the_best_weights_back() -> None:
    rng = np.random.default_rng(0)
    x, y = points(20)
    y = np.where(rng.random(20) < 0.3, 1 - y, y)  # labels that are better not learned
    network = Sequential(
        Dense(2, 50, rng=rng), BatchNorm(50), ReLU(), Dense(50, 2, rng=rng)
    )
    validation = points(500, seed=1)
    loss = SoftmaxCrossEntropy()
    history = train(
        network,
        x,
        y,
        loss=loss,
        optimizer=Adam(0.01),
        epochs=200,
        rng=rng,
        validation=validation,
        patience=5,
    )
    best = int(np.argmin(history.validation_loss))
    assert len(history.validation_loss) == best + 1 + 5 < 200
    now = loss(network.predict(validation[0]), validation[1])
    assert now == min(history.validation_loss) < history.validation_loss[-1]


def test_with_patience_to_the_end_the_best_weights_come_back_too() -> None:
    network, validation = classifier(), points(300, seed=1)
    history = fit(network, optimizer=SGD(2.0), validation=validation, patience=100)
    assert len(history.validation_loss) == 20
    now = SoftmaxCrossEntropy()(network.predict(validation[0]), validation[1])
    assert now == min(history.validation_loss) < history.validation_loss[-1]


def test_a_loss_that_is_no_number_names_its_step() -> None:
    optimizer = SGD(1e300)
    message = r"^train: step [23] of 140 gave numbers that are not finite; try"
    silent = warnings.catch_warnings(action="error")
    with silent, pytest.raises(ValueError, match=message):
        fit(classifier(), optimizer=optimizer, schedule=linear_decay)
    assert optimizer.learning_rate == 1e300


def test_the_last_step_is_checked_too() -> None:
    with pytest.raises(ValueError, match=r"^train: step 1 of 1 gave numbers that"):
        fit(classifier(), epochs=1, optimizer=SGD(np.inf), batch_size=200)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "train: epochs is 0, expected 1 or more"),
        ({"batch_size": 2.5}, TypeError, "train: batch_size is 2.5, expected a whole"),
        ({"patience": 3}, ValueError, "train: patience is given, expected validation"),
        ({"rng": 0}, TypeError, "train: rng is 0, expected a generator"),
        ({"patience": 2.5}, TypeError, "train: patience is 2.5, expected a whole num"),
        ({"patience": 0}, ValueError, "train: patience is 0, expected 1 or more"),
        ({"patience": -1}, ValueError, "train: patience is -1, expected 1 or more"),
    ],
)
def test_settings_that_do_not_fit(
    options: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=f"^{message}"):
        fit(classifier(), **options)


@pytest.mark.parametrize(("n", "m"), [(5, 4), (0, 0)])
def test_examples_need_targets(n: int, m: int) -> None:
    with pytest.raises(ValueError, match=rf"^train: y has shape \({m},\), expected "):
        train(
            classifier(),
            np.zeros((n, 2)),
            np.zeros(m, int),
            loss=SoftmaxCrossEntropy(),
            optimizer=SGD(0.1),
            epochs=1,
            rng=np.random.default_rng(0),
        )


def test_accuracy_is_the_share_of_right_answers() -> None:
    network = Sequential(Tanh())
    x = np.array([[2.0, 1, 0], [0, 2, 1], [0, 1, 2], [2, 1, 0]])
    assert accuracy(network, x, np.array([0, 1, 2, 2])) == 0.75
    for labels in (np.zeros((4, 1)), np.zeros(3)):
        with pytest.raises(ValueError, match=r"^accuracy: labels has shape .* \(4,\)$"):
            accuracy(network, x, labels)
    with pytest.raises(ValueError, match=r"shape \(0,\), expected \(1,\)$"):
        accuracy(network, x[:0], np.zeros(0))


def test_arguments_are_never_changed() -> None:
    x, y = points(50)
    before = x.copy(), y.copy()
    fit_on = {"loss": SoftmaxCrossEntropy(), "optimizer": Adam(0.1), "epochs": 3}
    train(classifier(), x, y, rng=np.random.default_rng(0), **fit_on)
    np.testing.assert_array_equal(x, before[0])
    np.testing.assert_array_equal(y, before[1])


def see_progress(monkeypatch: pytest.MonkeyPatch, terminal: bool) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal, raising=False)


def test_a_bar_shows_the_progress(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    see_progress(monkeypatch, terminal=True)
    fit(classifier(), epochs=2)
    captured = capsys.readouterr()
    assert "14" in captured.err
    assert captured.err.endswith("\r")  # gone at the end
    assert captured.out == ""


@pytest.mark.parametrize("why", ["no terminal", "browser", "no tqdm", "no stderr"])
def test_where_no_bar_is_of_use_there_is_none(
    why: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    see_progress(monkeypatch, terminal=why != "no terminal")
    if why == "browser":
        monkeypatch.setattr(sys, "platform", "emscripten")
    if why == "no tqdm":
        monkeypatch.setitem(sys.modules, "tqdm", None)
    if why == "no stderr":
        monkeypatch.setattr(sys, "stderr", None)
    assert training.progress_bar(3) == range(3)
    assert len(fit(classifier(), epochs=2).loss) == 2
    monkeypatch.undo()
    assert capsys.readouterr() == ("", "")


def test_the_library_imports_neither_tqdm_nor_matplotlib() -> None:
    code = (
        "import sys, neuralblog.training, neuralblog.cnn; "
        "sys.exit(bool({'tqdm', 'matplotlib', 'urllib.request'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


class Straying(SGD):
    """Takes good steps, and then one that goes nowhere good."""

    def __init__(self, rate: float, good: int, last: float | BaseException) -> None:
        super().__init__(rate)
        self.good, self.last, self.steps = good, last, 0

    def step(self, parameters: Array, gradients: Array) -> None:
        self.steps += 1
        if self.steps <= self.good:
            super().step(parameters, gradients)
        elif isinstance(self.last, BaseException):
            raise self.last
        else:
            parameters += self.last


@pytest.mark.parametrize("last", [np.inf, 1e300, KeyboardInterrupt()])
def test_the_best_comes_back_whatever_ends_it(last: float | BaseException) -> None:
    network, validation = classifier(), points(300, seed=1)
    loss, optimizer = SoftmaxCrossEntropy(), Straying(0.5, 8, last)
    reference = classifier()
    lowest = min(
        fit(
            reference,
            epochs=4,
            batch_size=100,
            optimizer=SGD(0.5),
            validation=validation,
        ).validation_loss
    )
    error = KeyboardInterrupt if isinstance(last, KeyboardInterrupt) else ValueError
    with pytest.raises(error):
        fit(
            network,
            epochs=99,
            batch_size=100,
            optimizer=optimizer,
            validation=validation,
            patience=50,
        )
    now = loss(network.predict(validation[0]), validation[1])
    assert now == pytest.approx(lowest)


def test_nan_is_no_improvement() -> None:
    assert History(validation_loss=[3, 1, np.nan, 2]).epochs_since_best() == 2
    assert History(validation_loss=[np.nan, 2, 3]).epochs_since_best() == 1
    with pytest.raises(ValueError, match="^History: no epoch was judged, expected"):
        History().epochs_since_best()


def test_numbers_that_are_not_finite_are_refused_before_the_first_step() -> None:
    network, (x, y) = classifier(), points(20)
    before = network.parameters.copy()
    broken = x.copy()
    broken[3, 1] = np.nan
    message = r"^train{}: x\[3, 1\] is nan, expected a number$"
    settings = {
        "loss": SoftmaxCrossEntropy(),
        "optimizer": SGD(0.1),
        "epochs": 1,
        "rng": np.random.default_rng(0),
    }
    with pytest.raises(ValueError, match=message.format("")):
        train(network, broken, y, **settings)
    with pytest.raises(ValueError, match=message.format(": validation")):
        train(network, x, y, validation=(broken, y), **settings)
    np.testing.assert_array_equal(network.parameters, before)


def test_lists_are_examples_too() -> None:
    x, y = points(20)
    settings = {"loss": SoftmaxCrossEntropy(), "epochs": 2}
    histories = []
    for a, b in ((x, y), (x.tolist(), y.tolist())):
        network, rng = classifier(), np.random.default_rng(0)
        histories.append(
            train(
                network,
                a,
                b,
                optimizer=SGD(0.1),
                rng=rng,
                validation=(a, b),
                **settings,
            )
        )
        assert accuracy(network, a, b) == histories[-1].validation_accuracy[-1]
    assert histories[0] == histories[1]
    with pytest.raises(ValueError, match=r"^train: x has shape \(\), expected \(N,\)$"):
        train(network, 1.0, 1, optimizer=SGD(0.1), rng=rng, **settings)


def test_accuracy_of_one_output() -> None:
    x = np.array([[-3.0], [2.0], [1.0]])
    network = Sequential(Sigmoid())
    assert accuracy(network, x, [0, 1, 1]) == 1
    assert accuracy(network, x, [0, 1, 0]) == pytest.approx(2 / 3)
    with pytest.raises(ValueError, match="^accuracy: one column of scores runs from -"):
        accuracy(Sequential(Tanh()), x, [0, 1, 1])
    with pytest.raises(ValueError, match=r"^accuracy: scores has shape .* \(N, C\)$"):
        accuracy(Sequential(Tanh()), np.ones((2, 3, 1, 1)), [0, 1])
    with pytest.raises(
        ValueError, match="^accuracy: labels runs from 0 to 2, expected"
    ):
        accuracy(network, x, [0, 1, 2])


def test_a_rest_of_one_names_its_remedy() -> None:
    network = Sequential(BatchNorm(2), Dense(2, 2, rng=np.random.default_rng(0)))
    with pytest.raises(ValueError, match="1 values per channel.*; choose a batch_size"):
        fit(network, epochs=1, batch_size=199)


def test_another_progress_can_be_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "_progress", training.progress_bar)  # put back later
    shown: list[int] = []

    def steps(n: int) -> Iterator[int]:
        for i in range(n):
            shown.append(i)
            yield i

    training.show_progress(steps)
    fit(classifier(), epochs=1, batch_size=50)
    assert shown == [0, 1, 2, 3]
