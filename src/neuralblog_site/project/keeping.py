"""Keeps what is slow to make in a file that is named by all that it depends on."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path


def digest(*parts: str) -> str:
    """One name for several texts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def kept(entry: Path, make: Callable[[], bytes]) -> bytes:
    """What is kept in a file; made first, if it is not there."""
    if not entry.exists():
        store(entry, make())
    return entry.read_bytes()


def store(path: Path, content: bytes) -> None:
    """All or nothing, also when two builds write the same entry."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}.{os.urandom(4).hex()}")
    draft.write_bytes(content)
    draft.replace(path)
