"""What was visited works without a network, and no library meets a page of another build."""

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from neuralblog_site.inpage.assemble import LEAVES, WEB
from tests.browser.conftest import SUB_PATH, Handler, Server

START = 120_000  # milliseconds within which Python starts on a very busy machine
POST, OTHER = "activations/", "neurons/"
LINES = 100  # of a worker that is worth it
KEPT = """async (scope) => {
  const names = (await caches.keys()).filter((name) => name.startsWith(`neuralblog ${scope} `));
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().map(({ url }) => url.slice(scope.length));
}"""


class Fresh(Handler):
    """A host that lets nobody keep anything: whatever is kept, our worker keeps."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


class Host:
    """A served site, which is replaced by another build at one stroke."""

    def __init__(self, built: Path, folder: Path) -> None:
        self.built, self.folder, self.now = built, folder, folder / "now"
        self.server: ThreadingHTTPServer | None = None
        self.port = 0

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.port}{SUB_PATH}"

    def start(self) -> None:
        handler = partial(Fresh, directory=self.now)
        self.server = Server(("127.0.0.1", self.port), handler)
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def end(self) -> None:
        assert self.server is not None
        self.server.shutdown()
        self.server.server_close()

    def publish(self, word: str) -> Path:
        """Put a build in place whose library says this word."""
        new = self.folder / word
        names = ("index.html", "assets", "search", POST, OTHER)
        for name in names:
            path, there = self.built / name, new / name
            there.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, there, copy_function=os.link)
            else:
                shutil.copy(path, there)
        [old] = (self.built / "live").iterdir()
        shutil.copytree(old, new / "live" / word, copy_function=os.link)
        _say(new / "live" / word, word)
        changed = [new / "service-worker.js", *new.rglob("*.html")]
        shutil.copy(self.built / "service-worker.js", changed[0])
        for path in changed:
            text = path.read_text(encoding="utf-8").replace(old.name, word)
            path.unlink()
            path.write_text(text, encoding="utf-8")
        listed = "".join(
            f"<url><loc>{self.site}{at}</loc></url>" for at in ("", *names[3:])
        )
        (new / "sitemap.xml").write_text(
            f"<urlset>{listed}</urlset>"
        )  # moves without a reload
        draft = self.folder / "draft"
        draft.symlink_to(new)
        draft.replace(self.now)
        return new


def _say(live: Path, word: str) -> None:
    """Let `neuralblog.BUILD` be this word."""
    [path] = live.glob("neuralblog-*.whl")
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            more = f"\nBUILD = {word!r}\n" if name == "neuralblog/__init__.py" else ""
            new.writestr(name, old.read(name) + more.encode())
    lock = json.loads((live / "pyodide-lock.json").read_text())
    sha256 = hashlib.sha256(made.getvalue()).hexdigest()
    lock["packages"]["neuralblog"]["sha256"] = sha256
    for old_path, data in (
        (path, made.getvalue()),
        (live / "pyodide-lock.json", json.dumps(lock).encode()),
    ):
        old_path.unlink()  # it is the built site's, too
        old_path.write_bytes(data)


@pytest.fixture
def host(built: Path) -> Iterator[Host]:
    folder = Path(tempfile.mkdtemp(dir=built.parent))  # same disk: nothing is copied
    host = Host(built, folder)
    host.start()
    host.publish("first")
    yield host
    host.end()
    shutil.rmtree(folder)


@pytest.fixture
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(service_workers="allow")
    context.set_default_timeout(START)
    yield context
    context.close()


def until(page: Page, told: Callable[[], bool]) -> None:
    """Wait for what the page can tell only by a promise."""
    end = time.monotonic() + START / 1000
    while not told():
        assert time.monotonic() < end
        page.wait_for_timeout(200)


def handed_over(page: Page, told: Callable[[], bool]) -> None:
    """Wait until the next worker has come. The one before is ended for it when it is idle,
    which a browser that is watched sometimes forgets: then it is ended by us."""
    watcher = page.context.new_cdp_session(page)
    watcher.send("ServiceWorker.enable")
    waits = "navigator.serviceWorker.getRegistration().then((one) => !!one?.waiting)"

    def now() -> bool:
        if told():
            return True
        page.wait_for_timeout(5000)
        if page.evaluate(waits):
            watcher.send("ServiceWorker.stopAllWorkers")
        return told()

    until(page, now)


def kept(page: Page, host: Host, *parts: str) -> None:
    """Wait until the worker has kept what has these in its address."""

    def told() -> bool:
        names = page.evaluate(KEPT, host.site)
        return all(any(part in name for name in names) for part in parts)

    until(page, told)


def whole(page: Page, host: Host, word: str) -> None:
    """Wait until all is kept that a library and its Python consist of."""
    folder = host.folder / word / "live" / word
    files = [p for p in folder.rglob("*") if p.is_file()]
    kept(page, host, *(p.relative_to(folder.parents[1]).as_posix() for p in files))


def says(page: Page, code: str = "import neuralblog\nprint(neuralblog.BUILD)") -> str:
    """What code prints in the second cell of a page."""
    cell = page.locator(".nb-snippet").nth(1)
    cell.scroll_into_view_if_needed()
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_visible()
    if (edit := cell.get_by_role("button", name="Edit", exact=True)).is_visible():
        edit.click()
    cell.get_by_role("textbox").fill(code)
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell).not_to_have_attribute("aria-busy", "true", timeout=START)
    return "".join(cell.locator(".nb-output code").all_inner_texts()).strip()


def visit(context: BrowserContext, host: Host, at: str = POST) -> Page:
    page = context.new_page()
    page.goto(host.site + at)
    kept(page, host, at, "cells.js", "python.js", "neuralblog.css")
    return page


def ran(context: BrowserContext, host: Host) -> Page:
    """A visited page whose Python has run, and is kept."""
    page = visit(context, host)
    assert says(page) == "first"
    whole(page, host, "first")
    return page


def test_a_worker_is_worth_its_lines() -> None:
    assert (WEB / "service-worker.js").read_text().count("\n") < LINES


def test_a_visited_post_runs_without_a_network(
    host: Host, visitor: BrowserContext
) -> None:
    page = ran(visitor, host)
    page.close()
    host.end()
    visitor.set_offline(True)
    page = visitor.new_page()
    foreign: list[str] = []
    page.on(
        "request",
        lambda r: r.url.startswith((host.site, "blob:")) or foreign.append(r.url),
    )
    page.goto(f"{host.site}{POST}#activations=x")
    assert says(page) == "first"
    drawing = page.locator(".nb-snippet").first
    drawn = drawing.locator("figure svg").evaluate("svg => svg.outerHTML")
    drawing.get_by_role("button", name="Run", exact=True).click()
    expect(drawing.get_by_role("status")).to_contain_text("Done in", timeout=START)
    assert drawing.locator("figure svg").evaluate("svg => svg.outerHTML") != drawn
    explorable = page.locator("nb-explorable").first
    explorable.scroll_into_view_if_needed()
    expect(explorable.locator(".nb-live")).to_be_visible()
    facts = explorable.evaluate("(x) => x.call('answer', { ...x.state, z: 1.23 })")
    assert facts["a"][3] == pytest.approx(1.23)  # ReLU; the table does not hold it
    digits = "from neuralblog import datasets\nprint(len(datasets.digits()[0]))"
    assert says(page, digits) == "8000"
    assert not foreign
    page.goto(host.site + OTHER)  # where nobody has been
    expect(page.locator("h1")).to_have_text("No network")
    page.get_by_role("link", name="To the first page").click()
    expect(page.locator("h1")).to_have_text("No network")
    host.start()


def test_a_visit_keeps_the_page_and_what_it_came_with_but_no_python(
    host: Host, visitor: BrowserContext
) -> None:
    page = visit(visitor, host)
    page.wait_for_timeout(1000)
    names = page.evaluate(KEPT, host.site)
    assert not [name for name in names if re.search(r"pyodide|\.whl|\.npz", name)]
    page.close()
    visitor.set_offline(True)
    page = visitor.new_page()
    page.goto(host.site + POST)
    assert page.evaluate("document.fonts.size") > 0
    expect(page.locator(".nb-snippet .nb-output").first).to_be_visible()
    ground = page.evaluate(
        "getComputedStyle(document.querySelector('.md-header')).position"
    )
    assert ground == "sticky"  # with its rules
    cell = page.locator(".nb-snippet").nth(1)
    cell.get_by_role("button", name="Run", exact=True).click()
    expect(cell.get_by_role("status")).to_contain_text(
        "could not be loaded", timeout=START
    )


def own(page: Page) -> str:
    """The build that a page is of."""
    src = page.locator("script[src$='live.js']").get_attribute("src") or ""
    return src.split("/")[-2]


def test_no_old_library_meets_a_new_page(host: Host, visitor: BrowserContext) -> None:
    page = ran(visitor, host)
    visit(visitor, host, OTHER).close()
    host.publish("second")
    page.reload()
    assert own(page) == "second" and says(page) == "second"
    handed_over(  # and what the old one kept is gone
        page, lambda: "live/first" not in str(page.evaluate(KEPT, host.site))
    )
    kept(page, host, POST)
    whole(page, host, "second")
    visitor.set_offline(True)
    page.reload()
    assert own(page) == "second" and says(page) == "second"
    page.goto(host.site + OTHER)  # visited in the first build, whose library is gone
    expect(page.locator("h1")).to_have_text("No network")


def test_an_old_page_keeps_its_library_until_there_is_a_network(
    host: Host, visitor: BrowserContext
) -> None:
    page = ran(visitor, host)
    visitor.set_offline(True)
    host.publish("second")
    page.reload()
    assert own(page) == "first" and says(page) == "first"
    visitor.set_offline(False)
    page.reload()
    assert own(page) == "second" and says(page) == "second"


def test_moving_to_a_page_of_a_new_build_brings_its_library(
    host: Host, visitor: BrowserContext
) -> None:
    page = visit(visitor, host)
    page.evaluate("window.same = true")
    assert says(page) == "first"

    def move(to: str) -> None:
        link = page.locator(f"a[href$='{to}']").first
        link.evaluate("(link) => link.click()")
        page.wait_for_url(host.site + to)

    move(OTHER)
    expect(page.locator(".nb-snippet [role=group]").first).to_be_attached()
    assert page.evaluate("window.same")  # without a reload
    host.publish("second")
    move(POST)
    page.wait_for_function("!window.same")
    assert own(page) == "second" and says(page) == "second"


LOSES_ONE = """
  const Started = Worker;
  window.Worker = function (address, options) {
    if (!String(address).endsWith("/worker.js")) return new Started(address, options);
    window.Worker = Started;
    window.lost = new Started("data:text/javascript,");
    return window.lost;
  };
