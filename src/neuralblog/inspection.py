"""Look inside a trained network: what it confuses, and what its answers depend on.

A map shows how an answer changes with the image, not why it is right; it can look
sensible for a network that is wrong.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from neuralblog.activations import softmax
from neuralblog.arrays import (
    Array,
    check_labels,
    check_shape,
    check_sizes,
    floats,
    yes_and_no,
)
from neuralblog.network import Sequential, outputs

__all__ = ["confusion_matrix", "feature_maps", "occlusion_map", "saliency_map"]


def confusion_matrix(
    labels: ArrayLike, predictions: ArrayLike, n_classes: int
) -> NDArray[np.int64]:
    """Count what was taken for what: row = true class, column = predicted class.

    Two lists of classes (N,) -> (n_classes, n_classes); right answers are on the
    diagonal. Raises: ValueError for lists of different length, or other classes;
    TypeError for classes that are not whole numbers.

    Examples:
        >>> confusion_matrix([0, 0, 1], [0, 1, 1], 2)
        array([[1, 1],
               [0, 1]])
    """
    check_sizes("confusion_matrix", n_classes=n_classes)
    true = check_labels("confusion_matrix", "labels", labels, "N", n_classes)
    predicted = check_labels(
        "confusion_matrix", "predictions", predictions, true.size, n_classes
    )
    counts = np.zeros((n_classes, n_classes), dtype=np.int64)
    np.add.at(counts, (true, predicted), 1)
    return counts


def feature_maps(network: Sequential, image: Array) -> list[tuple[str, Array]]:
    """Return what each layer makes of one image (C, H, W), with the layer's name.

    Maps come as (C, H, W), the outputs of dense layers as (n,).

    Examples:
        >>> for name, maps in feature_maps(trained(), np.zeros((1, 28, 28)))[:3]:
        ...     print(name, maps.shape)
        Conv2D(1, 6, 5, padding=2) (6, 28, 28)
        ReLU() (6, 28, 28)
        MaxPool2D(2) (6, 14, 14)
    """
    image = floats("feature_maps", "image", image, ("C", "H", "W"))
    maps = outputs(network, image[None])
    return [(f"{layer}", y[0]) for layer, y in zip(network.layers, maps, strict=True)]


def occlusion_map(
    network: Sequential, image: Array, label: int, *, size: int = 5, shade: float = 0.0
) -> Array:
    """Hide a square around each pixel; see how much of its probability the label loses.

    An image (C, H, W) -> (H, W). The square is `size` wide, an odd number, and has the
    brightness `shade`. Negative where hiding helps.
    Source: Zeiler and Fergus (2014).
    Raises: ValueError for a label that the network does not know.

    Examples:
        >>> image = datasets.digits()[2][0]
        >>> occlusion_map(trained(), image, 7).shape
        (28, 28)
    """
    check_sizes("occlusion_map", size=size)
    if size % 2 == 0:
        raise ValueError(f"occlusion_map: size is {size}, expected an odd number")
    image = floats("occlusion_map", "image", image, ("C", "H", "W"))
    _, H, W = image.shape
    rows, columns = np.mgrid[:H, :W].reshape(2, H * W, 1, 1)
    near_row = np.abs(np.arange(H)[:, None] - rows) <= size // 2
    near_column = np.abs(np.arange(W)[None, :] - columns) <= size // 2
    hidden = (near_row & near_column)[:, None]  # (H*W, 1, H, W), one square each
    occluded = np.where(hidden, shade, image)
    scores = network.predict(np.concatenate([image[None], occluded]))
    p = yes_and_no("occlusion_map", scores)
    check_labels("occlusion_map", "label", [label], 1, p.shape[1])
    p = softmax(scores) if p is scores else p  # of one output, they are probabilities
    lost: Array = (p[0, label] - p[1:, label]).reshape(H, W)
    return lost


def saliency_map(network: Sequential, image: Array, label: int) -> Array:
    """Return how much the label's score reacts to each pixel: (C, H, W) -> (H, W).

    The size of the slope of the score, the largest over the channels. The gradients of
    the network's parameters are overwritten.
    Source: Simonyan, Vedaldi and Zisserman (2014).
    Raises: ValueError for a label that the network does not know.

    Examples:
        >>> image = datasets.digits()[2][0]
        >>> saliency_map(trained(), image, 7).shape
        (28, 28)
    """
    image = floats("saliency_map", "image", image, ("C", "H", "W"))
    scores = network.forward(image[None])
    check_shape("saliency_map", "scores", scores, (1, "C"))
    check_labels("saliency_map", "label", [label], 1, scores.shape[1])
    dy = np.zeros_like(scores)
    dy[0, label] = 1
    reaction: Array = np.abs(network.backward(dy)[0]).max(axis=0)
    return reaction
