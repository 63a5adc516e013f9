"""Sequential: one vector of parameters, the way back, files that hold what was learned."""

import copy
import io
import pickle
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.activations import Sigmoid, Tanh, relu
from neuralblog.arrays import Array
from neuralblog.convolution import Conv2D
from neuralblog.gradients import check_gradients
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.losses import SoftmaxCrossEntropy
from neuralblog.network import Sequential, named_arrays, outputs
from neuralblog.optimizers import SGD
from neuralblog.pooling import AveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm, Dropout
from neuralblog.training import train


def small(seed: int = 0, width: int = 4) -> Sequential:
    rng = np.random.default_rng(seed)
    return Sequential(Dense(3, width, rng=rng), Tanh(), Dense(width, 2, rng=rng))


def convolutional(seed: int = 0) -> Sequential:
    rng = np.random.default_rng(seed)
    return Sequential(
        Conv2D(1, 2, 3, padding=1, rng=rng),
        BatchNorm(2),
        Tanh(),
        MaxPool2D(2),
        Conv2D(2, 3, 2, rng=rng),
        Sigmoid(),
        AveragePool2D(2, stride=1),
        Flatten(),
        Dense(3, 4, rng=rng),
    )


def convolutional_layers() -> list[Layer]:
    rng = np.random.default_rng(0)
    return [Conv2D(1, 2, 3, rng=rng), BatchNorm(2), Tanh(), MaxPool2D(2), Flatten()]


X = np.random.default_rng(1).standard_normal((5, 3))
IMAGES = np.random.default_rng(2).standard_normal((3, 1, 6, 6))
LABELS = np.array([0, 3, 1])


@pytest.mark.parametrize("training", [True, False])
def test_gradients_of_a_whole_network(training: bool) -> None:
    report = check_gradients(
        convolutional(), IMAGES, LABELS, loss=SoftmaxCrossEntropy(), training=training
    )
    assert report.ok, report


@settings(derandomize=True, deadline=None, max_examples=10)
@given(sizes=st.lists(st.integers(1, 4), min_size=2, max_size=5), n=st.integers(1, 4))
def test_gradients_of_networks_of_any_size(sizes: list[int], n: int) -> None:
    rng = np.random.default_rng(0)
    dense = [Dense(a, b, rng=rng) for a, b in pairwise(sizes)]
    network = Sequential(*[layer for each in dense for layer in (each, Tanh())])
    x = rng.standard_normal((n, sizes[0]))
    report = check_gradients(network, x, tolerance=1e-7)
    assert report.ok, report


def test_layers_see_the_one_vector_of_all_parameters() -> None:
    network = small()
    first, _, last = network.layers
    assert (
        network.parameters.shape == network.gradients.shape == (3 * 4 + 4 + 4 * 2 + 2,)
    )
    parts = [first.W, first.b, last.W, last.b]
    together = np.concatenate([part.ravel() for part in parts])
    np.testing.assert_array_equal(network.parameters, together)
    network.parameters[:] = 7
    assert all((part == 7).all() for part in parts)
    network.backward(np.ones_like(network.forward(X)))
    together = np.concatenate(
        [a.ravel() for a in (first.dW, first.db, last.dW, last.db)]
    )
    np.testing.assert_array_equal(network.gradients, together)
    assert network.gradients.any()


def test_a_network_without_parameters() -> None:
    network = Sequential(Tanh())
    assert network.parameters.size == 0
    y = network.forward(X)
    np.testing.assert_array_equal(y, np.tanh(X))
    network.parameter_gradients(y)


@pytest.mark.parametrize("leading", [[], [Flatten]])
def test_parameter_gradients_are_those_of_backward(leading: list[type]) -> None:
    rng = np.random.default_rng(0)
    layers = [Dense(36, 3, rng=rng), Tanh(), Dense(3, 2, rng=rng)]
    network = Sequential(*[make() for make in leading], *layers)
    x = IMAGES if leading else IMAGES.reshape(3, 36)
    dy = rng.standard_normal(network.forward(x).shape)
    dx = network.backward(dy)
    assert dx.shape == x.shape
    expected = network.gradients.copy()
    network.gradients[:] = np.nan
    network.parameter_gradients(dy)
    np.testing.assert_array_equal(network.gradients, expected)


