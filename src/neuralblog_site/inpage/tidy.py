"""Undoes what a snippet did to the Python that it shares with the rest of its page.

In the build each snippet has a process of its own; so in the page, too, nothing but its
variables may outlive it: no other folder, no filter, nothing of a module that was replaced.
"""

import builtins
import gc
import locale
import logging
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
    modules, handlers = dict(sys.modules), list(logging.root.handlers)
    threshold = gc.get_threshold()
    place = locale.setlocale(locale.LC_ALL)
    trace = sys.gettrace()
    own = dict(vars(builtins))
    try:
        yield
    finally:
        builtins.__dict__.update(own)  # first, since all that follows calls them
        for name in builtins.__dict__.keys() - own.keys() - {"_"}:
            delattr(builtins, name)
        sys.modules.update(modules)
        _restore(names)
        logging.root.handlers[:] = handlers
        logging.disable(logging.NOTSET)
        if "decimal" in sys.modules:
            sys.modules["decimal"].setcontext(sys.modules["decimal"].Context())
        gc.set_threshold(*threshold)
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
    """What is public in each module, and in the library's classes and dictionaries."""
    found: Names = []
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] not in KEPT or name.count(".") > 1:
            continue
        inside = {
            key: value for key, value in vars(module).items() if not key.startswith("_")
        }
        found.append((module, inside))
        for value in inside.values():
            if isinstance(value, type) and value.__module__.startswith("neuralblog."):
                found.append((value, dict(vars(value))))
            elif isinstance(value, dict) and name.startswith("neuralblog"):
                found.append((value, dict(value)))
    return found


def _restore(names: Names) -> None:
    for owner, inside in names:
        if isinstance(owner, dict):
            owner.clear()  # not compared: two arrays would not say yes or no
            owner.update(inside)
            continue
        now = dict(vars(owner))
        for key, value in inside.items():
            if now.get(key) is not value:
                with suppress(AttributeError, TypeError):
                    setattr(owner, key, value)
        if isinstance(owner, type):
            for key in now.keys() - inside.keys():
                delattr(owner, key)
