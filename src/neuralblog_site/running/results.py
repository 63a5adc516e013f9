"""Runs snippets once per change: cached by everything that their result depends on."""

import hashlib
import importlib.metadata
import json
import platform
import queue
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path

from neuralblog_site.project.keeping import digest, store
from neuralblog_site.project.places import KEPT
from neuralblog_site.project.problems import Problem
from neuralblog_site.running.comparison import problems
from neuralblog_site.running.error_messages import MEND, told
from neuralblog_site.running.execute import Result
from neuralblog_site.running.sandbox import Sandbox, Stopped
from neuralblog_site.sources.library_code import LIBRARY
from neuralblog_site.sources.snippets import Snippet

RUNNER = Path(__file__).parent
CACHE = KEPT / "snippets"
WORKERS = 2


class Execution:
    """Results of snippets, from the cache or from a run in a sandbox."""

    def __init__(
        self,
        cache: Path = CACHE,
        library: Path = LIBRARY,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.cache, self.library = cache, library
        self.environment = dict(environment or {})
        self.ran = self.reused = 0
        self._idle: queue.SimpleQueue[tuple[str, Sandbox]] = queue.SimpleQueue()

    def result(self, snippet: Snippet) -> Result:
        """What the snippet prints and draws; run only if something changed."""
        version = self.version()
        entry = self._entry(version, snippet)
        if entry.exists():
            self.reused += 1
            return Result(**json.loads(entry.read_text(encoding="utf-8")))
        cells = [*snippet.before, snippet]
        with self._sandbox(version) as sandbox:
            results: list[Result] = sandbox.call(
                "neuralblog_site.running.execute:run_cells",
                [(cell.code, cell.line) for cell in cells],
                snippet.path or "snippet",
                limit=snippet.limit,
            )
        for cell, result in zip(cells, results, strict=False):
            self.ran += 1
            self.keep(cell, result)
        return results[-1]

    def keep(self, snippet: Snippet, result: Result) -> None:
        """Remember a result. A fault is soon mended, and is not kept."""
        if result.fault is None:
            entry = self._entry(self.version(), snippet)
            store(entry, json.dumps(asdict(result)).encode())

    def _entry(self, version: str, snippet: Snippet) -> Path:
        return self.cache / f"{digest(version, snippet.program)}.json"

    def problems(self, snippet: Snippet) -> list[Problem]:
        """Run the snippet, and tell what is wrong with it."""
        try:
            return list(problems(snippet, self.result(snippet)))
        except Stopped as stopped:
            line = stopped.line(snippet.path) or snippet.line
            what, fix = str(stopped), "make it end, or make it smaller"
            return [Problem(snippet.path, line, "SN14", what, fix)]
        except RuntimeError as died:
            code, what, fix = told(str(died))
            fix = "run it by itself to see more" if fix == MEND else fix
            return [Problem(snippet.path, snippet.line, code, what, fix)]

    def verify(self, snippets: Iterable[Snippet]) -> list[Problem]:
        """Run them all, in parallel; give back everything that is wrong, sorted."""
        found = list(snippets)
        follows = {id(cell) for snippet in found for cell in snippet.before}
        whole = [snippet for snippet in found if id(snippet) not in follows]
        with ThreadPoolExecutor(WORKERS) as pool:  # a lab's last cell runs all others
            problems = {p for told in pool.map(self.problems, whole) for p in told}
            rest = [snippet for snippet in found if id(snippet) in follows]
            if not problems:
                problems |= {p for told in pool.map(self.problems, rest) for p in told}
        return sorted(problems)

    def version(self) -> str:
        """Changes with the library, its data, its style, the runner, or the versions."""
        files = [p for f in (self.library, RUNNER) for p in sorted(f.rglob("*"))]
        kept = [p for p in files if p.suffix not in (".pyc", "")]
        return _version(versions(), tuple((p, p.stat().st_mtime_ns) for p in kept))

    @contextmanager
    def _sandbox(self, version: str) -> Iterator[Sandbox]:
        """A warm sandbox that holds this version of the library."""
        try:
            held, sandbox = self._idle.get_nowait()
        except queue.Empty:
            held, sandbox = version, Sandbox(environment=self.environment)
        if held != version:  # the library was edited since
            sandbox.close()
        try:
            yield sandbox
        finally:
            self._idle.put((version, sandbox))

    def close(self) -> None:
        """End the warm processes."""
        while not self._idle.empty():
            self._idle.get()[1].close()

    def __enter__(self) -> "Execution":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


@cache
def _version(versions: str, files: tuple[tuple[Path, int], ...]) -> str:
    digest = hashlib.sha256(versions.encode())
    for path, _ in files:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@cache
def versions() -> str:
    """Of Python and the packages that draw and compute; one process has one of each."""
    packages = [importlib.metadata.version(name) for name in ("numpy", "matplotlib")]
    return " ".join([platform.python_version(), *packages])