def test_float32_all_the_way() -> None:
    network = Sequential(*convolutional_layers(), dtype=np.float32)
    y = network.forward(IMAGES, training=True)
    dx = network.backward(y)
    assert y.dtype == dx.dtype == network.parameters.dtype == np.float32
    assert all(a.dtype == np.float32 for _, a in named_arrays(network.layers))


def test_training_is_for_this_one_pass() -> None:
    network = Sequential(BatchNorm(3))
    (norm,) = network.layers
    network.forward(X, training=True)
    assert not norm.training
    moved = norm.running_mean.copy()
    network.forward(X)
    np.testing.assert_array_equal(norm.running_mean, moved)


def test_predict_is_forward_in_batches() -> None:
    network = small()
    np.testing.assert_allclose(network.predict(X, batch_size=2), network.forward(X))
    assert network.predict(X[:0]).shape == (0, 2)


def test_the_same_seed_gives_the_same_network() -> None:
    np.testing.assert_array_equal(small(3).parameters, small(3).parameters)
    assert not np.array_equal(small(3).parameters, small(4).parameters)


def test_a_layer_has_one_place() -> None:
    layer = Tanh()
    message = r"^Sequential: Tanh\(\) has its place in a network already$"
    with pytest.raises(ValueError, match=message):
        Sequential(layer, layer)
    Sequential(layer)
    with pytest.raises(ValueError, match=message):
        Sequential(layer)


def test_the_summary_counts() -> None:
    assert convolutional().summary(IMAGES).splitlines() == [
        "layer                       output shape  parameters",
        "input                       (3, 1, 6, 6)            ",
        "Conv2D(1, 2, 3, padding=1)  (3, 2, 6, 6)          20",
        "BatchNorm(2)                (3, 2, 6, 6)           4",
        "Tanh()                      (3, 2, 6, 6)           0",
        "MaxPool2D(2)                (3, 2, 3, 3)           0",
        "Conv2D(2, 3, 2)             (3, 3, 2, 2)          27",
        "Sigmoid()                   (3, 3, 2, 2)           0",
        "AveragePool2D(2, stride=1)  (3, 3, 1, 1)           0",
        "Flatten()                   (3, 3)                 0",
        "Dense(3, 4)                 (3, 4)                16",
        "total                                             67",
    ]


@pytest.mark.parametrize("kind", ["path", "text", "file"])
def test_what_was_saved_can_be_loaded(kind: str, tmp_path: Path) -> None:
    network, other = convolutional(0), convolutional(1)
    network.forward(IMAGES, training=True)  # moves the running statistics
    file = {"path": tmp_path / "w", "text": f"{tmp_path}/w", "file": io.BytesIO()}[kind]
    network.save(file)
    if isinstance(file, io.BytesIO):
        file.seek(0)
    other.load(file)
    np.testing.assert_array_equal(other.forward(IMAGES), network.forward(IMAGES))


def test_saving_twice_gives_the_same_bytes() -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        small().save(file)
    assert files[0].getvalue() == files[1].getvalue()


def test_slopes_in_float64_fit_a_network_in_float32() -> None:
    network = Sequential(*convolutional_layers(), dtype=np.float32)
    dy = np.ones(network.forward(IMAGES, training=True).shape)
    network.backward(dy)
    once = network.gradients.copy()
    network.backward(dy.astype(np.float32))
    assert once.dtype == np.float32 and np.allclose(once, network.gradients, atol=1e-5)


