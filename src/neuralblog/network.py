"""Layers in a row: what one gives, the next one takes.

A network keeps all parameters in one vector, and all gradients in another; the W and b
of its layers are views into them. An optimizer then needs no loop over the layers.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from os import PathLike
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from neuralblog.layers import Array, Layer

__all__ = ["Sequential"]

File = str | PathLike[str] | IO[bytes]
Arrays = Mapping[str, NDArray[np.generic]]


class Sequential:
    """A network of layers, each fed by the one before.

    `parameters` and `gradients` are vectors (1-D arrays) of all the layers' numbers in
    order. Computes in `dtype`: float64 prints the same digits everywhere, float32 is
    faster. A layer serves in one network only.
    """

    def __init__(self, *layers: Layer, dtype: DTypeLike = np.float64) -> None:
        self.layers, self.dtype = layers, np.dtype(dtype)
        take_places(layers, self.dtype)
        self.parameters = one_vector(layers, "", self.dtype)
        self.gradients = one_vector(layers, "d", self.dtype)

    def forward(self, x: ArrayLike, *, training: bool = False) -> Array:
        """Compute the network's answer to a batch; `training` is for the layers."""
        x = np.asarray(x, self.dtype)
        for layer in self.layers:
            layer.training = training
            x = layer.forward(x)
        return x

    def backward(self, dy: Array) -> Array:
        """Fill all gradients, and return the gradient of the network's input."""
        for layer in reversed(self.layers):
            dy = layer.backward(dy)
        return dy

    def parameter_gradients(self, dy: Array) -> None:
        """Fill all gradients, without that of the input: it is the data, which stays.

        Saves the way back through the first layer, the largest images of all.
        """
        learning = [i for i, layer in enumerate(self.layers) if layer.parameters]
        first, *later = self.layers[min(learning, default=0) :]
        for layer in reversed(later):
            dy = layer.backward(dy)
        first.parameter_gradients(dy)

    def predict(self, x: Array, *, batch_size: int = 256) -> Array:
        """Compute the answers to many inputs, one batch at a time to save memory."""
        starts = range(0, max(len(x), 1), batch_size)
        return np.concatenate([self.forward(x[i : i + batch_size]) for i in starts])

    def summary(self, x: ArrayLike) -> str:
        """Send x through, and list each layer's output shape and parameters."""
        return table(self.layers, np.asarray(x, self.dtype))

    def snapshot(self) -> dict[str, Array]:
        """Copy what was learned so far, to `restore` it later."""
        return {name: array.copy() for name, array in named_arrays(self.layers)}

    def restore(self, arrays: Arrays) -> None:
        """Put back what `snapshot` has copied."""
        for name, array in named_arrays(self.layers):
            array[...] = arrays[name]

    def save(self, file: File) -> None:
        """Write what was learned to a file (npz, without pickle)."""
        with opened(file, "wb") as stream:
            np.savez(stream, allow_pickle=False, **self.snapshot())

    def load(self, file: File) -> None:
        """Read what a network of the same layers has saved.

        Raises: ValueError where the file is damaged or from another architecture;
        nothing is loaded then.
        """
        stored = read_npz(file)
        check_same(stored, self.snapshot())
        self.restore(stored)


def take_places(layers: tuple[Layer, ...], dtype: np.dtype[Any]) -> None:
    """Make the layers part of a network that computes in `dtype`, all or none."""
    for i, layer in enumerate(layers):
        if layer.in_network or layer in layers[:i]:
            raise ValueError(f"Sequential: {layer} has its place in a network already")
    for layer in layers:
        layer.in_network = True
        for name in layer.state:
            setattr(layer, name, getattr(layer, name).astype(dtype))


def named_arrays(layers: tuple[Layer, ...]) -> Iterator[tuple[str, Array]]:
    """Yield every array worth saving, with a name such as 0.Conv2D.W."""
    for i, layer in enumerate(layers):
        for name in layer.parameters + layer.state:
            yield f"{i}.{type(layer).__name__}.{name}", getattr(layer, name)


def one_vector(layers: tuple[Layer, ...], d: str, dtype: np.dtype[Any]) -> Array:
    """Move all parameters (d = "") or gradients ("d") into a vector, leaving views."""
    named = [(layer, d + name) for layer in layers for name in layer.parameters]
    arrays = [getattr(layer, name) for layer, name in named]
    vector = np.concatenate([[], *map(np.ravel, arrays)]).astype(dtype)
    # as many views as arrays, and a last one, which is empty
    views = np.split(vector, np.cumsum([array.size for array in arrays]))
    for (layer, name), array, view in zip(named, arrays, views, strict=False):
        setattr(layer, name, view.reshape(array.shape))
    return vector


def table(layers: tuple[Layer, ...], x: Array) -> str:
    """Line up every layer with its output shape and its number of parameters."""
    rows = [("layer", "output shape", "parameters"), ("input", f"{x.shape}", "")]
    sizes = []
    for layer in layers:
        x = layer.forward(x)
        sizes.append(sum(getattr(layer, name).size for name in layer.parameters))
        rows.append((f"{layer}", f"{x.shape}", f"{sizes[-1]:,}"))
    rows.append(("total", "", f"{sum(sizes):,}"))
    first, second, third = (max(map(len, cells)) for cells in zip(*rows, strict=True))
    return "\n".join(f"{a:{first}}  {b:{second}}  {c:>{third}}" for a, b, c in rows)


def check_same(stored: Arrays, ours: Arrays) -> None:
    """Refuse arrays of other names, shapes or kinds than ours."""
    for name in sorted(stored.keys() | ours.keys()):
        came, expected = describe(stored.get(name)), describe(ours.get(name))
        if came != expected:
            came = f"the file has {came} for {name}"
            raise ValueError(f"Sequential: {came}, expected {expected}")


def read_npz(file: File) -> Arrays:
    """Read all arrays of an npz file, or none.

    Raises: ValueError where the file is damaged, of another kind, or holds pickles.
    """
    import zlib  # slow to import, and only needed here
    from zipfile import BadZipFile

    try:
        with opened(file, "rb") as raw, np.load(raw, allow_pickle=False) as stored:
            return dict(stored)
    except (ValueError, TypeError, EOFError, BadZipFile, zlib.error) as error:
        message = f"Sequential: {file} is damaged, expected an npz file ({error})"
        raise ValueError(message) from error


def describe(array: NDArray[np.generic] | None) -> str:
    """Say of what shape an array is, and of what it is made if not of floats."""
    if array is None:
        return "nothing"
    return f"{array.shape}" + ("" if array.dtype.kind == "f" else f" {array.dtype}")


def opened(file: File, mode: Literal["rb", "wb"]) -> AbstractContextManager[IO[bytes]]:
    """Open a path; take an open file as it is, and leave it open."""
    return open(file, mode) if isinstance(file, str | PathLike) else nullcontext(file)
