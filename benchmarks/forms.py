"""A training step of LeNet with our convolution, and with the plain one, in turns.

    python benchmarks/forms.py

Runs where NumPy runs; `make bench-live` runs it in the page, where NumPy has no fast
BLAS. Below 1, our form is faster.
"""

import time
from statistics import median

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from neuralblog import SoftmaxCrossEntropy, lenet
from neuralblog.convolution import Conv2D


class Plain(Conv2D):
    """The short form: a view of all windows, and `tensordot`."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Multiply every window with every kernel."""
        P, K = self.window.padding, self.window.kernel_size
        x = np.pad(x, ((0, 0), (0, 0), (P, P), (P, P)))
        seen = sliding_window_view(x, (K, K), axis=(2, 3))  # (N, C, H', W', K, K)
        y = np.tensordot(seen, self.W, ((1, 4, 5), (1, 2, 3)))  # (N, H', W', F)
        self.remember(x, seen)
        return (y + self.b).transpose(0, 3, 1, 2)

    def parameter_gradients(self, dy: np.ndarray) -> None:
        """Multiply every window with the slope of its result."""
        _, seen = self.recall()
        self.dW[...] = np.tensordot(dy, seen, ((0, 2, 3), (0, 2, 3)))
        self.db[...] = dy.sum(axis=(0, 2, 3))

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Give each pixel the slopes of all windows that saw it."""
        self.parameter_gradients(dy)
        x, _ = self.recall()
        P, K = self.window.padding, self.window.kernel_size
        (_, _, H, W), (_, _, h, w) = x.shape, dy.shape
        dseen = np.tensordot(dy, self.W, (1, 0))  # (N, H', W', C, K, K)
        dx = np.zeros_like(x)
        for i in range(K):
            for j in range(K):
                pixels = dseen[..., i, j].transpose(0, 3, 1, 2)
                dx[:, :, i : i + h, j : j + w] += pixels
        return dx[:, :, P : H - P, P : W - P]


def main() -> None:
    """Check that both give the same, race them, and print the ratio."""
    rng = np.random.default_rng(0)
    x, y = rng.random((64, 1, 28, 28)), rng.integers(0, 10, 64)
    loss = SoftmaxCrossEntropy()
    ours, plain = (lenet(rng=np.random.default_rng(0)) for _ in range(2))
    for layer in plain.layers:
        if isinstance(layer, Conv2D):
            layer.__class__ = Plain
    took, ratios = {}, []
    for _ in range(12):
        for network in ours, plain:
            begun = time.perf_counter()
            network.parameter_gradients(loss.gradient(network.forward(x), y))
            took[network] = time.perf_counter() - begun
        ratios.append(took[ours] / took[plain])
    assert np.allclose(ours.gradients, plain.gradients)
    print(
        f"LeNet, batch 64, float64: {1000 * took[ours]:.1f} ms a step, the plain form"
    )
    print(f"{1000 * took[plain]:.1f} ms, ours / plain {median(ratios[2:]):.2f}")


if __name__ == "__main__":
    main()
