"""Runs a job apart: in an empty folder, without network, with a limit on time.

One warm process per `Sandbox` imports NumPy, Matplotlib and the library once and then
forks for every job, so that a job costs milliseconds. Where the system cannot fork
safely (Windows, macOS), every job gets a fresh process: slower, with the same result.
"""

import contextlib
import ctypes
import faulthandler
import importlib
import os
import pickle
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

CAN_FORK = sys.platform.startswith("linux")
MEMORY = 3 << 30  # bytes that one job may address
STARTING = 60.0  # seconds at most, until a process of its own has imported everything
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Stopped(Exception):
    """The job ran past its limit and was killed; `.trace` says where it was."""

    def __init__(self, limit: float, trace: str) -> None:
        super().__init__(f"still running after {limit:g} s: stopped")
        self.trace = trace

    def line(self, filename: str) -> int | None:
        """The last line of `filename` that the job was at."""
        for row in self.trace.splitlines():
            if f'File "{filename}", line ' in row:
                return int(row.split("line ")[1].split()[0])
        return None


class Sandbox:
    """A place to run functions in; each thread needs its own.

    `call("module:function", *arguments)` returns what the function returns.
    """

    def __init__(
        self, fork: bool = CAN_FORK, environment: Mapping[str, str] | None = None
    ) -> None:
        self.fork, self.environment = fork, dict(environment or {})
        self._warm: subprocess.Popen[bytes] | None = None

    def call(self, function: str, *arguments: Any, limit: float = 30.0) -> Any:
        """Run it. Raises `Stopped` past the limit, RuntimeError if the process dies."""
        job = (function, arguments, limit)
        kind, value = self._forked(job) if self.fork else _fresh(job, self.environment)
        if kind == "stopped":
            raise Stopped(limit, value)
        if kind == "died":
            raise RuntimeError(value)
        return value

    def _forked(self, job: "Job") -> "Reply":
        if self._warm is None or self._warm.poll() is not None:
            self._warm = _start("warm", self.environment)
        assert self._warm.stdin is not None and self._warm.stdout is not None
        try:
            _send(self._warm.stdin, job)
            kind, value = pickle.load(self._warm.stdout)
        except Exception:  # what a snippet has written there can be anything
            self._warm.kill()
            self.close()
            return "died", "it ended the process that starts the snippets"
        return kind, value

    def close(self) -> None:
        """End the warm process, so that the next call imports everything anew."""
        if self._warm is not None:
            with contextlib.suppress(OSError, ValueError):
                self._warm.communicate()
            self._warm.wait()
            self._warm = None

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


Job = tuple[str, tuple[Any, ...], float]  # "module:function", its arguments, seconds
Reply = tuple[str, Any]  # "value", "stopped" or "died", and what goes with it


