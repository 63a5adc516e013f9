"""Datasets are what they claim to be, and a damaged file never loads."""

import gzip
import hashlib
import http.server
import struct
import subprocess
import sys
import threading
from itertools import pairwise

import numpy as np
import pytest

from neuralblog import datasets

IMAGES, LABELS, TEST_IMAGES, TEST_LABELS = datasets.MNIST_SHA256


def generator(seed=0):
    return np.random.default_rng(seed)


# points


def test_xor():
    x, y = datasets.xor()
    np.testing.assert_array_equal(y, np.logical_xor(x[:, 0], x[:, 1]))
    assert [tuple(point) for point in x] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert y.dtype == np.int64


def test_moons_are_half_circles_of_radius_one():
    x, y = datasets.moons(100, noise=0, rng=generator())
    centers = np.array([[0.0, 0.0], [1.0, 0.5]])[y]
    np.testing.assert_allclose(np.hypot(*(x - centers).T), 1)
    assert np.bincount(y).tolist() == [50, 50]
    assert (x[y == 0, 1] >= 0).all()
    assert (x[y == 1, 1] <= 0.5).all()


def test_spirals_wind_once_and_never_meet():
    x, y = datasets.spirals(300, 3, noise=0, rng=generator())
    radius = np.hypot(*x.T)
    angle = np.arctan2(x[:, 1], x[:, 0])
    expected = 2 * np.pi * (radius + y / 3)
    np.testing.assert_allclose(np.exp(1j * angle), np.exp(1j * expected))
    assert np.bincount(y).tolist() == [100, 100, 100]
    assert radius.max() <= 1


@pytest.mark.parametrize(
    ("points", "first"),
    [(datasets.moons, [0.0901, 0.9244]), (datasets.spirals, [-0.0127, -0.7800])],
)
def test_points_repeat_with_their_seed_and_scatter_with_noise(points, first):
    x, y = points(5001, noise=0.05, rng=generator(1))
    again, _ = points(5001, noise=0.05, rng=generator(1))
    clean, _ = points(5001, noise=0, rng=generator(1))
    np.testing.assert_array_equal(x, again)
    np.testing.assert_allclose(x[0], first, atol=1e-3)  # the same in every version
    assert (x - clean).std() == pytest.approx(0.05, rel=0.05)
    assert x.shape == (5001, 2)
    assert y.shape == (5001,)


# the boat


def test_the_boat_has_a_dark_hull_bright_sun_and_soft_edges():
    picture = datasets.boat()
    assert picture.shape == (96, 96)
    assert (picture.min(), picture.max()) == (0.12, 1.0)
    assert picture[70, 48] == pytest.approx(0.12)  # hull
    assert picture[17, 79] == 1.0  # sun
    assert picture[50, 55] == 1.0  # sail
    border = picture[20:60, 48:80]
    assert ((border > 0.9) & (border < 1)).any()
    assert datasets.boat(24).shape == (24, 24)


def test_the_boat_has_edges_in_every_direction():
    down, right = np.gradient(datasets.boat())
    strong = np.hypot(down, right) > 0.05
    directions = np.degrees(np.arctan2(down, right))[strong] % 180
    counts, _ = np.histogram(directions, bins=6, range=(-15, 165))
    assert (counts > 5).all()


# the digits


def test_digits_are_the_known_ones():
    path = datasets.data_file("digits.npz")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert digest == datasets.DIGITS_SHA256
    x_train, y_train, x_test, y_test = datasets.digits()
    assert (x_train.shape, x_test.shape) == ((8000, 1, 28, 28), (2000, 1, 28, 28))
    assert (x_train.dtype, y_train.dtype) == (np.float64, np.int64)
    assert (x_test.dtype, y_test.dtype) == (np.float64, np.int64)
    assert (x_train.min(), x_train.max()) == (0, 1)
    both = np.concatenate([y_train, y_test])
    counts = [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]  # as in MNIST
    assert np.bincount(both).tolist() == counts


def test_digits_are_bytes_and_no_image_is_in_both_parts():
    x_train, _, x_test, _ = datasets.digits()
    np.testing.assert_array_equal(np.rint(x_test * 255) / 255, x_test)
    train, test = ({image.tobytes() for image in x} for x in (x_train, x_test))
    assert len(train) == 8000
    assert len(test) == 2000
    assert not train & test


