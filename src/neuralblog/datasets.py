"""Something to learn from: points in the plane, a drawing, and real handwritten digits.

Points come as `x, y`: coordinates and classes. Digits come as
`x_train, y_train, x_test, y_test`: images (N, 1, 28, 28) from 0 (paper) to 1 (ink), and
labels 0 to 9. What is random needs a generator, and a damaged file is never read.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from neuralblog.arrays import check_generator, check_number, check_sizes

if TYPE_CHECKING:  # slow to import, so imported where it is needed
    from pathlib import Path

__all__ = ["boat", "data_file", "digits", "mnist", "moons", "spirals", "xor"]

Points = tuple[NDArray[np.float64], NDArray[np.int64]]
Images = NDArray[np.floating]
Labels = NDArray[np.int64]

DIGITS_SHA256 = "f1a23f2fb1a1c97bb00a811807ddd50a888dbcdcdead94147993273c22ee3f37"
MNIST_ADDRESS = "https://storage.googleapis.com/cvdf-datasets/mnist/"
MNIST_SHA256 = dict(
    line.split()
    for line in """
    train-images-idx3-ubyte 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609
    train-labels-idx1-ubyte 3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c
    t10k-images-idx3-ubyte 8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6
    t10k-labels-idx1-ubyte f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6
    """.strip().splitlines()
)


MNIST_COUNTS = {  # of 0 to 9, by the number of images: what tells MNIST from its twins
    60_000: [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    10_000: [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
}


def xor() -> Points:
    """Return the four points of "either, but not both": x (4, 2), y (4,)."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return x, np.array([0, 1, 1, 0])