def _fresh(job: Job, environment: Mapping[str, str]) -> Reply:
    """Run one job in a process of its own, from the first import on.

    It ends itself when its time is over; one that has undone that is killed.
    """
    with tempfile.TemporaryDirectory(prefix="neuralblog-") as folder:
        trace = Path(folder, "trace")
        process = _start("once", environment)
        asked = pickle.dumps((*job, folder, trace, True))
        try:
            said, _ = process.communicate(asked, timeout=job[2] + STARTING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            return "stopped", ""
        try:
            kind, value = pickle.loads(said)
        except Exception:  # what a snippet has written there can be anything
            if trace.exists() and (told := trace.read_text()):
                return "stopped", told
            return "died", _death(process.returncode)
    return kind, value


def _start(how: str, settings: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    package = str(Path(__file__).resolve().parents[2])
    environment = os.environ | dict.fromkeys(ONE_THREAD, "1")
    environment |= {
        "PYTHONPATH": package,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONUTF8": "1",
        **settings,
    }
    return subprocess.Popen(
        [sys.executable, "-m", "neuralblog_site.running.sandbox", how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )


def _send(pipe: IO[bytes], value: Any) -> None:
    pickle.dump(value, pipe)
    pipe.flush()


def _death(status: int) -> str:
    if status < 0:
        return f"its process was ended by {signal.Signals(-status).name}"
    return f"its process ended with status {status} and no result"


# ---- what follows runs in the sandbox's own processes ----


def _main(how: str) -> None:
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a job can neither read the next job
    os.dup2(2, 1)  # nor write into the replies
    broken = _warm_up()
    with contextlib.suppress(EOFError, BrokenPipeError, KeyboardInterrupt):
        while True:
            job = pickle.load(jobs)
            if broken:
                _send(replies, ("died", broken))
            elif how == "once":
                _send(replies, _job(*job))
            else:
                _send(replies, _supervise(job, (jobs.fileno(), replies.fileno())))


def _warm_up() -> str:
    """Import what every snippet needs; tell why if the library itself is broken."""
    try:
        importlib.import_module("neuralblog_site.running.svg").use()
        for path in sorted(Path(__file__).parents[2].glob("neuralblog/[a-z]*.py")):
            importlib.import_module(f"neuralblog.{path.stem}")
    except Exception as error:
        at = traceback.extract_tb(error.__traceback__)[-1]
        what = f"{type(error).__name__}: {error} ({at.filename}, line {at.lineno})"
        return f"the library cannot be imported: {what}"
    return ""


def _supervise(job: Job, ours: tuple[int, ...]) -> Reply:
    """Fork a child for one job, in an empty folder, and kill it at the limit."""
    function, arguments, limit = job
    folder = tempfile.mkdtemp(prefix="neuralblog-")
    trace = Path(folder + ".trace")
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        for pipe in (reading, *ours):
            os.close(pipe)
        os.setsid()  # so that whatever it starts is killed with it
        _die_with_parent()
        null = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):  # what it writes past Python is no page's
            os.dup2(null, stream)
        with os.fdopen(writing, "wb") as results:
            _send(results, _job(function, arguments, limit, folder, trace))
        os._exit(0)
    os.close(writing)
    try:
        return _await(pid, reading, limit, trace)
    finally:
        os.close(reading)
        shutil.rmtree(folder, ignore_errors=True)
        trace.unlink(missing_ok=True)


def _await(pid: int, results: int, limit: float, trace: Path) -> Reply:
    data, end = b"", time.monotonic() + limit
    while True:
        left = max(0.0, end - time.monotonic())
        if not select.select([results], [], [], left)[0]:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return "stopped", trace.read_text() if trace.exists() else ""
        chunk = os.read(results, 1 << 20)
        data += chunk
        if not chunk:
            break
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if not data:
        return "died", _death(status)
    try:
        reply: Reply = pickle.loads(data)
        kind, _ = reply
    except Exception:
        return "died", "it wrote over its own result"
    return reply if kind in ("value", "died") else ("died", "it wrote over its result")


def _die_with_parent() -> None:
    """Let the system end this process when the one above it ends (on Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def _job(
    function: str,
    arguments: tuple[Any, ...],
    limit: float,
    folder: str,
    trace: Path,
    ends: bool = False,
) -> Reply:
    """Call the function in the folder, and keep where it was when its time is over.

    Either it `ends` its process then, or that is killed a little later.
    """
    module, _, name = function.partition(":")
    call = getattr(importlib.import_module(module), name)
    inside = Path(folder, "job")
    inside.mkdir()
    os.chdir(inside)
    tempfile.tempdir = str(inside)
    with trace.open("w") as file:
        at = limit if ends else limit * 0.9
        faulthandler.dump_traceback_later(at, file=file, exit=ends)
        written = _confine(str(inside))
        try:
            value = call(*arguments)
        except BaseException as error:
            value = None
            reply: Reply = ("died", f"{type(error).__name__}: {error}")
        else:
            reply = ("value", value)
        faulthandler.cancel_dump_traceback_later()
    results = value if isinstance(value, list) else [value]
    if results and hasattr(results[-1], "files"):
        written.update(str(path.relative_to(inside)) for path in inside.rglob("*"))
        results[-1].files = sorted(written)
    return reply


NETWORK = ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto")
PROCESS = ("subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork")
SIGNALS = ("os.kill", "os.killpg")
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate", "os.link")


def _confine(folder: str) -> set[str]:
    """No network, no other program, no file outside the folder, and no end of memory.

    Gives back the files that are written, those that are temporary aside. This guards honest authors against accidents; it is no wall against an attacker.
    """
    if CAN_FORK:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    inside = os.path.join(os.path.realpath(folder), "")
    null = os.path.realpath(os.devnull)

    written: set[str] = set()

    def place(path: Any) -> str | None:
        """Its name in the folder, "" for what is no file there; nothing for all else."""
        real = null if isinstance(path, int) else os.path.realpath(os.fsdecode(path))
        if real == null or real + os.sep == inside:
            return ""
        return real.removeprefix(inside) if real.startswith(inside) else None

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event in NETWORK:
            raise PermissionError("a snippet cannot reach the network")
        if event in SIGNALS and arguments[0] != os.getpid():
            raise PermissionError("a snippet cannot end another process")
        if event in PROCESS:
            raise PermissionError("a snippet cannot start another program")
        if event == "open":
            path, mode, flags = arguments
            for_writing = flags & (os.O_WRONLY | os.O_RDWR)
            if not (for_writing if mode is None else set(mode) & set("wax+")):
                return
        elif event in CHANGES:
            path = arguments[0]
        else:
            return
        name = place(path)
        if name is None:
            what = f"a snippet cannot change {path}: it is not in its folder"
            raise PermissionError(what)
        if event == "open" and name and not name.startswith("tmp"):
            written.add(name)

    sys.addaudithook(watch)
    return written


if __name__ == "__main__":
    _main(sys.argv[1])
