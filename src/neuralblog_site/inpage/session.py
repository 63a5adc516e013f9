"""What a page's Python consists of: snippets that run, and calls from explorables.

Pyodide imports it in the reader's browser, with the runner and the figures of the
build. All snippets of a page share their variables; pages share nothing.
"""

import builtins
import gc
import importlib
import logging
import re
import sys
import time
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np

import neuralblog
from neuralblog import training
from neuralblog_site.inpage.tidy import tidied
from neuralblog_site.running.embed import embedded
from neuralblog_site.running.execute import Fault, execute

USES_MATPLOTLIB = re.compile(r"\bmatplotlib\b|\bplotting\b|\.plot\(")
HINTS = {  # the beginning of an error's message, and what to do about it in a page
    "ModuleNotFoundError: No module named 'neuralblog":
        "The library's page lists its modules.",
    "ModuleNotFoundError":
        "Here are numpy, matplotlib, neuralblog and Python's own library.",
    "RuntimeError: (Cannot stack switch|.*event loop|WebAssembly stack switching)":
        "asyncio has no loop of its own in a page: write it without.",
    "(numpy._core._exceptions._Array)?MemoryError":
        "A page's Python has 2 GB: use smaller arrays, or delete some with `del`.",
}  # fmt: skip
MOST_CALLERS = 4  # that are told when an error was some calls deep
DATA = Path(neuralblog.__file__).parent / "data"


class Host(Protocol):
    """What the worker around this Python does for it."""

    def stopping(self) -> bool:
        """Whether the reader has asked to stop; tells only once."""

    def fetch(self, name: str) -> Any:
        """The bytes of a data file of the library, or None if it cannot be had."""

    def figure(self, svg: str) -> None:
        """Show a figure."""

    def progress(self, done: int, total: int) -> None:
        """Tell how many steps of a training are done."""


pages: dict[str, dict[str, Any]] = {}
host: Host
n_figures = 0


def connect(worker: Host, data_files: list[str]) -> None:
    """Prepare this Python for its life in a page."""
    global host
    host = worker
    DATA.mkdir(exist_ok=True)
    for name in data_files:  # empty until something opens them
        (DATA / name).touch()
    sys.addaudithook(_fetch_when_opened)
    # the page's Matplotlib has one font family, and would complain about the others
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    builtins.input = _no_input
    time.sleep = _sleep  # type: ignore[assignment]
    training.show_progress(_steps)


def needs_matplotlib(code: str) -> bool:
    """Whether a snippet draws, as far as one can tell before it runs."""
    return "matplotlib" not in sys.modules and bool(USES_MATPLOTLIB.search(code))


def run(
    code: str, page: str, name: str, alts: list[str], changed: bool = False
) -> tuple[str, str]:
    """Run a snippet in its page's namespace; give back how it ended, and the message.

    It ended "ok", "stopped", with an "error", or "needs" a package to begin with. The
    figures that it shows are described by `alts`, as far as there are any. Of a snippet
    that the reader `changed`, a last line that is an expression is shown.
    """
    namespace = pages.setdefault(page, {"__name__": "__main__"})
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = _once(name)
        if "matplotlib" in sys.modules or USES_MATPLOTLIB.search(code):
            _prepare_figures(alts)
        with tidied():
            fault = execute(code, namespace, name, show_last=changed)
        if fault is None:
            fault = _show_the_rest(name)
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    if fault is None:
        return "ok", ""
    if fault.message.startswith("SystemExit"):
        said = fault.message.removeprefix("SystemExit").removeprefix(": ")
        return ("error", said) if said and not said.isdigit() else ("ok", "")
    if fault.message == "ModuleNotFoundError: No module named 'matplotlib'":
        return "needs", "matplotlib"
    if fault.message == "KeyboardInterrupt":
        return "stopped", f"in line {fault.line}"
    return "error", told(fault)


