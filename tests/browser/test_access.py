"""Every page for everyone: axe, the keyboard, large letters, no script, paper, weight."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Literal

import lxml.html
import pytest
from playwright.sync_api import Browser, Page, Response, expect

Scheme = Literal["light", "dark"]
Faults = Callable[..., list[str]]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
FOCUSED = "document.activeElement"
NOTE_OUTLINES = """() => {
  self.outlines = [];
  document.addEventListener("focusin", ({ target }) => {
    const framed = target.matches(".nb-editor") ? target.parentElement : target;
    outlines.push(getComputedStyle(framed).outlineStyle);
  });
}"""
BESIDE = """() => {
  const [here, there] = [".footnote-ref", ".md-tooltip2"].map((it) => document.querySelector(it));
  return Math.abs(here.getBoundingClientRect().y - there.getBoundingClientRect().y) < 200;
}"""
UNFOLD = "document.querySelectorAll('details').forEach((box) => (box.open = true))"
GROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(253, 252, 248)", "rgb(22, 25, 29)"


def pages(built: Path) -> list[Path]:
    """Every page that our theme frames, the 404 page included."""
    return [*sorted(built.rglob("index.html")), built / "404.html"]


def addresses(site: str, built: Path, each: bool = True) -> list[str]:
    """Where they are served; without `each`, and without `SLOW`, three posts for all."""
    names = [path.relative_to(built).as_posix() for path in pages(built)]
    if not each and "SLOW" not in os.environ:
        posts = [f"{card.parent.name}/index.html" for card in built.glob("*/card.png")]
        names = [name for name in names if name not in sorted(posts)[3:]]
    return [site + name.removesuffix("index.html") for name in names]


@contextmanager
def opened(
    browser: Browser,
    *,
    width: int = 1280,
    scheme: Scheme = "light",
    script: bool = True,
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,
        java_script_enabled=script,
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("part", range(3))
def test_axe_finds_nothing(
    site: str, built: Path, browser: Browser, faults: Faults, part: int
) -> None:
    """On a desktop, light and dark, and on a phone, whose colors are the desktop's."""
    found = []
    light: set[str] = set()
    dark: set[str] = set()
    for address in addresses(site, built)[part::3]:
        with opened(browser) as page:
            page.goto(address)
            page.evaluate(UNFOLD)
            found += faults(page, seen=light)
            page.emulate_media(color_scheme="dark")
            found += faults(page, "colors", seen=dark)
            page.set_viewport_size({"width": 390, "height": 900})
            found += faults(page, "but colors")
    assert not found
    assert light and dark and not light & dark


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_in_the_open_search(
    site: str, browser: Browser, faults: Faults, width: int, scheme: Scheme
) -> None:
    with opened(browser, width=width, scheme=scheme) as page:
        page.goto(site)
        page.keyboard.press("/")
        page.keyboard.type("softmax")
        page.wait_for_selector(".md-search-result__item")
        assert not faults(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_finds_nothing_in_the_open_menu(
    site: str, browser: Browser, faults: Faults, scheme: Scheme
) -> None:
    with opened(browser, width=390, scheme=scheme) as page:
        page.goto(site)
        page.focus("label[for=__drawer] [role=button]")
        page.keyboard.press("Enter")
        page.wait_for_timeout(500)  # it slides in
        assert page.locator(".md-nav--primary").is_visible()
        assert not faults(page)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_footnote_is_shown_beside_its_number(
    site: str, browser: Browser, faults: Faults, scheme: Scheme
) -> None:
    with opened(browser, scheme=scheme) as page:
        page.goto(site + "style-guide/")
        number = page.locator(".footnote-ref")
        number.focus()
        note = page.get_by_role("dialog", name="Footnote")
        note.wait_for()
        assert "a sentence or two" in note.inner_text()
        page.wait_for_function(BESIDE)
        assert not faults(page)


def test_axe_would_notice(site: str, browser: Browser, faults: Faults) -> None:
    with opened(browser) as page:
        page.goto(site)
        page.evaluate("document.body.append(document.createElement('button'))")
        assert any("button-name" in fault for fault in faults(page))


def test_the_keyboard_is_enough(site: str, browser: Browser) -> None:
    with opened(browser) as page:
        page.goto(site + "glossary/")
        page.keyboard.press("Tab")
        assert page.evaluate(f"{FOCUSED}.matches('.md-skip')")
        page.keyboard.press("Enter")
        page.wait_for_url("**/#glossary")
        page.wait_for_timeout(500)  # the jump, on a busy machine
        page.keyboard.press("Tab")
        assert page.evaluate(f"{FOCUSED}.closest('article') !== null")

        page.wait_for_timeout(500)  # Material closes the search after a jump
        page.keyboard.press("/")
        page.keyboard.type("relu dies")
        page.wait_for_selector(".md-search-result__item:has-text('How a ReLU dies')")
        for _ in range(2):  # the post, then the section of it that was found
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url("**/activations/?h=*#how-a-relu-dies")

        page.wait_for_timeout(500)  # nobody closes what has just begun to open
        page.keyboard.press("/")
        assert page.evaluate(f"{FOCUSED}.name") == "query"
        expect(page.locator("#__search")).to_be_checked()  # it is open
        page.keyboard.press("Escape")
        assert page.evaluate(f"{FOCUSED}.name") != "query"


def test_whatever_has_the_focus_shows_it(
    site: str, built: Path, browser: Browser
) -> None:
    with opened(browser) as page:
        for address in addresses(site, built, each=False):
            page.goto(address)
            page.evaluate(NOTE_OUTLINES)
            for _ in range(30):
                page.keyboard.press("Tab")
            outlines = page.evaluate("outlines")
            assert outlines and "none" not in outlines, address


def test_dark_colors_are_remembered(site: str, browser: Browser) -> None:
    with opened(browser) as page:
        grounds = []
        for address in (site, site + "path/", site):
            page.goto(address)
            grounds.append(page.evaluate(GROUND))
            page.get_by_role("button", name="Colors: ").click()
        assert grounds == [LIGHT, LIGHT, DARK]  # as the system, light, dark


def test_letters_twice_as_large_fit_and_pages_zoom(
    site: str, built: Path, browser: Browser, sideways: Callable[[Page], int]
) -> None:
    wide = []
    with opened(browser) as page:
        for address in addresses(site, built):
            page.set_viewport_size({"width": 320, "height": 900})  # 1280 px at 400 %
            page.goto(address)
            for explorable in page.locator("nb-explorable").all():
                explorable.scroll_into_view_if_needed()  # it begins to live
                expect(explorable).to_contain_class("nb-alive")
            if sideways(page) > 0:
                wide.append(f"320 px: {address}")
            page.set_viewport_size({"width": 1280, "height": 900})
            page.add_style_tag(content="html { font-size: 250% }")
            if sideways(page) > 0:
                wide.append(f"large letters: {address}")
    assert not wide


def test_headings_come_in_order(built: Path) -> None:
    headings = "//*[self::h1 or self::h2 or self::h3 or self::h4]"
    for path in pages(built):
        found = lxml.html.parse(path).xpath(f"{headings}[not(ancestor::form)]")
        levels = [int(heading.tag[1]) for heading in found]
        assert levels[0] == 1 and levels.count(1) == 1, path
        steps = [after - before for before, after in pairwise(levels)]
        assert max(steps, default=0) <= 1, path


def test_without_script_nothing_is_lost_but_conveniences(
    site: str, built: Path, browser: Browser
) -> None:
    post = next(path for path in sorted(built.glob("*/card.png"))).parent.name
    with opened(browser, script=False) as page:
        page.goto(f"{site}{post}/")
        assert page.locator(".nb-output, .nb-figure").first.is_visible()
        assert page.locator("math").count() > 0


def test_paper_shows_the_text_alone(site: str, built: Path, browser: Browser) -> None:
    post = next(path for path in sorted(built.glob("*/card.png"))).parent.name
    with opened(browser, scheme="dark") as page:
        page.emulate_media(media="print", color_scheme="dark")
        page.goto(f"{site}{post}/")
        assert page.evaluate(GROUND) in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
        for hidden in (".md-sidebar", ".md-header", ".md-code__nav", ".nb-turn"):
            assert not page.locator(hidden).first.is_visible(), hidden


def test_a_first_visit_is_light(site: str, built: Path, browser: Browser) -> None:
    """400 KB raw apart from figures, and 12 requests. Most figures are in the HTML."""
    heavy = {}
    posts = sorted(f"{card.parent.name}/" for card in built.glob("*/card.png"))
    for place in ["", *posts]:
        with opened(browser) as page:
            answers: list[Response] = []
            page.on("response", lambda answer: answers.append(answer))  # noqa: B023
            page.goto(f"{site}{place}", wait_until="networkidle")
            script = "all => all.reduce((sum, svg) => sum + svg.outerHTML.length, 0)"
            figures = page.eval_on_selector_all(".nb-figure", script)
            pictures = ("/assets/figures/", "/assets/thumbnails/")
            others = [a for a in answers if not any(p in a.url for p in pictures)]
            weight = sum(len(answer.body()) for answer in others) - figures
            print(f"{page.url}: {weight / 1000:.0f} KB, {len(others)} requests")
            if weight > 400_000 or len(others) > 12:
                heavy[page.url] = (weight, len(others))
    assert not heavy


def test_a_copied_snippet_comes_with_its_install_line(
    site: str, built: Path, browser: Browser
) -> None:
    post = next(path for path in sorted(built.glob("*/card.png"))).parent.name
    with opened(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{site}{post}/")
        block = page.locator(".highlight:has-text('neuralblog')").first
        block.hover()
        block.locator(".md-code__button[data-md-type=copy]").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        code = block.locator("code").first.text_content() or ""
        assert copied.strip() == code.strip()
        line = block.locator(".nb-hint code").text_content() or ""
        assert line.startswith('python -m pip install "neuralblog[plotting] @ ')
        address = line.split(" @ ")[1].removesuffix('"')
        assert page.request.get(address).ok
