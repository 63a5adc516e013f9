"""What a build ran, noted down where it ran, for the checks of the finished pages."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from neuralblog_site.running.execute import Result
from neuralblog_site.sources.snippets import Snippet

VARIABLE = "NEURALBLOG_RAN"  # names the file; without it nothing is noted


@dataclass(frozen=True)
class Entry:
    """One snippet that ran: where it stands, what it is, what it printed and drew."""

    page: str
    line: int
    code: str
    stdout: str
    figures: int


def note(snippet: Snippet, result: Result) -> None:
    """Append a line to the notes of this build."""
    if path := os.environ.get(VARIABLE):
        entry = Entry(
            snippet.path, snippet.line, snippet.code, result.stdout, len(result.figures)
        )
        with open(path, "a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(entry)) + "\n")


@contextmanager
def noted() -> Iterator[Path]:
    """Have what is built inside noted down; give the file."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get(VARIABLE, "")
        os.environ[VARIABLE] = str(Path(folder, "ran"))
        try:
            yield Path(folder, "ran")
        finally:
            os.environ[VARIABLE] = before


def read(path: Path) -> set[Entry]:
    """What is noted in a file; nothing if nothing was noted."""
    if not path.exists():
        return set()
    rows = path.read_text(encoding="utf-8").splitlines()
    return {Entry(**json.loads(row)) for row in rows}
