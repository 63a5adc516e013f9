"""How fast this machine could train a network at most, whatever the program.

A step needs so many additions and multiplications, and moves so many bytes. Neither can
go faster than the machine multiplies large matrices, nor than it copies: the slower of
both is the limit (the roofline of Williams, Waterman and Patterson 2009).
"""

import math
import time
from collections.abc import Callable

import numpy as np
from works import Work

from neuralblog.convolution import Conv2D
from neuralblog.network import outputs

SIDE = 768  # of the matrices that show how fast it multiplies


def operations(work: Work, dtype: str) -> int:
    """Count the additions and multiplications of a training step's products.

    Every weight meets its input on the way forward, the slope dy for dW, and again for
    dx, but in the first layer, whose input is the data.
    """
    network = work.network(dtype)
    counts = []
    for layer, y in zip(
        network.layers, outputs(network, work.batch(dtype)[0]), strict=True
    ):
        if layer.parameters:
            places = math.prod(y.shape[2:]) if isinstance(layer, Conv2D) else 1
            counts.append(2 * layer.W.size * len(y) * places)
    return 3 * sum(counts) - counts[0]


def traffic(work: Work, dtype: str) -> int:
    """Count the numbers that a training step has to read or write, in bytes.

    What a layer that learns gets is read both ways, and written by the layer before, as
    is its slope; all other layers are taken to cost nothing. Parameters are read both
    ways, and written; their gradients written and read, and Adam's two means as well.
    """
    network = work.network(dtype)
    x = work.batch(dtype)[0]
    inputs = [x, *outputs(network, x)]
    sizes = [
        array.size
        for layer, array in zip(network.layers, inputs[:-1], strict=True)
        if layer.parameters
    ]
    passes = 5 + 4 * (work.optimizer == "Adam")
    numbers = 2 * sizes[0] + 5 * sum(sizes[1:]) + passes * network.parameters.size
    return numbers * x.itemsize


def fastest(run: Callable[[], object]) -> float:
    """Return the processor's seconds of the best of many runs."""
    took = []
    for _ in range(40):
        begun = time.process_time()
        run()
        took.append(time.process_time() - begun)
    return min(took)


def limit(work: Work, dtype: str) -> dict[str, float]:
    """Measure the machine, on one thread, and say what a step takes at least."""
    A, B = (np.ones((SIDE, SIDE), dtype) for _ in range(2))
    out = np.empty_like(A)
    flops = 2 * SIDE**3 / fastest(lambda: np.matmul(A, B, out=out))
    n_bytes = traffic(work, dtype)
    source = np.zeros(n_bytes // 2, np.uint8)  # as large as what the step moves
    target = np.ones_like(source)

    def copies() -> None:
        for _ in range(20):
            np.copyto(target, source)

    bandwidth = 20 * 2 * len(source) / fastest(copies)
    n_operations = operations(work, dtype)
    seconds = max(n_operations / flops, n_bytes / bandwidth)
    return {
        "megaflop": round(n_operations / 1e6, 2),
        "megabytes": round(n_bytes / 1e6, 2),
        "gflops": round(flops / 1e9, 1),
        "gigabytes": round(bandwidth / 1e9, 1),
        "limit_us": round(seconds * 1e6, 1),
    }
