"""Layers in a row: what one gives, the next one takes.

A network keeps all parameters in one vector, and all gradients in another; the W and b
of its layers are views into them. An optimizer then needs no loop over the layers.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import combinations
from os import PathLike
from typing import IO, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from neuralblog.arrays import Array, check_sizes, floats
from neuralblog.layers import Layer, overwrite

__all__ = ["Sequential"]

File = str | PathLike[str] | IO[bytes]
Arrays = Mapping[str, NDArray[np.generic]]


class OneVector:
    """Layers whose W and b are views of one vector, and their gradients of another."""

    layers: tuple[Layer, ...]
    dtype: np.dtype[Any]
    parameters: Array
    gradients: Array

    def take_places(self) -> None:
        """Move the layers' numbers into the network's vectors, leaving views."""
        for layer in self.layers:
            for name in layer.state:
                setattr(layer, name, getattr(layer, name).astype(self.dtype))
        vars(self)["parameters"] = one_vector(self.layers, "", self.dtype)
        vars(self)["gradients"] = one_vector(self.layers, "d", self.dtype)
        for layer in self.layers:
            layer.in_network = True

    def __setattr__(self, name: str, value: Any) -> None:
        if name in ("parameters", "gradients"):
            overwrite(self, name, value)
        else:
            super().__setattr__(name, value)

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state)
        if not any(layer.in_network for layer in self.layers):  # copied, or unpickled
            self.take_places()


class Sequential(OneVector):
    """A network of layers, each fed by the one before.

    `parameters` and `gradients` are vectors (1-D arrays) of all the layers' numbers in
    order; what is assigned to them, or to a layer's W or b, is written into them.
    Computes in `dtype`: float64 prints the same digits everywhere, float32 is faster.
    A layer serves in one network only.

    Examples:
        >>> rng = np.random.default_rng(0)
        >>> Sequential(Dense(2, 3, rng=rng), Dense(3, 1, rng=rng))
        Sequential(Dense(2, 3), Dense(3, 1))
    """

    def __init__(self, *layers: Layer, dtype: DTypeLike = np.float64) -> None:
        self.layers, self.dtype = layers, np.dtype(dtype)
        check_layers(layers)
        self.take_places()

    def __call__(self, x: ArrayLike) -> Array:
        """Compute the network's answer to a batch, as `forward` does."""
        return self.forward(x)

    def forward(self, x: ArrayLike, *, training: bool = False) -> Array:
        """Compute the network's answer to a batch; `training` is for the layers."""
        x = floats("Sequential", "x", x, dtype=self.dtype)
        with mode(self.layers, training):
            for layer in self.layers:
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
        if learning:
            first, *later = self.layers[learning[0] :]
            for layer in reversed(later):
                dy = layer.backward(dy)
            first.parameter_gradients(dy)

    def predict(self, x: Array, *, batch_size: int = 256) -> Array:
        """Compute the answers to many inputs, one batch at a time to save memory."""
        check_sizes("predict", batch_size=batch_size)
        starts = range(0, max(len(x), 1), batch_size)
        return np.concatenate([self.forward(x[i : i + batch_size]) for i in starts])

    def summary(self, x: ArrayLike) -> str:
        """Send x through, and list each layer's output shape and parameters."""
        return table(self.layers, [np.asarray(x), *outputs(self, x)])

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

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(str, self.layers))})"


def check_layers(layers: tuple[Layer, ...]) -> None:
    """Refuse what is no layer, has its place already, or does not fit what it gets."""
    n_came: int | None = None  # features or channels, where known
    for i, layer in enumerate(layers):
        if not isinstance(layer, Layer):
            came = f"Sequential: layer {i} is {layer!r}"
            raise TypeError(f"{came}, expected a layer such as ReLU()")
        if layer.in_network or layer in layers[:i]:
            raise ValueError(f"Sequential: {layer} has its place in a network already")
        n_takes, n_gives = layer.features or (n_came, n_came)
        if None not in (n_came, n_takes) and n_takes != n_came:
            came = f"Sequential: layer {i}, {layer}, gets {n_came} features"
            raise ValueError(f"{came}, expected {n_takes}")
        n_came = n_gives
    check_arrays(layers)


def check_arrays(layers: tuple[Layer, ...]) -> None:
    """Refuse parameters without a gradient, and arrays that would lose each other."""
    for layer in layers:
        for name in (d + name for name in layer.parameters for d in ("", "d")):
            if not isinstance(getattr(layer, name, None), np.ndarray):
                came = f"Sequential: {layer} has no array {name}"
                raise ValueError(f"{came}, expected one for each of {layer.parameters}")
    arrays = [(layer, *item) for layer in layers for item in vars(layer).items()]
    arrays = [each for each in arrays if isinstance(each[2], np.ndarray)]
    for (one, x_name, x), (other, y_name, y) in combinations(arrays, 2):
        learned = x_name in one.parameters or y_name in other.parameters
        if learned and np.may_share_memory(x, y):
            came = f"Sequential: {y_name} of {other} is a view of {x_name} of {one}"
            raise ValueError(f"{came}, and would lose it; tie weights inside a layer")


@contextmanager
def mode(layers: tuple[Layer, ...], training: bool) -> Iterator[None]:
    """Tell the layers whether they are training; afterwards, they are not."""
    try:
        for layer in layers:
            layer.training = training
        yield
    finally:
        if training:
            for layer in layers:
                layer.training = False


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


def outputs(network: Sequential, x: ArrayLike) -> list[Array]:
    """Compute what each layer makes of a batch, when not training."""
    x = floats("Sequential", "x", x, dtype=network.dtype)
    with mode(network.layers, training=False):
        return [x := layer.forward(x) for layer in network.layers]


def table(layers: tuple[Layer, ...], passing: list[Array]) -> str:
    """Line up every layer with its output shape and its number of parameters."""
    x, *outputs = passing
    rows = [("layer", "output shape", "parameters"), ("input", f"{x.shape}", "")]
    sizes = []
    for layer, x in zip(layers, outputs, strict=True):
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
