"""The built site, served from this machine under a sub-path, and a browser to open it."""

import sys
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, Page, expect

from neuralblog_site.project.chromium import launched

expect.set_options(timeout=30_000)  # milliseconds: a busy machine is no failure
DRAW_ALL = "* { content-visibility: visible !important }"  # as if scrolled to
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SCROLLERS_HAVE_FOCUS = """() => [...document.querySelectorAll("pre > code, .nb-formula, .nb-table")]
  .every((box) => box.scrollWidth <= box.clientWidth || box.closest("[tabindex]") || !box.checkVisibility())"""
AT_REST = "() => document.getAnimations().every((change) => change.playState !== 'running' || change.effect.getComputedTiming().endTime === Infinity)"
# One element for each kind of text that is not known yet, then axe.
AXE = """async ([rules, within, known]) => {
  const root = within ? document.querySelector(within) : document;
  const grounds = new Map([[null, ""]]);
  const ground = (box) => {
    if (!grounds.has(box)) {
      const { backgroundColor, backgroundImage, opacity, position } = getComputedStyle(box);
      const own = `${backgroundColor} ${backgroundImage} ${opacity} ${position}`;
      const plain = own === "rgba(0, 0, 0, 0) none 1 static";
      grounds.set(box, ground(box.parentElement) + (plain ? "" : `/${own}`));
    }
    return grounds.get(box);
  };
  const bared = [];  // what has parts of which nobody is told anything
  const bare = (kind, left) => {
    for (const whole of root.querySelectorAll(kind)) {
      bared.push([whole, [...whole.childNodes]]);
      whole.replaceChildren(...left(whole));
    }
  };
  bare("svg[role=img]", ({ childNodes }) => [...childNodes].filter((part) => /^(title|desc)$/.test(part.localName)));
  const kinds = new Map();
  for (const box of root.querySelectorAll("*")) {
    const text = [...box.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if ((!text && !box.matches("button, input, select")) || !box.checkVisibility()) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(box);
    const kind = `${color} ${fontSize} ${fontWeight} ${textShadow} ${ground(box)}`;
    if (!kinds.has(kind) && !known.includes(kind)) kinds.set(kind, box);
  }
  const faults = [];
  const judge = async (where, options) => {
    const { violations } = await axe.run(where, { resultTypes: ["violations"], ...options });
    for (const { id, nodes } of violations)
      faults.push(...nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
  };
  if (rules !== "but colors" && kinds.size)
    await judge({ include: [...kinds.values()] }, { runOnly: ["color-contrast"] });
  bare("math, pre > code:not(:has(a, button, [tabindex], [role]))", ({ textContent }) => [textContent]);
  if (rules === "colors") await judge(root, { runOnly: ["link-in-text-block"] });
  else await judge(root, { rules: { "color-contrast": { enabled: false } } });
  for (const [whole, parts] of bared) whole.replaceChildren(...parts);
  return { faults, kinds: [...kinds.keys()] };
}"""
SUB_PATH = "/neuralblog/"  # where static hosts put a project's pages


class Handler(SimpleHTTPRequestHandler):
    """A plain static host: no special headers, and no log."""

    def translate_path(self, path: str) -> str:
        return super().translate_path("/" + path.removeprefix(SUB_PATH))

    def log_message(self, format: str, *args: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Says nothing when a browser leaves amid an answer."""

    def handle_error(self, request: object, client_address: object) -> None:
        assert isinstance(sys.exception(), ConnectionError)


@pytest.fixture(scope="session")
def site(built: Path) -> Iterator[str]:
    """The address of the served site, with its sub-path."""
    server = Server(("127.0.0.1", 0), partial(Handler, directory=built))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}{SUB_PATH}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a process; every test opens its own context.

    A service worker, which asks for files in a test's stead, is there only where it is allowed.
    """
    with launched() as browser:
        for name in ("new_context", "new_page"):
            without = partial(getattr(browser, name), service_workers="block")
            setattr(browser, name, without)
        yield browser


@pytest.fixture(scope="session")
def python(site: str, browser: Browser) -> Iterator[Page]:
    """A page in which `python` is the one Python of the visit, for all tests that ask it."""
    page = browser.new_page()
    page.goto(site)
    live = page.locator("script[src$='live.js']").get_attribute("src") or ""
    module = live.replace("live.js", "python.js")
    page.evaluate(
        "async (m) => { self.python = await import(new URL(m, location)) }", module
    )
    yield page
    page.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A page on a phone, where a finger is the mouse."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def sideways() -> Callable[[Page], int]:
    """By how many pixels a page is wider than its window."""
    return lambda page: int(page.evaluate(SIDEWAYS))


@pytest.fixture(scope="session")
def draw_all() -> Callable[[Page], object]:
    """Draw also what is far from the window, which a browser leaves for later."""
    return lambda page: page.add_style_tag(content=DRAW_ALL)


@pytest.fixture(scope="session")
def faults(draw_all: Callable[[Page], object]) -> Callable[..., list[str]]:
    """What axe finds on a page, its best practices included, a line each.

    Most of its time goes into colors. Text of one ink, size and weight on the same
    grounds is judged once, also for all pages that are given the same `seen`.
    """

    def run(
        page: Page,
        rules: str = "all",  # or "colors", or "but colors"
        within: str | None = None,
        seen: set[str] | None = None,
    ) -> list[str]:
        draw_all(page)
        page.wait_for_function(SCROLLERS_HAVE_FOCUS)  # they get it when they are drawn
        page.wait_for_function(AT_REST)  # no color on its way to another one
        if not page.evaluate("() => 'axe' in self"):
            page.evaluate(Axe().axe_script)
        known = set() if seen is None else seen
        found = page.evaluate(AXE, [rules, within, sorted(known)])
        known.update(found["kinds"])
        return [f"{page.url}: {fault}" for fault in found["faults"]]

    return run