def test_the_first_five_of_mnist_is_among_the_digits():
    rows = np.array(
        [
            [0] * 12 + [3, 18, 18, 18, 126, 136, 175, 26, 166, 255, 247, 127] + [0] * 4,
            [0] * 8
            + [30, 36, 94, 154, 170, 253, 253, 253, 253, 253, 225, 172, 253, 242, 195]
            + [64, 0, 0, 0, 0],
        ]
    )
    x_train, y_train, x_test, y_test = datasets.digits()
    x, y = np.concatenate([x_train, x_test]), np.concatenate([y_train, y_test])
    found = (np.rint(x[:, 0, 5:7] * 255) == rows).all(axis=(1, 2))
    assert y[found].tolist() == [5]


def test_damaged_digits_never_load(tmp_path, monkeypatch):
    content = datasets.data_file("digits.npz").read_bytes()
    path = tmp_path / "digits.npz"
    monkeypatch.setattr(datasets, "data_file", lambda name: tmp_path / name)
    flipped = bytearray(content)
    flipped[1000] ^= 1
    for damaged in (content[:-1], bytes(flipped), b"", b"\x80\x04N."):
        path.write_bytes(damaged)
        with pytest.raises(ValueError, match=r"digits\.npz is damaged") as error:
            datasets.digits()
        assert "\n" not in str(error.value)


def test_a_pickled_file_does_not_run(tmp_path, monkeypatch):
    path = tmp_path / "digits.npz"
    np.savez(path, images=np.array([print], dtype=object), labels=np.zeros(1))
    monkeypatch.setattr(datasets, "data_file", lambda name: path)
    monkeypatch.setattr(datasets, "DIGITS_SHA256", datasets._sha256(path))
    with pytest.raises(ValueError, match="allow_pickle=False"):
        datasets.digits()


def test_missing_data_says_so():
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz is missing"):
        datasets.data_file("nothing.npz")


def test_importing_needs_no_network_modules():
    code = (
        "import sys; before = set(sys.modules); from neuralblog import datasets; "
        "print({'urllib.request', 'http.client', 'tqdm', 'matplotlib'} & "
        "set(sys.modules) - before)"
    )
    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert out.stdout == "set()\n"


# the full MNIST, from made-up files


def idx(values):
    header = struct.pack(f">{1 + values.ndim}I", 0x0800 + values.ndim, *values.shape)
    return header + values.astype(np.uint8).tobytes()


@pytest.fixture
def files():
    """Four small files in the format of MNIST, gzipped, by name."""
    rng = generator()
    contents = {
        IMAGES: rng.integers(0, 256, (6, 28, 28)),
        LABELS: rng.integers(0, 10, 6),
        TEST_IMAGES: rng.integers(0, 256, (2, 28, 28)),
        TEST_LABELS: rng.integers(0, 10, 2),
    }
    return {name: gzip.compress(idx(values)) for name, values in contents.items()}


@pytest.fixture
def folder(tmp_path, files):
    for name, content in files.items():
        (tmp_path / f"{name}.gz").write_bytes(content)
    return tmp_path


def test_mnist_from_a_folder(folder):
    rng = generator()
    x_train, y_train, x_test, y_test = datasets.mnist(folder)
    expected = rng.integers(0, 256, (6, 28, 28))[:, None]
    np.testing.assert_array_equal(np.rint(x_train * 255), expected)
    np.testing.assert_array_equal(y_train, rng.integers(0, 10, 6))
    assert (x_train.dtype, y_train.dtype) == (np.float32, np.int64)
    assert (x_test.shape, y_test.shape) == ((2, 1, 28, 28), (2,))


