"""Images as arrays."""

import numpy as np
import pytest

from neuralblog.images import mean_images, one_hot, shuffle_pixels


def generator(seed=0):
    return np.random.default_rng(seed)


def test_one_hot():
    np.testing.assert_array_equal(one_hot([2, 0], 3), [[0, 0, 1], [1, 0, 0]])
    assert one_hot(np.zeros(0, int), 3).shape == (0, 3)


@pytest.mark.parametrize(
    ("labels", "error", "expected"),
    [
        ([3], ValueError, "0 to 2"),
        ([-1], ValueError, "0 to 2"),
        ([[0]], ValueError, r"\(N,\)"),
        ([0.5], TypeError, "whole numbers"),
        ([True], TypeError, "whole numbers"),
    ],
)
def test_one_hot_refuses_other_labels(labels, error, expected):
    with pytest.raises(error, match=f"^one_hot: labels .*, expected {expected}$"):
        one_hot(labels, 3)


def test_mean_images():
    images, labels = generator().random((6, 2, 3, 4)), np.array([0, 1, 1, 2, 0, 0])
    means = mean_images(images, labels, 3)
    assert means.shape == (3, 2, 3, 4)
    for label in range(3):
        np.testing.assert_allclose(means[label], images[labels == label].mean(axis=0))


@pytest.mark.parametrize(
    ("labels", "came"),
    [([0, 0], r"2 labels with \[2 0\]"), ([0, 1, 1], r"3 labels with \[1 2\]")],
)
def test_mean_images_needs_an_image_of_each_class(labels, came):
    message = f"^mean_images: {came} a class, expected 2 and none empty$"
    with pytest.raises(ValueError, match=message):
        mean_images(np.zeros((2, 1, 2, 2)), labels, 2)


def test_shuffled_pixels_are_the_same_pixels_and_the_same_shuffle_for_all():
    images = generator().random((3, 2, 4, 5))
    images[2] = images[0]
    before = images.copy()
    shuffled = shuffle_pixels(images, rng=generator(1))
    assert shuffled.shape == images.shape
    assert not np.array_equal(shuffled, images)
    np.testing.assert_array_equal(np.sort(shuffled.ravel()), np.sort(images.ravel()))
    np.testing.assert_array_equal(shuffled[2], shuffled[0])
    np.testing.assert_array_equal(images, before)


def test_a_dense_layer_sees_no_difference():
    images, w = generator().random((3, 1, 4, 4)), generator(1).random((1, 1, 4, 4))
    shuffled = shuffle_pixels(images, rng=generator(2))
    shuffled_w = shuffle_pixels(w, rng=generator(2))
    np.testing.assert_allclose(
        (shuffled * shuffled_w).sum(axis=(1, 2, 3)), (images * w).sum(axis=(1, 2, 3))
    )
