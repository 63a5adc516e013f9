"""The kernel lab: one kernel over one picture."""

import numpy as np

from neuralblog import KERNELS, correlate2d, datasets, output_size
from neuralblog_site.inpage.explorables.common import Array, Facts, held_back
from neuralblog_site.inpage.explorables.common import gray as gray  # for the script


def lab_kernels() -> dict[str, Array]:
    """The kernels that have a name."""
    return dict(KERNELS)


def lab_picture(name: str) -> Array:
    """One of the lab's own pictures: (H, W), from 0 (black) to 1 (white)."""
    if name == "digit":
        return np.asarray(1 - held_back()[0][0, 0])
    if name == "checkerboard":
        board: Array = np.indices((16, 16)).sum(axis=0) % 2 * 1.0
        return board
    return datasets.boat(48)


def lab_result(
    image: Array, kernel: Array, stride: int, padding: int, dilation: int
) -> Facts:
    """The output of a kernel, and how its size comes about, one line a side."""
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    output = correlate2d(image, kernel, **options)
    sizes = []
    for side, size in zip(("height", "width"), image.shape, strict=True):
        places = output_size(size, len(kernel), **options)
        sizes.append(
            f"{side}: floor(({size} + 2·{padding} - {dilation}·({len(kernel)} - 1) - 1)"
            f" / {stride}) + 1 = {places}"
        )
    return {"output": output, "sizes": sizes, "calls": _calls(kernel, options)}


def lab_cell(
    image: Array,
    kernel: Array,
    stride: int,
    padding: int,
    dilation: int,
    row: int,
    column: int,
) -> Facts:
    """How one cell of the output comes about: its window, product by product."""
    steps = dilation * np.arange(len(kernel))
    rows, columns = (stride * at - padding + steps for at in (row, column))
    around = np.pad(image, padding)
    window = around[np.ix_(rows + padding, columns + padding)]
    return {
        "rows": rows.tolist(),
        "columns": columns.tolist(),
        "window": window,
        "products": window * kernel,
        "sum": float((window * kernel).sum()),
    }


def _calls(kernel: Array, options: dict[str, int]) -> dict[str, str]:
    """The same computation, as three conventions write it."""
    named = ", ".join(f"{name}={value}" for name, value in options.items())
    stride, padding, dilation = options.values()
    numbers = np.array2string(kernel, separator=", ", precision=4)
    spread = "k" if dilation == 1 else f"np.kron(k, corner{dilation})"
    corner = (
        ""
        if dilation == 1
        else (f"corner{dilation} = np.eye({dilation})[:1].T @ np.eye({dilation})[:1]\n")
    )
    steps = "" if stride == 1 else f"[::{stride}, ::{stride}]"
    cut = dilation - 1
    inner = "" if cut == 0 else f"[:-{cut}, :-{cut}]"
    return {
        "neuralblog": f"k = np.array({numbers})\ncorrelate2d(image, k, {named})",
        "PyTorch": (
            f"k = torch.tensor({numbers})\n"
            f"F.conv2d(image[None, None], k[None, None], {named})[0, 0]"
        ),
        "textbook (flips the kernel)": (
            f"k = np.array({numbers})\n{corner}"
            f"k = {spread}{inner}\n"
            f"scipy.signal.convolve2d(np.pad(image, {padding}), k[::-1, ::-1], "
            f'"valid"){steps}'
        ),
    }