def test_mnist_from_plain_files(folder, files):
    packed = datasets.mnist(str(folder))
    for name, content in files.items():
        (folder / f"{name}.gz").unlink()
        (folder / name).write_bytes(gzip.decompress(content))
    for ours, theirs in zip(datasets.mnist(folder), packed, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_missing_file_is_named(folder):
    (folder / f"{TEST_LABELS}.gz").unlink()
    with pytest.raises(FileNotFoundError, match=f"no {TEST_LABELS} .* download=True"):
        datasets.mnist(folder)


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda content: content[:-1], "holds 5 bytes, expected 6"),
        (lambda content: content + b"\0", "holds 7 bytes, expected 6"),
        (lambda content: b"\0\0\x08\x03" + content[4:], "starts with 00000803"),
        (lambda content: content[:6], "ends after 6 bytes"),
        (lambda content: b"", "ends after 0 bytes"),
        (lambda content: content[:-1] + b"\x0a", "6 labels up to 10, expected 6 from"),
        (lambda content: idx(np.zeros(5)), "5 labels up to 0, expected 6 from 0 to 9"),
        (lambda content: gzip.compress(content)[:-9], "damaged"),
        (lambda content: gzip.compress(content)[:20] + b"junkjunk", "damaged"),
        (lambda content: b"\x1f\x8b\x00", "damaged"),
    ],
)
def test_a_damaged_file_is_refused_in_one_line(folder, files, damage, message):
    path = folder / f"{LABELS}.gz"
    path.write_bytes(damage(gzip.decompress(files[LABELS])))
    with pytest.raises(ValueError, match=message) as error:
        datasets.mnist(folder)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("shape", [(0, 28, 28), (6, 20, 20), (6, 28, 27), (0, 0, 1)])
def test_images_of_another_size_or_none_are_refused(folder, shape):
    (folder / f"{IMAGES}.gz").write_bytes(idx(np.zeros(shape)))
    (folder / f"{LABELS}.gz").write_bytes(idx(np.zeros(shape[0])))
    with pytest.raises(ValueError, match=r"has shape .*, expected \(N, 28, 28\)$"):
        datasets.mnist(folder)


def test_a_header_of_huge_sizes_is_refused(folder):
    header = struct.pack(">4I", 0x0803, 2**32 - 1, 2**32 - 1, 28)
    (folder / f"{IMAGES}.gz").write_bytes(header)
    with pytest.raises(
        ValueError, match="holds 0 bytes, expected 516508833823349276700$"
    ):
        datasets.mnist(folder)


def test_a_web_page_is_no_dataset(folder):
    (folder / f"{IMAGES}.gz").write_bytes(b"\n<!DOCTYPE html><title>404</title>")
    with pytest.raises(ValueError, match="is a web page, expected an IDX file$"):
        datasets.mnist(folder)


@pytest.mark.parametrize("packed", [True, False])
def test_names_with_a_dot_and_a_home(folder, files, packed, monkeypatch):
    expected = datasets.mnist(folder)
    for name, content in files.items():
        (folder / f"{name}.gz").unlink()
        dotted = name.replace("-idx", ".idx") + packed * ".gz"
        (folder / dotted).write_bytes(content if packed else gzip.decompress(content))
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    for ours, theirs in zip(datasets.mnist(f"~/{folder.name}"), expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("n", [60_000, 10_000])
def test_fashion_is_not_mnist(folder, n):
    counts = datasets.MNIST_COUNTS[n]
    assert sum(counts) == n
    images, labels = (IMAGES, LABELS) if n == 60_000 else (TEST_IMAGES, TEST_LABELS)
    (folder / f"{images}.gz").write_bytes(idx(np.zeros((n, 28, 28), np.uint8)))
    (folder / f"{labels}.gz").write_bytes(idx(np.repeat(np.arange(10), counts)))
    datasets.mnist(folder)
    (folder / f"{labels}.gz").write_bytes(idx(np.arange(n) % 10))
    with pytest.raises(
        ValueError, match="times 0, .* Fashion-MNIST has files of the sa"
    ):
        datasets.mnist(folder)


def test_the_shipped_digits_are_of_that_mnist():
    _, y_train, _, y_test = datasets.digits()
    counts = np.bincount(np.concatenate([y_train, y_test]))
    assert (counts <= datasets.MNIST_COUNTS[60_000]).all()
    assert (counts >= 0.9 * np.array(datasets.MNIST_COUNTS[60_000]) / 6).all()


@pytest.mark.parametrize("make", [datasets.moons, datasets.spirals])
def test_points_need_a_number_and_noise(make):
    with pytest.raises(ValueError, match="n is 0, expected 1 or more"):
        make(0, rng=generator())
    with pytest.raises(ValueError, match="noise is -1, expected >= 0"):
        make(3, noise=-1, rng=generator())


def test_a_boat_needs_a_size():
    with pytest.raises(TypeError, match="^boat: size is 2.5, expected a whole number"):
        datasets.boat(2.5)


# downloads, from a server of our own


class Server(http.server.BaseHTTPRequestHandler):
    """Serves `files`; knows Range; can break off after `limit` bytes."""

    limit = None
    ranges = True

    def do_GET(self):
        content = self.files.get(self.path.removeprefix("/").removesuffix(".gz"))
        asked = self.headers["Range"]
        self.asked.append(asked)
        if content is None:
            return self.send_error(404)
        if self.ranges and asked:
            start = int(asked.removeprefix("bytes=").removesuffix("-"))
            if start >= len(content):
                return self.send_error(416)
            content = content[start:]
            self.send_response(206)
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: self.limit])
        return None

    def log_message(self, *args):
        pass