def test_float32_weights_load_into_float64() -> None:
    rng = np.random.default_rng(0)
    light = Sequential(Dense(3, 2, rng=rng), dtype=np.float32)
    file = io.BytesIO()
    light.save(file)
    file.seek(0)
    network = Sequential(Dense(3, 2, rng=rng))
    network.load(file)
    np.testing.assert_array_equal(network.parameters, light.parameters)
    assert network.parameters.dtype == np.float64


def saved(network: Sequential) -> bytes:
    file = io.BytesIO()
    network.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (small(width=5), r"has \(5, 3\) for 0.Dense.W, expected \(4, 3\)"),
        (Sequential(Tanh()), r"has nothing for 0.Dense.W, expected \(4, 3\)"),
        (
            Sequential(*convolutional_layers()),
            r"has \(2, 1, 3, 3\) for 0.Conv2D.W, expected nothing",
        ),
    ],
)
def test_weights_of_another_architecture_are_refused(
    other: Sequential, message: str
) -> None:
    network = small()
    before = network.parameters.copy()
    with pytest.raises(ValueError, match=rf"^Sequential: the file {message}$"):
        network.load(io.BytesIO(saved(other)))
    np.testing.assert_array_equal(network.parameters, before)


def test_words_are_no_weights() -> None:
    file = io.BytesIO()
    np.savez(file, **{n: a.astype("U9") for n, a in named_arrays(small().layers)})
    with pytest.raises(
        ValueError, match=r"has \(4, 3\) <U9 for 0.Dense.W, expected \(4"
    ):
        small().load(io.BytesIO(file.getvalue()))


def pickled() -> bytes:
    file = io.BytesIO()
    np.savez(file, **{"0.Dense.W": np.array([object()], dtype=object)})
    return file.getvalue()


def one_array() -> bytes:
    file = io.BytesIO()
    np.save(file, np.zeros(3))
    return file.getvalue()


def flipped(content: bytes) -> bytes:
    """Turn over one bit inside of the last array's numbers."""
    at = content.index(b"2.Dense.W") + 200
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a file of weights",
        saved(small())[:300],
        saved(small())[:-40],
        flipped(saved(small())),
        pickled(),
        pickle.dumps({"0.Dense.W": 1}),
        one_array(),
    ],
    ids=[
        "empty",
        "text",
        "cut short",
        "cut at the end",
        "damaged",
        "pickled arrays",
        "a pickle",
        "one array",
    ],
)
def test_damaged_files_are_refused_and_nothing_is_loaded(
    content: bytes, tmp_path: Path
) -> None:
    network = small()
    before = network.parameters.copy()
    file = tmp_path / "weights.npz"
    file.write_bytes(content)
    with pytest.raises(ValueError, match=r"^Sequential: .*weights.npz is [^\n]+$"):
        network.load(file)
    np.testing.assert_array_equal(network.parameters, before)


def test_a_missing_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        small().load(tmp_path / "nothing.npz")


def test_a_snapshot_puts_everything_back() -> None:
    network = convolutional()
    before, snapshot = network.forward(IMAGES), network.snapshot()
    network.parameters[:] += 1
    network.forward(IMAGES, training=True)
    network.restore(snapshot)
    np.testing.assert_array_equal(network.forward(IMAGES), before)


# the views into the one vector


class Rebinding(Dense):
    """A layer of a reader: it does not fill its gradients, it makes new ones."""

    def parameter_gradients(self, dy: Array) -> None:
        (x,) = self.recall()
        self.dW = dy.T @ x
        self.db = dy.sum(axis=0)


def learned(network: Sequential) -> float:
    """How far one step of training brings the loss down."""
    loss, target = SoftmaxCrossEntropy(), np.array([0, 1, 1, 0, 1])
    value, dy = loss.with_gradient(network.forward(X), target)
    network.backward(dy)
    network.parameters -= 0.1 * network.gradients
    return value - loss(network.forward(X), target)


COPIES = {
    "deepcopy": copy.deepcopy,
    "pickle": lambda network: pickle.loads(pickle.dumps(network)),
}


