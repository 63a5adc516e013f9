"""The series "From neuron to CNN": its sixteen posts, in order, and what each needs.

Pages, checks and pictures all read it here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One post of the series."""

    slug: str
    name: str  # a short one, for maps and links
    needs: tuple[str, ...] = ()  # slugs of earlier parts


SERIES = (
    Part("spiking", "What a neuron really does"),
    Part("neurons", "The artificial neuron"),
    Part("activations", "Activation functions", ("neurons",)),
    Part("network", "XOR and hidden layers", ("neurons", "activations")),
    Part("images", "Pixels in, probabilities out", ("network",)),
    Part("losses", "Losses", ("images",)),
    Part("optimizers", "Gradient descent", ("losses",)),
    Part("backpropagation", "Backpropagation by hand", ("network", "optimizers")),
    Part("gradients", "Gradient checks and bugs", ("backpropagation",)),
    Part("training", "Training that works", ("backpropagation",)),
    Part("generalization", "Why it works, and when not", ("training",)),
    Part("convolution", "Convolution", ("images",)),
    Part("pooling", "Pooling and shift", ("convolution",)),
    Part("windows", "How a convolution learns", ("gradients", "pooling")),
    Part("cnn", "A digit reader in NumPy", ("training", "pooling")),
    Part("inspection", "What did it learn?", ("cnn",)),
)


def position(slug: str) -> int | None:
    """The number of a post in the series, from 1; None if it is not of the series."""
    return next((n for n, part in enumerate(SERIES, 1) if part.slug == slug), None)
