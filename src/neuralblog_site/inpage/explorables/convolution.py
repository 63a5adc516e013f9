"""The kernel lab: one kernel slides over one picture."""

from typing import Any

import numpy as np

from neuralblog import KERNELS, correlate2d, datasets, output_size, relu
from neuralblog.colors import COLORS
from neuralblog_site.inpage.explorables.common import (
    Array,
    Facts,
    as_text,
    from_text,
    gray,
    held_back,
    numbered,
    rounded,
    unlike,
)

TITLE = "Kernel lab"
QUESTION = "Drag the window: what does each place answer, and why?"
HEIGHT = 560
STILL = (5.6, 2.4)
PICTURES = ("numbers", "square", "boat", "digit", "checkerboard", "own")
STATE: dict[str, Any] = {
    "picture": "numbers",
    "own": "",  # the reader's picture: its width, a point, and a character for each pixel
    "kernel": [1.0, 0, -1, 1, 0, -1, 1, 0, -1],
    "stride": 1,
    "padding": 0,
    "dilation": 1,
    "bias": 0.0,
    "relu": False,
    "at": [0, 0],
}
LIMITS: dict[str, Any] = {
    "picture": PICTURES,
    "kernel": (-99, 99, 0.5),
    "stride": (1, 9, 1),
    "padding": (0, 9, 1),
    "dilation": (1, 9, 1),
    "bias": (-30, 30, 0.5),
    "at": (0, 255, 1),
}
FREE = {"kernel": 49}
LARGEST = 40  # pixels of the longer side of the reader's picture


def pixels(picture: str, own: str, padding: float) -> Facts:
    """The picture, with its ring."""
    return {"x": rounded(np.pad(shown(picture, own), round(padding)), 2)}


def result(
    picture: str, own: str, kernel: Any, bias: float, relu: bool, **spacing: float
) -> Facts:
    """All answers, and where each window begins."""
    x, W = shown(picture, own), square(kernel)
    options = given(**spacing)
    y = slid(x, W, options)
    return {
        "y": rounded(activated(y, bias, relu), 2),
        "rows": [options["stride"] * i for i in range(y.shape[0])],
        "columns": [options["stride"] * j for j in range(y.shape[1])],
    }


def written(
    picture: str, own: str, kernel: Any, bias: float, relu: bool, **spacing: float
) -> Facts:
    """How the sizes come about, and the same call in code."""
    W, options = square(kernel), given(**spacing)
    return {
        "sizes": sizes(shown(picture, own).shape, len(W), options),
        "code": code(W, options, bias, relu),
    }


def answer(
    picture: str,
    own: str,
    kernel: Any,
    bias: float,
    relu: bool,
    at: Any,
    **spacing: float,
) -> Facts:
    """One answer: its window, product by product, and the sentence."""
    x, W = shown(picture, own), square(kernel)
    options = given(**spacing)
    y = slid(x, W, options)
    row, column = (min(round(i), n - 1) for i, n in zip(at, y.shape, strict=True))
    steps = options["dilation"] * np.arange(len(W))
    rows, columns = (options["stride"] * i + steps for i in (row, column))
    products = np.pad(x, options["padding"])[np.ix_(rows, columns)] * W
    z = activated(y[row, column], bias, relu)
    return {
        "at": [row, column],
        "rows": rows.tolist(),
        "columns": columns.tolist(),
        "products": rounded(products, 2),
        "told": _told(row, column, float(products.sum()), bias, relu, float(z)),
    }


def packed(pixels: Array) -> Facts:
    """The reader's picture as a text that an address can hold, from a canvas."""
    return {"own": as_text(gray(pixels))}


def shown(picture: str, own: str) -> Array:
    """A picture: (H, W), from 0 (black) to 1 (white); only the numbers go up to 9."""
    if picture == "own":
        return from_text(own, LARGEST)
    if picture == "numbers":
        return np.array([[0.0, 0, 0, 9, 9]] * 5)
    if picture == "square":
        bright = np.zeros((10, 10))
        bright[3:8, 2:7] = 1
        return bright
    if picture == "digit":
        return np.asarray(1 - held_back()[0][0, 0])
    if picture == "checkerboard":
        board: Array = np.indices((16, 16)).sum(axis=0) % 2 * 1.0
        return board
    return datasets.boat(24)


def square(kernel: Any) -> Array:
    """A kernel from its numbers, row by row."""
    size = round(len(kernel) ** 0.5)
    if not size or size**2 != len(kernel):
        raise ValueError(f"A kernel is a square: {len(kernel)} numbers are none.")
    return np.reshape(np.array(kernel, float), (size, size))


def given(stride: float, padding: float, dilation: float) -> dict[str, int]:
    """The options as the library takes them."""
    return {
        "stride": round(stride),
        "padding": round(padding),
        "dilation": round(dilation),
    }


def slid(x: Array, W: Array, options: dict[str, int]) -> Array:
    """All sums, where the window fits on the picture."""
    span = 1 + options["dilation"] * (len(W) - 1)
    if span > (room := min(x.shape) + 2 * options["padding"]):
        raise ValueError(
            f"The window is {span} pixels wide, and the picture with its ring only {room}: "
            "make the kernel smaller, or the padding wider."
        )
    return correlate2d(x, W, **options)


def activated(y: Any, bias: float, on: bool) -> Any:
    """The sums with the bias, and through ReLU where that is on."""
    return relu(y + bias) if on else y + bias