@pytest.mark.parametrize("way", COPIES)
def test_a_copied_network_learns_on_its_own(way: str) -> None:
    network = small()
    before = network.parameters.copy()
    copied = COPIES[way](network)
    assert learned(copied) == learned(network) > 0
    np.testing.assert_array_equal(copied.parameters, network.parameters)
    learned(copied)
    assert not np.array_equal(before, network.parameters)
    assert not np.array_equal(copied.parameters, network.parameters)
    with pytest.raises(ValueError, match="has its place in a network already"):
        Sequential(*copied.layers)


def test_a_shallow_copy_shares_all_and_leaves_the_original_whole() -> None:
    network = small()
    assert copy.copy(network).parameters is network.parameters
    assert learned(network) > 0


def test_a_copied_layer_is_free() -> None:
    network = small()
    Sequential(copy.deepcopy(network.layers[0]))
    assert learned(network) > 0


def test_what_is_assigned_is_written_into_the_vector() -> None:
    network = small()
    first = network.layers[0]
    first.W = 2 * np.ones((4, 3))
    first.W *= 2
    first.b = [1, 2, 3, 4]
    assert network.parameters[:16].tolist() == [4.0] * 12 + [1, 2, 3, 4]
    vector = network.parameters
    network.parameters = np.zeros(26)
    assert network.parameters is vector
    assert not first.W.any()
    with pytest.raises(
        ValueError, match=r"^Dense\(3, 4\): W has shape \(2, 3\), expec"
    ):
        first.W = np.zeros((2, 3))
    with pytest.raises(
        ValueError, match=r"parameters has shape \(1,\), expected \(26,"
    ):
        network.parameters = np.zeros(1)


def test_a_layer_that_makes_new_gradients_learns() -> None:
    layer = Rebinding(3, 2, rng=np.random.default_rng(0))
    network = Sequential(layer)
    assert learned(network) > 0
    assert np.shares_memory(layer.dW, network.gradients)


def test_weights_that_are_tied_by_a_view_are_refused() -> None:
    one, other = (Dense(2, 2, rng=np.random.default_rng(0)) for _ in "ab")
    other.W = one.W.T
    with pytest.raises(ValueError, match=r"W of Dense\(2, 2\) is a view of W of Dense"):
        Sequential(one, other)
    one.V = one.W.T  # type: ignore[attr-defined]
    with pytest.raises(
        ValueError, match=r"^Sequential: V of Dense.* tie weights insid"
    ):
        Sequential(one)
    assert not one.in_network


def test_a_parameter_needs_its_gradient() -> None:
    class Scale(Layer):
        parameters = ("s",)
        s = np.ones(1)

    with pytest.raises(
        ValueError, match=r"^Sequential: Scale\(\) has no array ds, exp"
    ):
        Sequential(Scale())


# the first layer of all


class Shift(Layer):
    """A layer with nothing but forward and backward."""

    parameters = ("s",)

    def __init__(self) -> None:
        self.s, self.ds = np.zeros(1), np.zeros(1)

    def forward(self, x: Array) -> Array:
        return x + self.s

    def backward(self, dy: Array) -> Array:
        self.ds[0] = dy.sum()
        return dy


FIRST: dict[str, tuple[Callable[[], Layer], tuple[int, ...]]] = {
    "Dense": (lambda: Dense(3, 2, rng=np.random.default_rng(0)), (5, 3)),
    "Conv2D": (lambda: Conv2D(1, 2, 3, rng=np.random.default_rng(0)), (3, 1, 6, 6)),
    "BatchNorm": (lambda: BatchNorm(3), (5, 3)),
    "BatchNorm of images": (lambda: BatchNorm(1), (3, 1, 6, 6)),
    "a reader's": (Shift, (5, 3)),
}


