"""What goes in anywhere: every kind of number is taken or refused, in our own words."""

from collections.abc import Callable

import numpy as np
import pytest

from neuralblog import activations, datasets, losses
from neuralblog.activations import Softmax
from neuralblog.arrays import (
    Array,
    check_labels,
    check_number,
    check_shape,
    check_sizes,
    floats,
    whole_numbers,
    yes_and_no,
)
from neuralblog.convolution import Conv2D
from neuralblog.images import shuffle_pixels
from neuralblog.layers import Dense, Flatten, Layer
from neuralblog.losses import Loss
from neuralblog.pooling import AveragePool2D, GlobalAveragePool2D, MaxPool2D
from neuralblog.regularization import BatchNorm, Dropout
from neuralblog.spiking import LeakyIntegrateAndFire, poisson_spikes


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


IMAGE_LAYERS: dict[str, Callable[[], Layer]] = {
    "Conv2D": lambda: Conv2D(2, 3, 2, rng=rng()),
    "MaxPool2D": lambda: MaxPool2D(2),
    "AveragePool2D": lambda: AveragePool2D(2),
    "GlobalAveragePool2D": lambda: GlobalAveragePool2D(),
    "BatchNorm": lambda: BatchNorm(2),
    "Dropout": lambda: Dropout(0.2, rng=rng()),
    "Flatten": lambda: Flatten(),
    **{kind.__name__: kind for kind in activations.ElementwiseLayer.__subclasses__()},
}
ROW_LAYERS: dict[str, Callable[[], Layer]] = {
    "Dense": lambda: Dense(4, 3, rng=rng()),
    "Softmax": Softmax,
    "BatchNorm": lambda: BatchNorm(4),
}
LAYERS = [(make, (3, 2, 4, 4)) for make in IMAGE_LAYERS.values()]
LAYERS += [(make, (3, 4)) for make in ROW_LAYERS.values()]
NAMES = [*IMAGE_LAYERS, *(f"{name}, rows" for name in ROW_LAYERS)]
every_layer = pytest.mark.parametrize(("make", "shape"), LAYERS, ids=NAMES)
KINDS = ["uint8", "int8", "int64", "uint64", "bool", "float16", ">f8", "list"]


def of_kind(x: Array, kind: str) -> object:
    return x.tolist() if kind == "list" else x.astype(kind)


def passed(layer: Layer, x: object, dy: object) -> tuple[Array, Array]:
    layer.training = True
    y = layer.forward(x)  # type: ignore[arg-type]
    return y, layer.backward(dy)  # type: ignore[arg-type]


@every_layer
@pytest.mark.parametrize("kind", KINDS)
def test_every_layer_takes_every_kind(
    make: Callable[[], Layer], shape: tuple[int, ...], kind: str
) -> None:
    """Both ways give what the same numbers give in float64."""
    high = 2 if kind == "bool" else 120
    x = rng().integers(0, high, shape).astype(float)
    layer = make()
    layer.training = True
    dy = rng().integers(0, 2, layer.forward(x).shape).astype(float)
    expected = passed(make(), x, dy)
    came = passed(make(), of_kind(x, kind), of_kind(dy, kind))
    tolerance = 1e-3 if kind == "float16" else 1e-12
    for one, other in zip(came, expected, strict=True):
        assert one.dtype.kind == "f" and one.dtype.itemsize >= 4
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


@every_layer
def test_every_layer_refuses_what_is_no_number(
    make: Callable[[], Layer], shape: tuple[int, ...]
) -> None:
    for odd in (np.full(shape, 1j), np.full(shape, "a"), np.full(shape, None)):
        with pytest.raises(TypeError, match=r"x is .*, expected real numbers$"):
            make().forward(odd)
    layer = make()
    y = layer.forward(np.ones(shape))
    with pytest.raises(TypeError, match="dy is complex128, expected real numbers$"):
        layer.backward(y.astype(complex))
    with pytest.raises(ValueError, match=r"dy has shape .*, expected \("):
        layer.backward(np.ones((*y.shape, 2)))


LOSSES: dict[str, tuple[Loss, list[object], list[object]]] = {
    "MeanSquaredError": (losses.MeanSquaredError(), [200, 100], [100, 200]),
    "Huber": (losses.Huber(), [200, 100], [100, 200]),
    "Hinge": (losses.Hinge(), [2, 0], [1, 1]),
    "BinaryCrossEntropy": (losses.BinaryCrossEntropy(), [1, 0], [1, 0]),
    "SoftmaxCrossEntropy": (losses.SoftmaxCrossEntropy(), [[200, 0], [9, 8]], [1, 0]),
}


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("kind", ["uint8", "int64", "float16", "float32", "list"])
def test_every_loss_takes_every_kind(name: str, kind: str) -> None:
    loss, prediction, target = LOSSES[name]
    exact = np.array(prediction, float)
    came = of_kind(exact, kind)
    right = target if kind == "list" else np.array(target)
    expected = loss(exact, np.array(target))
    assert loss(came, right) == pytest.approx(expected)  # type: ignore[arg-type]
    np.testing.assert_allclose(
        loss.gradient(came, right),  # type: ignore[arg-type]
        loss.gradient(exact, np.array(target)),
        rtol=1e-6,
    )