def _once(name: str) -> Any:
    """Shows a warning once, with the snippet's line if it has one, and no path of ours."""
    seen = set()

    def show(message: Any, category: type, filename: str, line: int, *_: Any) -> None:
        where = f"Line {line}: " if filename == name else ""
        text = f"{where}{category.__name__}: {message}\n"
        if text not in seen:
            seen.add(text)
            sys.stderr.write(text)

    return show


def told(fault: Fault) -> str:
    """What went wrong, with no lines but the snippet's own."""
    where = f"Line {fault.line}" + (f": {fault.source}" if fault.source else "")
    callers = [f"Called from line {line}.\n" for line in reversed(fault.callers)]
    if len(callers) > MOST_CALLERS:
        callers[MOST_CALLERS:] = [f"... and from {len(callers) - MOST_CALLERS} more.\n"]
    hints = [
        f"\n{hint}" for start, hint in HINTS.items() if re.match(start, fault.message)
    ]
    return f"{where}\n{''.join(callers)}{fault.message}{''.join(hints[:1])}"


def reset(page: str) -> None:
    """Forget the variables of a page."""
    pages.pop(page, None)


def full(room: int) -> bool:
    """Whether so many bytes are no longer there for the next run."""
    gc.collect()
    try:
        np.empty(room, np.uint8)
    except MemoryError:
        return True
    return False


def call(function: str, arguments: dict[str, Any]) -> Any:
    """Call "module:function" with a dict of arguments, for an explorable.

    Arrays come and go as `{"shape": ..., "data": ...}`. A ValueError is what the reader
    asked for and cannot have; any other exception is our own mistake.
    """
    module, _, name = function.partition(":")
    try:
        made = getattr(importlib.import_module(module), name)(
            **{key: _from_page(value) for key, value in arguments.items()}
        )
    except ValueError as error:  # what the library says is wrong
        return {"error": str(error)}
    except Exception as error:  # nothing that a reader does may come to this
        return {"fault": f"{type(error).__name__}: {error}"}
    return {"value": _to_page(made)}


def _from_page(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"shape", "data"}:
        return np.asarray(value["data"], float).reshape(value["shape"])
    return value


def _to_page(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        data = np.ascontiguousarray(value, float).reshape(-1)
        return {"shape": list(value.shape), "data": data}
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, dict):
        return {key: _to_page(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_to_page(item) for item in value]
    return value


def _prepare_figures(alts: list[str]) -> None:
    try:
        import matplotlib
        from matplotlib import pyplot
    except ModuleNotFoundError:  # it is loaded, and the snippet run again
        return
    from neuralblog_site.running import svg

    matplotlib.rcdefaults()
    svg.use()
    pyplot.close("all")
    remaining = iter(alts)

    def deliver(svg: str) -> None:
        global n_figures
        n_figures += 1
        alt = next(remaining, "A figure that you drew")
        sys.stdout.flush()
        host.figure(embedded(svg, f"live{n_figures}", alt))

    svg.deliver = deliver


def _show_the_rest(name: str) -> Fault | None:
    """Show what the snippet drew without a plt.show(), which beginners forget."""
    if "matplotlib.pyplot" not in sys.modules:
        return None
    show = "from neuralblog_site.running import svg; svg.show()"
    return execute(show, {}, f"{name} ")


def _fetch_when_opened(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not str(arguments[0]).startswith(f"{DATA}/"):
        return
    path = Path(arguments[0])
    if arguments[1] == "r" and path.exists() and not path.stat().st_size:
        content = host.fetch(path.name)
        if content is None:
            raise OSError(f"{path.name} could not be loaded; are you offline?")
        path.write_bytes(content.to_py())


def _no_input(prompt: object = "") -> str:
    raise RuntimeError("input() has no keyboard here: write the value into the code")


def _sleep(seconds: float, sleep: Any = time.sleep) -> None:
    """Sleep in slices, so that a reader can stop it."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        sleep(min(0.2, left))
        if host.stopping():
            raise KeyboardInterrupt


def _steps(n_steps: int) -> Iterator[int]:
    """Stands in for the library's progress bar."""
    for step in range(n_steps):
        host.progress(step, n_steps)
        yield step
