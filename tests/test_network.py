"""Sequential: one vector of parameters, the way back, files that hold what was learned."""

import io
import pickle
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuralblog.activations import Sigmoid, Tanh
from neuralblog.convolution import Conv2D
from neuralblog.gradients import check_gradients
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.losses import SoftmaxCrossEntropy
from neuralblog.network import Sequential, named_arrays
from neuralblog.pooling import AveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm


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
    assert norm.training
    moved = norm.running_mean.copy()
    network.forward(X)
    assert not norm.training
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
