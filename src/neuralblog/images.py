"""Images as arrays: what a network that knows nothing about pictures makes of them.

Images are (N, C, H, W) from 0 to 1, labels (N,) whole numbers from 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.arrays import Array, check_generator, check_labels, check_sizes, floats

__all__ = ["mean_images", "one_hot", "shuffle_pixels"]


def one_hot(labels: ArrayLike, n_classes: int) -> NDArray[np.float64]:
    """Write each label as a row with one 1: (N,) -> (N, n_classes).

    Raises: ValueError or TypeError for labels that are not whole numbers in
    0...n_classes-1.

    Examples:
        >>> one_hot([2, 0], 3)
        array([[0., 0., 1.],
               [1., 0., 0.]])
    """
    check_sizes("one_hot", n_classes=n_classes)
    labels = check_labels("one_hot", "labels", labels, "N", n_classes)
    return np.eye(n_classes).take(labels, axis=0)


def mean_images(images: Array, labels: ArrayLike, n_classes: int) -> Array:
    """Average the images of each class: (N, C, H, W) -> (n_classes, C, H, W).

    Raises: ValueError for a label outside of the classes, a class without an image, or
    another number of labels than images.

    Examples:
        >>> images = np.array([1.0, 3.0, 8.0]).reshape(3, 1, 1, 1)
        >>> mean_images(images, [0, 0, 1], 2).ravel()
        array([2., 8.])
    """
    images = floats("mean_images", "images", images, ("N", "C", "H", "W"))
    members = one_hot(labels, n_classes)
    counts = members.sum(axis=0)
    if len(members) != len(images) or counts.min() == 0:
        came = f"{len(members)} labels with {counts.astype(int)} a class"
        raise ValueError(f"mean_images: {came}, expected {len(images)} and none empty")
    return np.tensordot(members / counts, images, axes=(0, 0))


def shuffle_pixels(images: Array, *, rng: np.random.Generator) -> Array:
    """Move the pixels of every image in the same random way: (N, C, H, W) -> same.

    To a dense layer nothing has changed; to an eye, everything.

    Examples:
        >>> images = np.arange(4.0).reshape(1, 1, 2, 2)
        >>> shuffle_pixels(images, rng=np.random.default_rng(0))
        array([[[[2., 0.],
                 [1., 3.]]]])
    """
    check_generator("shuffle_pixels", rng)
    N, C, H, W = floats("shuffle_pixels", "images", images, ("N", "C", "H", "W")).shape
    order = rng.permutation(H * W)
    return np.reshape(images, (N, C, H * W))[:, :, order].reshape(N, C, H, W)