@pytest.mark.parametrize("name", FIRST)
@pytest.mark.parametrize("leading", [[], [Tanh]])
def test_every_layer_learns_as_the_first(name: str, leading: list[type[Layer]]) -> None:
    make, shape = FIRST[name]
    layer = make()
    network = Sequential(*[kind() for kind in leading], layer, Tanh())
    x = np.random.default_rng(1).standard_normal(shape)
    dy = np.random.default_rng(2).standard_normal(
        network.forward(x, training=True).shape
    )
    network.gradients[:] = np.nan
    network.parameter_gradients(dy)
    alone = network.gradients.copy()
    network.backward(dy)
    np.testing.assert_array_equal(alone, network.gradients)
    assert all(getattr(layer, f"d{name}").any() for name in layer.parameters)


def test_training_moves_a_leading_batch_norm() -> None:
    network = Sequential(BatchNorm(3), Dense(3, 2, rng=np.random.default_rng(0)))
    train(
        network,
        X,
        np.array([0, 1, 1, 0, 1]),
        loss=SoftmaxCrossEntropy(),
        optimizer=SGD(0.1),
        epochs=1,
        rng=np.random.default_rng(0),
    )
    assert (network.layers[0].gamma != 1).all()
    assert (network.layers[0].beta != 0).all()


# the mode


def test_looking_at_a_network_moves_nothing() -> None:
    rng = np.random.default_rng(0)
    layers = [BatchNorm(3), Dropout(0.5, rng=rng), Dense(3, 2, rng=rng)]
    network = Sequential(*layers)
    network.forward(X, training=True)
    before, chance = network.snapshot(), rng.bit_generator.state
    network.summary(X[:1])
    outputs(network, X)
    network.predict(X)
    check_gradients(network, X, training=True)
    assert all(not layer.training for layer in layers)
    assert rng.bit_generator.state == chance
    for name, array in network.snapshot().items():
        np.testing.assert_array_equal(array, before[name])


def test_a_mode_ends_where_a_pass_fails() -> None:
    network = small()
    with pytest.raises(ValueError, match="x has shape"):
        network.forward(X[:, :2], training=True)
    assert not any(layer.training for layer in network.layers)


# what a network is made of


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([Tanh], r"layer 1 is <class .*Tanh'>, expected a layer such as ReLU\(\)$"),
        ([relu], r"layer 1 is <activation relu>, expected a layer"),
        ([[]], r"layer 1 is \[\], expected a layer"),
        ([Sequential()], r"layer 1 is Sequential\(\), expected a layer"),
    ],
)
def test_only_layers_make_a_network(layers: list[Layer], message: str) -> None:
    first = Dense(3, 4, rng=np.random.default_rng(0))
    with pytest.raises(TypeError, match=f"^Sequential: {message}"):
        Sequential(first, *layers)
    Sequential(first, Tanh())  # nothing was taken


def test_layers_have_to_fit() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(
        ValueError, match=r"layer 1, Dense\(4, 1\), gets 3 features, exp"
    ):
        Sequential(Dense(2, 3, rng=rng), Dense(4, 1, rng=rng))
    conv = Conv2D(1, 6, 3, rng=rng)
    with pytest.raises(ValueError, match=r"layer 3, BatchNorm\(5\), gets 6 features, "):
        Sequential(conv, Tanh(), MaxPool2D(2), BatchNorm(5))
    Sequential(conv, Flatten(), Dense(24, 2, rng=rng), Shift(), Dense(3, 2, rng=rng))


def test_a_network_tells_what_it_is_and_can_be_called() -> None:
    network = small()
    assert repr(network) == "Sequential(Dense(3, 4), Tanh(), Dense(4, 2))"
    np.testing.assert_array_equal(network(X), network.forward(X))
    np.testing.assert_array_equal(network(X.tolist()), network.forward(X))


@pytest.mark.parametrize("size", [0, -1])
def test_a_batch_has_at_least_one(size: int) -> None:
    with pytest.raises(ValueError, match=f"^predict: batch_size is {size}, expected 1"):
        small().predict(X, batch_size=size)
