"""The built site, served from this machine under a sub-path, and a browser to open it."""

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from neuralblog_site.browser import launched

SUB_PATH = "/neuralblog/"  # where static hosts put a project's pages


class Handler(SimpleHTTPRequestHandler):
    """A plain static host: no special headers, and no log."""

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(SUB_PATH))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    """The address of the served site, with its sub-path."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=built))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process; every test opens its own context."""
    with launched() as browser:
        yield browser