def moons(n: int, *, noise: float = 0.1, rng: np.random.Generator) -> Points:
    """Return two interleaved half circles, classes 0 and 1: x (n, 2), y (n,).

    `noise` is the standard deviation of each coordinate; the radius is 1.
    """
    check_sizes("moons", n=n)
    check_number("moons", at_least=0, noise=noise)
    check_generator("moons", rng)
    y = np.arange(n) % 2
    angle = rng.uniform(0, math.pi, n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.array([1.0, 0.5]) - upper
    x = np.where(y[:, None] == 0, upper, lower)
    return x + noise * rng.standard_normal((n, 2)), y


def spirals(
    n: int, n_classes: int = 2, *, noise: float = 0.02, rng: np.random.Generator
) -> Points:
    """Return arms that wind around the origin, one a class: x (n, 2), y (n,).

    An arm runs from a distance of 0.1 to one of 1, and makes nine tenths of a turn on
    the way. `noise` is the standard deviation of each coordinate.
    """
    check_sizes("spirals", n=n, n_classes=n_classes)
    check_number("spirals", at_least=0, noise=noise)
    check_generator("spirals", rng)
    y = np.arange(n) % n_classes
    radius = np.sqrt(rng.uniform(0.01, 1, n))  # the root fills the disk evenly
    angle = 2 * math.pi * (radius + y / n_classes)
    x = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return x + noise * rng.standard_normal((n, 2)), y


def boat(size: int = 96) -> NDArray[np.float64]:
    """Draw a sailing boat at sea: (size, size), from 0 (black) to 1 (white).

    Its edges run level (the horizon), upright (the mast), slanted (the sails) and
    round (the sun), with soft borders as in a photograph. Drawn for this library.
    """
    check_sizes("boat", size=size)
    fine = 4 * size  # draw four times too large, then average: that smooths borders
    y, x = (np.mgrid[:fine, :fine] + 0.5) / fine
    picture = 0.92 - 0.3 * y  # the sky grows darker toward the horizon

    def paint(shade: float, *corners: tuple[float, float]) -> None:
        """Fill a convex shape whose corners (x, y) run clockwise."""
        inside = np.ones_like(picture, dtype=bool)
        for (x0, y0), (x1, y1) in zip(corners, corners[1:] + corners[:1], strict=True):
            inside &= (x1 - x0) * (y - y0) >= (y1 - y0) * (x - x0)
        picture[inside] = shade

    picture[np.hypot(x - 0.82, y - 0.18) < 0.09] = 1.0
    paint(0.42, (0.0, 0.72), (1.0, 0.72), (1.0, 1.0), (0.0, 1.0))
    for depth in (0.83, 0.93):
        wave = depth + 0.012 * np.sin(2 * math.pi * 4 * (x + depth))
        picture[np.abs(y - wave) < 0.008] = 0.62
    paint(0.12, (0.16, 0.68), (0.86, 0.68), (0.74, 0.8), (0.27, 0.8))
    paint(0.2, (0.485, 0.08), (0.505, 0.08), (0.505, 0.68), (0.485, 0.68))
    paint(1.0, (0.52, 0.12), (0.82, 0.62), (0.52, 0.62))
    paint(0.58, (0.47, 0.16), (0.47, 0.62), (0.24, 0.62))
    average: NDArray[np.float64] = picture.reshape(size, 4, size, 4).mean(axis=(1, 3))
    return average


def data_file(name: str) -> Path:
    """Return the path of a data file that belongs to the package.

    Raises: FileNotFoundError where the package was installed without its data.
    """
    from pathlib import Path

    path = Path(__file__).parent / "data" / name
    if not path.is_file():
        raise FileNotFoundError(f"neuralblog: {path} is missing from the package")
    return path


def digits() -> tuple[Images, Labels, Images, Labels]:
    """Return 8,000 handwritten digits to train on, and 2,000 to test with.

    They are the first 10,000 training images of MNIST (LeCun, Cortes and Burges), in
    a random order that is always the same, as float64.
    Raises: FileNotFoundError without the file, ValueError where it is damaged.
    """
    path = data_file("digits.npz")
    if _sha256(path) != DIGITS_SHA256:
        raise ValueError(f"digits: {path} is damaged: its sha256 is not the known one")
    with np.load(path, allow_pickle=False) as file:
        images, labels = file["images"][:, None], file["labels"].astype(np.int64)
    return images[:8000] / 255, labels[:8000], images[8000:] / 255, labels[8000:]


def mnist(
    folder: str | Path, *, download: bool = False
) -> tuple[Images, Labels, Images, Labels]:
    """Read all of MNIST from its four IDX files in `folder`, plain or gzipped.

    They are named as MNIST's makers do, train-images-idx3-ubyte, or with a dot before
    idx3. Of files that were there already, sizes are checked, and, where there are as
    many digits as in MNIST, how often each occurs: Fashion-MNIST has the same names.
    60,000 digits to train on and 10,000 to test with, as float32: 220 MB. With
    `download`, missing files are fetched first; an interrupted download goes on where
    it stopped when called again.
    Raises: FileNotFoundError for a missing file; ValueError for a file that is
    truncated, empty, not the right kind or not MNIST's, and for a download with a wrong
    checksum; ConnectionError for a download that was cut off.
    """
    from pathlib import Path

    home = Path(folder).expanduser()
    paths = [_find(home, name, download) for name in MNIST_SHA256]
    return *_read_pair(*paths[:2]), *_read_pair(*paths[2:])


def _find(folder: Path, name: str, download: bool) -> Path:
    """Return the path of an IDX file, plain or gzipped, fetching it if allowed."""
    packed = folder / f"{name}.gz"
    dotted = name.replace("-idx", ".idx")
    for path in (packed, folder / name, folder / f"{dotted}.gz", folder / dotted):
        if path.is_file():
            return path
    if not download:
        hint = "download=True fetches it"
        raise FileNotFoundError(f"mnist: no {name} (or .gz) in {folder}; {hint}")
    _download(MNIST_ADDRESS + packed.name, packed, MNIST_SHA256[name])
    return packed


def _download(address: str, path: Path, sha256: str) -> None:
    """Fetch a file; only what is complete and has the right checksum gets its name."""
    from http.client import HTTPException
    from urllib.error import HTTPError

    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    missing = 0
    try:
        missing = _fetch_rest(address, part)
    except HTTPError as error:
        error.close()
        if error.code != 416:  # 416: nothing left to send, so the part is complete
            raise ConnectionError(f"mnist: {address} answers {error}") from None
    except (OSError, HTTPException) as error:
        raise ConnectionError(f"mnist: {address} broke off: {error}") from None
    if missing:
        raise ConnectionError(f"mnist: {address} broke off, {missing} bytes short")
    if _sha256(part) != sha256:
        part.unlink()
        raise ValueError(f"mnist: {address} has a wrong checksum; nothing was kept")
    part.replace(path)


def _fetch_rest(address: str, part: Path) -> int:
    """Append what a file still lacks; return how many bytes the server failed to send."""
    from urllib.request import Request, urlopen

    start = part.stat().st_size if part.exists() else 0
    request = Request(address, headers={"Range": f"bytes={start}-"} if start else {})
    with urlopen(request, timeout=60) as response:
        resumed = response.status == 206  # 200: the server sends all of it again
        with part.open("ab" if resumed else "wb") as file:
            while block := response.read(1 << 16):
                file.write(block)
        return response.length or 0


def _read_pair(images: Path, labels: Path) -> tuple[Images, Labels]:
    """Read a file of images, and the one with their labels."""
    x, y = _read_idx(images), _read_idx(labels)
    if len(x) == 0 or x.shape[1:] != (28, 28):
        raise ValueError(f"mnist: {images} has shape {x.shape}, expected (N, 28, 28)")
    if len(x) != len(y) or y.max() > 9:
        came = f"{len(y)} labels up to {y.max(initial=0)}"
        raise ValueError(f"mnist: {labels} has {came}, expected {len(x)} from 0 to 9")
    counts = np.bincount(y, minlength=10).tolist()
    if counts != MNIST_COUNTS.get(len(y), counts):
        came = f"{counts[0]} times 0, {counts[1]} times 1 ..."
        expected = "MNIST's; Fashion-MNIST has files of the same names"
        raise ValueError(f"mnist: {labels} has {came}, expected {expected}")
    return x[:, None] / np.float32(255), y.astype(np.int64)


def _read_idx(path: Path) -> NDArray[np.uint8]:
    """Read labels (N,) or images (N, H, W), bytes behind a header of big-endian ints.

    The header is a magic number, 0x0800 plus the number of axes, and each axis' length.
    """
    import gzip
    import zlib

    content = path.read_bytes()
    if content[:2] == b"\x1f\x8b":
        try:
            content = gzip.decompress(content)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise ValueError(f"mnist: {path} is damaged: {error}") from None
    if content.lstrip()[:1] == b"<":
        raise ValueError(f"mnist: {path} is a web page, expected an IDX file")
    n_axes = 3 if "images" in path.name else 1
    start, magic = 4 * (1 + n_axes), 0x0800 + n_axes
    if len(content) < start:
        raise ValueError(f"mnist: {path} ends after {len(content)} bytes of its header")
    found, *shape = np.frombuffer(content[:start], dtype=">u4").tolist()
    if found != magic:
        raise ValueError(f"mnist: {path} starts with {found:08x}, expected {magic:08x}")
    values = np.frombuffer(content, dtype=np.uint8, offset=start)
    if len(values) != math.prod(shape):
        came = f"{len(values)} bytes"
        raise ValueError(f"mnist: {path} holds {came}, expected {math.prod(shape)}")
    return values.reshape(shape)


def _sha256(path: Path) -> str:
    import hashlib

    return hashlib.sha256(path.read_bytes()).hexdigest()
