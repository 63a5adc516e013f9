"""Looking into a network whose insides are known."""

import numpy as np
import pytest

from neuralblog.activations import ReLU, Sigmoid, sigmoid, softmax
from neuralblog.inspection import (
    confusion_matrix,
    feature_maps,
    occlusion_map,
    saliency_map,
)
from neuralblog.layers import Dense, Flatten
from neuralblog.network import Sequential
from neuralblog.regularization import Dropout


def generator(seed=0):
    return np.random.default_rng(seed)


@pytest.fixture
def network():
    """Its score for class 1 depends on one pixel, channel 1, row 2, column 3."""
    network = Sequential(Flatten(), Dense(2 * 5 * 6, 2, rng=generator()))
    W = network.layers[1].W
    W[...] = 0
    W[1].reshape(2, 5, 6)[1, 2, 3] = -3.0
    return network


def test_confusion_matrix():
    counts = confusion_matrix([0, 0, 1, 2, 2], [0, 1, 1, 2, 0], 3)
    np.testing.assert_array_equal(counts, [[1, 1, 0], [0, 1, 0], [1, 0, 1]])
    assert counts.dtype == np.int64
    empty = np.zeros(0, int)
    np.testing.assert_array_equal(confusion_matrix(empty, empty, 2), np.zeros((2, 2)))


@pytest.mark.parametrize(
    ("labels", "predictions", "message"),
    [
        ([0, 3], [0, 1], "labels runs from 0 to 3, expected 0 to 2"),
        ([0, 1], [0, -1], "predictions runs from -1 to 0, expected 0 to 2"),
        ([0, 1], [0, 1, 1], r"predictions has shape \(3,\), expected \(2,\)"),
        ([0, 1], [[0], [1]], "predictions has shape"),
        ([0, 1], [0.0, 1.0], "predictions is float64, expected whole numbers"),
        ([[0], [1]], [0, 1], "labels has shape"),
    ],
)
def test_confusion_matrix_refuses(labels, predictions, message):
    expected = (TypeError, ValueError)
    with pytest.raises(expected, match=f"^confusion_matrix: {message}") as error:
        confusion_matrix(labels, predictions, 3)
    assert "\n" not in str(error.value)


def test_feature_maps_are_what_the_layers_give():
    network = Sequential(Dropout(0.5, rng=generator()), ReLU(), Flatten())
    image = generator().standard_normal((2, 3, 4))
    maps = feature_maps(network, image)
    assert [name for name, _ in maps] == ["Dropout(0.5)", "ReLU()", "Flatten()"]
    np.testing.assert_array_equal(maps[0][1], image)  # no dropout: not training
    np.testing.assert_array_equal(maps[1][1], np.maximum(image, 0))
    np.testing.assert_array_equal(maps[2][1], np.maximum(image, 0).ravel())
    single = Sequential(ReLU(), dtype=np.float32)
    assert feature_maps(single, image)[0][1].dtype == np.float32


def test_occlusion_finds_the_pixel(network):
    image = generator().random((2, 5, 6))
    image[1, 2, 3] = 1.0
    before = image.copy()
    lost = occlusion_map(network, image, 0, size=3)
    assert lost.shape == (5, 6)
    expected = np.zeros((5, 6))
    scores = network.forward(np.stack([image, np.where(image == 1, 0, image)]))
    p = softmax(scores)[:, 0]
    expected[1:4, 2:5] = p[0] - p[1]
    np.testing.assert_allclose(lost, expected, atol=1e-12)
    assert lost.max() > 0.4
    np.testing.assert_array_equal(image, before)


def test_occlusion_hides_a_square(network):
    image = np.zeros((2, 5, 6))
    image[1, 2, 3] = 1.0
    lost = occlusion_map(network, image, 0, size=5)
    assert np.argwhere(lost)[[0, -1]].tolist() == [[0, 1], [4, 5]]


def test_occlusion_with_the_shade_of_the_image_changes_nothing(network):
    image = np.full((2, 5, 6), 0.5)
    np.testing.assert_allclose(occlusion_map(network, image, 1, shade=0.5), 0)


def test_occlusion_needs_a_center(network):
    with pytest.raises(ValueError, match="size is 4, expected an odd number"):
        occlusion_map(network, np.zeros((2, 5, 6)), 0, size=4)


def test_saliency_finds_the_pixel(network):
    image = generator().random((2, 5, 6))
    saliency = saliency_map(network, image, 1)
    expected = np.zeros((5, 6))
    expected[2, 3] = 3.0
    np.testing.assert_array_equal(saliency, expected)
    np.testing.assert_array_equal(saliency_map(network, image, 0), 0)


def test_one_output_is_a_probability():
    """Of a single sigmoid, class 1 loses what class 0 wins."""
    image = generator().random((1, 3, 3))
    dense = Dense(9, 1, rng=generator())
    network = Sequential(Flatten(), dense, Sigmoid())
    lost = occlusion_map(network, image, 1, size=1)
    hidden = np.array([np.where(np.arange(9) == i, 0, image.ravel()) for i in range(9)])
    expected = network.forward(image[None]) - sigmoid(hidden @ dense.W.T + dense.b)
    np.testing.assert_allclose(lost.ravel(), expected.ravel(), atol=1e-12)
    np.testing.assert_allclose(occlusion_map(network, image, 0, size=1), -lost)


@pytest.mark.parametrize("look", [occlusion_map, saliency_map])
def test_maps_refuse_what_does_not_fit(look, network):
    image = np.zeros((2, 5, 6))
    for label in (-1, 2, 10):
        with pytest.raises(
            ValueError, match=rf"^{look.__name__}: label runs from .* 1$"
        ):
            look(network, image, label)
    with pytest.raises(
        ValueError, match=r"image has shape \(5, 6\), expected \(C, H, W"
    ):
        look(network, image[0], 0)


def test_occlusion_needs_a_size(network):
    with pytest.raises(ValueError, match="^occlusion_map: size is -1, expected 1 or"):
        occlusion_map(network, np.zeros((2, 5, 6)), 0, size=-1)
    with pytest.raises(
        TypeError, match="^occlusion_map: size is 3.0, expected a whole"
    ):
        occlusion_map(network, np.zeros((2, 5, 6)), 0, size=3.0)


def test_looking_leaves_no_mode_behind():
    chance = generator()
    network = Sequential(Dropout(0.5, rng=chance), Flatten(), Dense(4, 2, rng=chance))
    image = np.ones((1, 2, 2))
    network.forward(image[None], training=True)
    before = chance.bit_generator.state
    occlusion_map(network, image, 0, size=1)
    saliency_map(network, image, 0)
    feature_maps(network, image)
    assert chance.bit_generator.state == before