@pytest.fixture
def server(files, monkeypatch):
    handler = type("Handler", (Server,), {"files": dict(files), "asked": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{running.server_port}/"
        monkeypatch.setattr(datasets, "MNIST_ADDRESS", address)
        checksums = {
            name: hashlib.sha256(content).hexdigest() for name, content in files.items()
        }
        monkeypatch.setattr(datasets, "MNIST_SHA256", checksums)
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        yield handler
        running.shutdown()
        thread.join()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_download_is_kept_and_not_repeated(tmp_path, folder, server):
    expected = datasets.mnist(folder)
    cache = tmp_path / "new" / "cache"
    for _ in range(2):
        for ours, theirs in zip(
            datasets.mnist(cache, download=True), expected, strict=True
        ):
            np.testing.assert_array_equal(ours, theirs)
        assert server.asked == [None] * 4
    assert names(cache) == sorted(f"{name}.gz" for name in datasets.MNIST_SHA256)


@pytest.mark.parametrize("ranges", [True, False])
def test_an_interrupted_download_goes_on(tmp_path, server, files, ranges):
    cache = tmp_path / "cache"
    server.limit, server.ranges = 10, ranges
    with pytest.raises(ConnectionError, match=r"broke off, \d+ bytes short"):
        datasets.mnist(cache, download=True)
    assert names(cache) == [f"{IMAGES}.gz.part"]
    server.limit = None
    datasets.mnist(cache, download=True)
    assert server.asked[:2] == [None, "bytes=10-"]
    assert (cache / f"{IMAGES}.gz").read_bytes() == files[IMAGES]


def test_a_part_that_is_complete_is_taken(tmp_path, server, files):
    (tmp_path / f"{LABELS}.gz.part").write_bytes(files[LABELS])
    datasets.mnist(tmp_path, download=True)
    assert (tmp_path / f"{LABELS}.gz").read_bytes() == files[LABELS]


def test_a_wrong_checksum_leaves_nothing(tmp_path, server, files):
    server.files[IMAGES] = gzip.compress(idx(np.ones((6, 28, 28))))
    with pytest.raises(ValueError, match="wrong checksum; nothing was kept") as error:
        datasets.mnist(tmp_path, download=True)
    assert "\n" not in str(error.value)
    assert names(tmp_path) == []


def test_a_part_of_something_else_is_thrown_away(tmp_path, server):
    (tmp_path / f"{IMAGES}.gz.part").write_bytes(b"something else")
    with pytest.raises(ValueError, match="wrong checksum"):
        datasets.mnist(tmp_path, download=True)
    assert names(tmp_path) == []
    datasets.mnist(tmp_path, download=True)


def test_a_server_that_does_not_have_it_is_an_error(tmp_path, server):
    del server.files[IMAGES]
    with pytest.raises(ConnectionError, match="answers HTTP Error 404"):
        datasets.mnist(tmp_path, download=True)
    assert names(tmp_path) == []


def test_no_server_is_an_error(tmp_path, server, monkeypatch):
    monkeypatch.setattr(datasets, "MNIST_ADDRESS", "http://127.0.0.1:1/")
    with pytest.raises(ConnectionError, match="broke off"):
        datasets.mnist(tmp_path, download=True)
    assert names(tmp_path) == []


def test_the_checksums_are_four_different_ones():
    checksums = sorted(datasets.MNIST_SHA256.values())
    assert all(len(checksum) == 64 for checksum in checksums)
    assert all(one != other for one, other in pairwise(checksums))


def test_the_script_makes_the_bytes_again_from_rounded_fractions():
    sys.path.insert(0, "scripts")
    try:
        from make_digits import original_bytes
    finally:
        sys.path.remove("scripts")
    every = np.resize(np.arange(256), 784 * 2)
    rounded = np.round(every / 255, 3)
    np.testing.assert_array_equal(original_bytes(rounded).ravel(), every)
    with pytest.raises(SystemExit, match="not a rounded"):
        original_bytes(np.full(784, 0.5))
