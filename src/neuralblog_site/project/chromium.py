"""Finds a headless Chromium for the tests, or installs one.

Debian's package where this is root, else the build that Playwright brings. The shell,
which is Chromium without windows, needs about a third of the CPU for a page.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (  # a browser that asks nobody for anything
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-software-rasterizer",
    "--disable-sync",
    "--font-render-hinting=none",  # letters as wide as in a window
    "--no-first-run",
)


def chromium() -> str:
    """The path of a Chromium, installed if there was none. Exits with one line if not."""
    found = _on_path() or _of_playwright()
    if found:
        return found
    if shutil.which("apt-get") and os.name == "posix" and os.geteuid() == 0:
        print("Installing Chromium (Debian's package) for the tests ...", flush=True)
        for command in ("update", f"install -y {SHELL}", "install -y chromium"):
            subprocess.run(
                ["apt-get", "-qq", *command.split()], stdout=subprocess.DEVNULL
            )
            if _on_path():
                break
    else:
        print("Installing Chromium (Playwright's) for the tests ...", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    found = _on_path() or _of_playwright()
    if not found:
        sys.exit(
            "No Chromium was found or could be installed: install one, and try again."
        )
    return found


def _on_path() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _of_playwright() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


@contextmanager
def launched() -> Iterator[Browser]:
    """A running browser, closed at the end."""
    with sync_playwright() as playwright:
        yield launch(playwright)


def launch(playwright: Playwright) -> Browser:
    """Start the browser; as root it has to do without its own sandbox."""
    root = os.name == "posix" and os.geteuid() == 0
    flags = [*QUIET, *(["--no-sandbox"] if root else [])]
    return playwright.chromium.launch(executable_path=chromium(), args=flags)