def sizes(shape: tuple[int, ...], K: int, options: dict[str, int]) -> list[str]:
    """How the size of the output comes about, one line a side."""
    stride, padding, dilation = options.values()
    return [
        f"{side}: floor(({n} + 2·{padding} - {dilation}·({K} - 1) - 1) / {stride}) + 1"
        f" = {output_size(n, K, **options)}"
        for side, n in zip(("height", "width"), shape, strict=True)
    ]


def code(
    W: Array, options: dict[str, int], bias: float, on: bool
) -> list[tuple[str, str]]:
    """The same computation, as three conventions write it."""
    named = ", ".join(f"{name}={value}" for name, value in options.items())
    stride, padding, dilation = options.values()
    numbers = np.array2string(W, separator=", ", precision=4)
    plus = f" + {bias:g}" if bias > 0 else f" - {-bias:g}" if bias else ""
    corner = f"np.eye({dilation})[:1]"
    cut = f"[:{1 - dilation}, :{1 - dilation}]"
    spread = f"k = np.kron(k, {corner}.T @ {corner}){cut}\n" if dilation > 1 else ""
    steps = "" if stride == 1 else f"[::{stride}, ::{stride}]"

    def whole(call: str, wrap: str) -> str:
        return f"{wrap}({call}{plus})" if on else call + plus

    ours = whole(f"correlate2d(image, k, {named})", "relu")
    torch = whole(
        f"F.conv2d(image[None, None], k[None, None], {named})[0, 0]", "F.relu"
    )
    book = whole(
        f'convolve2d(np.pad(image, {padding}), k[::-1, ::-1], "valid"){steps}',
        "relu",
    )
    return [
        ("neuralblog", f"k = np.array({numbers})\n{ours}"),
        ("PyTorch", f"k = torch.tensor({numbers})\n{torch}"),
        (
            "SciPy, which flips the kernel",
            f"k = np.array({numbers})\n{spread}{book}",
        ),
    ]


def kernels() -> Facts:
    """The kernels that have a name."""
    return {name: W.ravel().tolist() for name, W in KERNELS.items()}


def table() -> dict[str, list[dict[str, Any]]]:
    """Each handle one step to both sides, all places of the numbers, and some of the boat."""
    edge = STATE["kernel"]
    moved: list[dict[str, Any]] = [
        {},
        *({"stride": n} for n in (2, 3)),
        *({"padding": n} for n in (1, 2)),
        {"dilation": 2},
        *({"bias": b} for b in (-0.5, 0.5, 10.0, 27.0)),
        {"relu": True},
        *({"kernel": [w, *edge[1:]]} for w in (0.5, 1.5)),
        *({"kernel": list(map(float, KERNELS[name].ravel()))} for name in KERNELS),
        *({"kernel": enlarged(edge, size)} for size in (2, 4, 5)),
    ]
    boat = [{"picture": "boat"}]
    places = [{"at": [i, j]} for i in range(3) for j in range(3)][1:]
    coarse = [
        {"picture": "boat", "at": [i, j]}
        for i in range(0, 22, 4)
        for j in range(0, 22, 4)
    ]
    others = [{"picture": name} for name in ("square", "checkerboard")]
    maps = [*moved, *boat, *others]
    states = [{k: v for k, v in {**STATE, **m}.items() if k != "at"} for m in maps]
    pictures = [{k: w[k] for k in ("picture", "own", "padding")} for w in states]
    return {
        "answer": [*maps, *places, *coarse[1:]],
        "result": unlike(states),
        "pixels": unlike(pictures),
        "kernels": [{}],
        "resized": [{"kernel": edge, "size": n} for n in range(1, 8)],
    }


def enlarged(kernel: list[float], size: int) -> list[float]:
    """A kernel of another size: rows and columns go, or come as zeros, at the end."""
    W, made = square(kernel), np.zeros((size, size))
    n = min(size, len(W))
    made[:n, :n] = W[:n, :n]
    return [float(w) for w in made.ravel()]


def resized(kernel: Any, size: float) -> Facts:
    """For the script: a kernel of another size."""
    return {"kernel": enlarged(kernel, round(size))}


def still(figure: Any) -> str:
    """The numbers with the window on them, the kernel, and all answers."""
    axes = figure.subplots(1, 3, width_ratios=[5, 3, 3])
    x, W = shown("numbers", ""), square(STATE["kernel"])
    tables = {"picture": x, "kernel": W, "answers": correlate2d(x, W)}
    for ax, (title, grid) in zip(axes, tables.items(), strict=True):
        n = 1 if title == "answers" else 3
        numbered(ax, grid, title, [0, 0, n, n], COLORS["weight"])
    return (
        "Three tables of numbers. A picture of five rows 0 0 0 9 9, its upper left three "
        "by three framed; a kernel of three rows 1 0 minus 1; and three rows of answers, "
        "0 minus 27 minus 27, the first framed."
    )


def _told(row: int, column: int, z: float, bias: float, on: bool, y: float) -> str:
    told = f"Row {row}, column {column}: the products add up to {_number(z)}."
    if bias:
        sign = "+" if bias > 0 else "\u2212"
        told = f"{told[:-1]}; {_number(z)} {sign} {abs(bias):g} = {_number(z + bias)}."
    if on:
        told = f"{told[:-1]}; ReLU {'makes it 0' if y == 0 else 'lets it pass'}."
    return told


def _number(value: float) -> str:
    return f"{rounded(value, 2):g}".replace("-", "\u2212")