def test_a_million_equal_numbers_keep_their_mean_in_float32() -> None:
    x = np.full((1000, 1, 1000, 1), np.float32(0.1))
    images = x.transpose(3, 1, 0, 2)  # as they lie in memory, the batch innermost
    pool, norm = GlobalAveragePool2D(), BatchNorm(1)
    assert pool.forward(images)[0, 0] == np.float32(0.1)
    norm.running_mean = norm.running_mean.astype(np.float32)
    norm.training = True
    norm.momentum = 1.0
    norm.forward(images)
    assert norm.running_mean[0] == np.float32(0.1)
    norm.backward(images)
    assert norm.dbeta[0] == pytest.approx(1e5, rel=1e-6)
    conv = Conv2D(1, 1, 1, rng=rng())
    conv.forward(images)
    conv.backward(images)
    assert conv.db[0] == pytest.approx(1e5, rel=1e-5)
    dense = Dense(1, 1, rng=rng())
    rows = images.reshape(-1, 1)
    dense.forward(rows)
    dense.backward(rows)
    assert dense.db[0] == pytest.approx(1e5, rel=1e-6)


def test_floats_leave_floats_alone_and_say_what_is_wrong() -> None:
    x = np.ones(3, np.float32)
    assert floats("me", "x", x) is x
    assert floats("me", "x", 2).shape == ()
    assert floats("me", "x", x, (3,), np.float64).dtype == np.float64
    with pytest.raises(
        ValueError, match=r"^me: x has shape \(3,\), expected \(N, C\)$"
    ):
        floats("me", "x", x, ("N", "C"))
    with pytest.raises(
        ValueError, match=r"^me: x has rows of unequal length, expected"
    ):
        floats("me", "x", [[1], [2, 3]])


def test_whole_numbers_and_labels() -> None:
    assert whole_numbers("me", "n", [1, 2]).tolist() == [1, 2]
    for odd in ([1.0], [True]):
        with pytest.raises(TypeError, match=r"^me: y is .*, expected whole numbers$"):
            check_labels("me", "y", odd, "N", 2)
    with pytest.raises(ValueError, match=r"^me: y runs from -1 to 2, expected 0 to 1$"):
        check_labels("me", "y", [-1, 2], 2, 2)


def test_sizes_and_ranges() -> None:
    check_sizes("me", n=np.uint8(3))
    for odd in (2.0, True, "2", None):
        with pytest.raises(TypeError, match="^me: n is .*, expected a whole number$"):
            check_sizes("me", n=odd)  # type: ignore[arg-type]
    check_number("me", n=np.float32(2), at_least=2, up_to=2)
    with pytest.raises(ValueError, match="^me: n is nan, expected > 0 and <= 1$"):
        check_number("me", above=0, up_to=1, n=float("nan"))
    with pytest.raises(TypeError, match="^me: n is None, expected a number$"):
        check_number("me", above=0, n=None)  # type: ignore[arg-type]
    check_shape("me", "x", np.ones((2, 3)), ("N", 3))


def test_one_column_is_the_probability_of_yes() -> None:
    scores = np.array([[1.0, -2.0]])
    assert yes_and_no("me", scores) is scores
    for p in ([0.25, 1.0], [[0.25], [1.0]]):
        assert yes_and_no("me", p).tolist() == [[0.75, 0.25], [0, 1]]
    with pytest.raises(
        ValueError, match="^me: one column of scores runs from -3 to 2,"
    ):
        yes_and_no("me", [-3, 2])
    with pytest.raises(
        ValueError, match=r"^me: scores has shape .*, expected \(N, C\)$"
    ):
        yes_and_no("me", np.ones((2, 3, 1, 1)))
    with pytest.raises(ValueError, match="^me: scores has no columns, expected one"):
        yes_and_no("me", np.ones((2, 0)))


@pytest.mark.parametrize(
    "make",
    [
        lambda rng: Dense(2, 3, rng=rng),
        lambda rng: Conv2D(1, 1, 3, rng=rng),
        lambda rng: Dropout(0.5, rng=rng),
        lambda rng: datasets.moons(3, rng=rng),
        lambda rng: datasets.spirals(3, rng=rng),
        lambda rng: shuffle_pixels(np.ones((1, 1, 2, 2)), rng=rng),
        lambda rng: poisson_spikes(10, 100, rng=rng),
        lambda rng: LeakyIntegrateAndFire().simulate(1, 5, noise=1, rng=rng),
    ],
)
@pytest.mark.parametrize("seed", [0, np.random, "seed"])
def test_a_seed_is_no_generator(make: Callable[[object], object], seed: object) -> None:
    with pytest.raises(TypeError, match="rng is .*, expected a generator such as np"):
        make(seed)


def test_lists_of_pixels_are_shuffled_too() -> None:
    image = [[[[1.0, 2.0], [3.0, 4.0]]]]
    shuffled = shuffle_pixels(image, rng=rng())  # type: ignore[arg-type]
    assert sorted(shuffled.ravel()) == [1, 2, 3, 4]