"""


def test_python_starts_while_one_worker_follows_another(
    host: Host, visitor: BrowserContext
) -> None:
    page = visitor.new_page()
    page.add_init_script(LOSES_ONE)  # as a browser may at this moment
    page.goto(host.site + POST)
    cell = page.locator(".nb-snippet").nth(1)
    cell.scroll_into_view_if_needed()
    cell.get_by_role("button", name="Run", exact=True).click()
    page.wait_for_function("window.lost")
    expect(cell.get_by_role("status")).to_contain_text("Loading Python")
    change = "navigator.serviceWorker.dispatchEvent(new Event('controllerchange'))"
    page.evaluate(change)
    expect(cell.get_by_role("status")).to_contain_text("Done in", timeout=START)
    says(page, "stays = 1")
    page.evaluate(change)  # later, nothing is lost
    assert says(page, "print(stays)") == "1"
    assert len([one for one in page.workers if "/live/" in one.url]) == 1


def test_it_minds_its_own_site(host: Host, visitor: BrowserContext) -> None:
    page = visit(visitor, host)
    page.evaluate("caches.open('of another site')")
    scope = "navigator.serviceWorker.ready.then(({ scope }) => scope)"
    assert page.evaluate(scope) == host.site
    host.publish("second")
    page.reload()
    kept(page, host, "live/second")
    assert "of another site" in page.evaluate("caches.keys()")


def test_where_the_site_is_written_it_leaves(
    host: Host, visitor: BrowserContext
) -> None:
    page = visit(visitor, host)
    new = host.publish("served")
    (new / "service-worker.js").write_bytes(LEAVES)
    for path in new.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        path.write_text(re.sub(r'<meta name="nb-build"[^>]*>', "", text), "utf-8")
    page.reload()
    there = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    handed_over(page, lambda: page.evaluate(there) == 0)
    page.close()
    page = visitor.new_page()
    for _ in range(2):
        page.goto(host.site + POST)
        expect(page.locator(".nb-snippet .nb-run").first).to_be_attached()
        assert page.evaluate("navigator.serviceWorker.controller") is None
        assert page.evaluate(there) == 0  # and it does not come back


STAYS = {  # what a browser keeps, and the words of our page about it
    r"neuralblog /.*": "code that you edit on a page",
    r"/.*\.colors": "switch between light and dark",
    r"neuralblog solved.*": "what you have solved",
    r"neuralblog http.* live/.*": "your browser keeps them, so that they work without a network",
}


def test_the_page_about_us_names_all_that_stays(
    host: Host, visitor: BrowserContext, site: str
) -> None:
    page = visit(visitor, host)
    says(page)
    page.locator(".nb-scheme").first.click()
    page.evaluate("document.querySelector('.nb-snippet').scrollIntoView()")
    left = "caches.keys().then((all) => [...Object.keys(localStorage), ...all])"
    names = page.evaluate(left)
    assert len(names) >= 3
    page.goto(site + "about/")
    told = " ".join(page.locator("article").inner_text().split())
    for name in names:
        [words] = {said for kind, said in STAYS.items() if re.fullmatch(kind, name)}
        assert words in told, name
    assert page.evaluate("document.cookie") == "" and visitor.cookies() == []
