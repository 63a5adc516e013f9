"""Every page, opened in a real browser: on a desktop and on a phone."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse

import pytest
from playwright.sync_api import Browser, Page


def page_paths(built: Path) -> list[str]:
    pages = sorted(built.rglob("index.html"))
    return [page.parent.relative_to(built).as_posix() for page in pages]


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_opens_clean(
    site: str,
    built: Path,
    browser: Browser,
    sideways: Callable[[Page], int],
    draw_all: Callable[[Page], object],
    width: int,
) -> None:
    paths = page_paths(built)
    assert len(paths) >= 6, paths
    found: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    at = ""
    page.on("console", lambda m: m.type == "error" and found.append(f"{at}: {m.text}"))
    page.on("pageerror", lambda error: found.append(f"{at}: {error}"))
    page.on(  # what the page that was left no longer needs is aborted
        "requestfailed",
        lambda r: (
            "ERR_ABORTED" in (r.failure or "")
            or found.append(f"{at}: {r.failure} {r.url}")
        ),
    )
    page.on(
        "request",
        lambda r: (
            urlparse(r.url).hostname in ("127.0.0.1", None)
            or found.append(f"{at}: foreign {r.url}")
        ),
    )
    page.on(
        "response",
        lambda r: r.status < 400 or found.append(f"{at}: {r.status} {r.url}"),
    )
    for at in paths:
        page.goto(f"{site}{at}/" if at != "." else site, wait_until="load")
        assert page.locator("html").get_attribute("lang") == "en"
        draw_all(page)
        if (excess := sideways(page)) > 0:
            found.append(f"{at}: {excess} px too wide")
    context.close()
    assert found == []


def test_a_foreign_request_would_be_noticed(site: str, browser: Browser) -> None:
    page = browser.new_page()
    foreign: list[str] = []
    page.on(
        "request", lambda r: foreign.append(r.url) if "127.0.0.1" not in r.url else None
    )
    page.route("**/foreign.invalid/**", lambda route: route.abort())
    page.goto(site)
    page.evaluate("fetch('https://foreign.invalid/x.js').catch(() => 0)")
    page.wait_for_timeout(200)
    page.close()
    assert foreign == ["https://foreign.invalid/x.js"]
