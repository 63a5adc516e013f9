"""Undoes what a snippet did to the Python that it shares with the rest of its page.

In the build each snippet has a process of its own; so in the page, too, nothing but its
variables may outlive it: no other folder, no filter, no function that was replaced.
"""

import builtins
import gc
import locale
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import numpy as np

KEPT = ("neuralblog", "numpy", "matplotlib", "math", "random", "time", "os")
STREAMS = ("stdout", "stderr", "stdin", "displayhook", "excepthook", "argv", "path")


@contextmanager
def tidied() -> Iterator[None]:
    """Whatever runs inside leaves everything else as it was."""
    folder, names, variables = os.getcwd(), _snapshot(), dict(os.environ)
    streams = {name: getattr(sys, name) for name in STREAMS}
    paths = list(sys.path)
    errors, printing = np.geterr(), np.get_printoptions()
    depth, collects = sys.getrecursionlimit(), gc.isenabled()
    place = locale.setlocale(locale.LC_ALL)
    trace = sys.gettrace()
    own = dict(vars(builtins))
    tables = [(table, table.copy()) for table in _tables()]
    try:
        yield
    finally:
        builtins.__dict__.update(own)  # first, since all that follows calls them
        for name in builtins.__dict__.keys() - own.keys() - {"_"}:
            delattr(builtins, name)
        _restore(names)
        for table, rows in tables:
            table.clear()
            table.update(rows)
        with suppress(OSError):
            os.chdir(folder)
        if dict(os.environ) != variables:
            os.environ.clear()
            os.environ.update(variables)
        for name, value in streams.items():
            setattr(sys, name, value)
        sys.path[:] = paths
        np.seterr(**errors)
        np.set_printoptions(**printing)
        sys.setrecursionlimit(depth)
        if sys.gettrace() is not trace:
            sys.settrace(trace)
        gc.enable() if collects else gc.disable()
        with suppress(locale.Error):
            locale.setlocale(locale.LC_ALL, place)


Names = list[tuple[Any, dict[str, Any]]]


def _snapshot() -> Names:
    """What can be called in each module, its constants, and the library's methods."""
    found: Names = []
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in KEPT or name.count(".") > 1:
            continue
        inside = {
            key: value
            for key, value in vars(module).items()
            if (callable(value) or isinstance(value, float)) and not key.startswith("_")
        }
        found.append((module, inside))
        for value in inside.values():
            if isinstance(value, type) and value.__module__.startswith("neuralblog."):
                found.append((value, dict(vars(value))))
    return found


def _tables() -> Iterator[dict[str, Any]]:
    """What the library keeps by name, as its kernels and its colors."""
    for name, module in list(sys.modules.items()):
        if name.startswith("neuralblog."):
            for key, value in vars(module).items():
                if key.isupper() and isinstance(value, dict):
                    yield value


def _restore(names: Names) -> None:
    for owner, inside in names:
        now = dict(vars(owner))
        for key, value in inside.items():
            if now.get(key) is not value:
                with suppress(AttributeError, TypeError):
                    setattr(owner, key, value)
        if isinstance(owner, type):
            for key in now.keys() - inside.keys():
                delattr(owner, key)
