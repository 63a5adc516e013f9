"""What the look owes to paper, to those who want no motion, and to a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from neuralblog_site.project.places import ROOT

POSTS = sorted((ROOT / "docs" / "posts").glob("*.md"))
MOVING = [post.stem for post in POSTS if "/assets/figures/" in post.read_text("utf-8")]
MOTION = "details:has(img[src*='assets/figures/'])"


@pytest.mark.parametrize("post", MOVING)
def test_moving_pictures_are_left_out_on_paper_and_where_motion_is_unwanted(
    site: str, browser: Browser, post: str
) -> None:
    page = browser.new_page()
    page.goto(f"{site}{post}/")
    assert page.locator(f"{MOTION}:visible").count() > 0
    assert page.locator(f"{MOTION} img:visible").count() == 0  # folded at first
    page.locator(f"{MOTION} summary").first.click()
    assert page.locator(f"{MOTION} img:visible").count() == 1
    page.emulate_media(reduced_motion="reduce")
    assert page.locator(f"{MOTION}:visible").count() == 0
    page.emulate_media(reduced_motion="no-preference", media="print")
    assert page.locator(f"{MOTION}:visible").count() == 0
    page.close()


def test_a_printed_post_is_a_handout(site: str, browser: Browser) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(site + "neurons/")
    page.emulate_media(media="print")
    for screen_only in (
        ".md-header",
        ".md-sidebar",
        ".nb-turn",
        ".headerlink",
        "video",
    ):
        assert page.locator(f"{screen_only}:visible").count() == 0, screen_only
    assert page.locator("details:visible").count() == 0  # solutions stay folded
    assert page.locator(".nb-figure:visible").count() > 5
    background = page.evaluate(
        "getComputedStyle(document.documentElement).backgroundColor"
    )
    assert background == "rgb(255, 255, 255)"
    too_wide = page.evaluate(
        "[...document.querySelectorAll('pre > code')]"
        ".filter((code) => code.scrollWidth > code.clientWidth).length"
    )
    assert too_wide == 0
    page.close()


@pytest.mark.parametrize("at", ["", "cnn/", "archive/2026/", "path/", "api/"])
def test_the_menu_of_a_phone_opens_on_all_of_it(
    site: str, built: Path, phone: Page, at: str
) -> None:
    phone.goto(site + at)
    phone.click("label[for=__drawer] [role=button]")
    links = phone.locator(".md-nav--primary .md-nav__link")
    nav = (ROOT / "mkdocs.yml").read_text("utf-8").split("\nnav:\n")[1].split("\n\n")[0]
    shown, tabs = links.all_inner_texts(), re.findall(r"^  - (\w+):", nav, re.MULTILINE)
    assert [name for name in shown if name in tabs] == tabs
    below = re.findall(r"^      - ", nav, re.MULTILINE)
    led = re.findall(r"^  - \w+:$", nav, re.MULTILINE)  # to the first below them
    assert len(shown) - len(tabs) == len(below) - len(led)
    for link in links.all():
        link.wait_for()
        there = link.evaluate("a => a.href").removeprefix(site)
        assert (built / there / "index.html").exists(), there


READ_RULES = """document.addEventListener("load", ({ target }) => {
  if (target.rel === "stylesheet") (window.rules ??= []).push(target.href);
}, true)"""


def test_the_rules_are_read_once(site: str, phone: Page) -> None:
    listed = "".join(
        f"<url><loc>{site}{at}/</loc></url>" for at in ("neurons", "speed")
    )
    phone.route(
        "**/sitemap.xml",
        lambda route: route.fulfill(
            body=f"<urlset>{listed}</urlset>", content_type="application/xml"
        ),
    )
    phone.add_init_script(READ_RULES)
    phone.goto(site + "neurons/", wait_until="networkidle")
    rules = phone.evaluate("rules")
    assert len(rules) == 1
    phone.locator("a[href$='/speed/']").first.evaluate("(link) => link.click()")
    phone.wait_for_url(site + "speed/")
    phone.wait_for_timeout(500)
    assert phone.evaluate("rules") == rules  # no new page, no new links


@pytest.mark.parametrize(
    ("at", "name"), [("api/", "neuralblog.cnn"), ("cnn/", "references")]
)
def test_a_jump_to_a_heading_lands_on_it(
    site: str, phone: Page, at: str, name: str
) -> None:
    phone.goto(site + at)
    phone.click("summary:text('On this page')")
    phone.locator(f".nb-contents a[href$='#{name}']").click()
    phone.wait_for_timeout(500)  # what is on the way is drawn only now
    top = phone.evaluate(
        "id => document.getElementById(id).getBoundingClientRect().top", name
    )
    assert 0 < top < 200


def test_a_jump_keeps_what_was_opened_and_can_be_taken_back(
    site: str, phone: Page
) -> None:
    phone.goto(site + "cnn/")
    phone.click("summary:text('On this page')")
    phone.locator(".nb-contents a[href$='#references']").click()
    phone.wait_for_timeout(1000)
    assert phone.url.endswith("cnn/#references")
    assert phone.evaluate("scrollY") > 5000
    phone.go_back()
    phone.wait_for_function("scrollY < 500")
    assert phone.locator(".nb-contents[open]").is_visible()


# where the blocks that are drawn when near begin, drawn as parts of the page and alone
PLACES = """() => {
  const late = [...document.querySelectorAll(".md-content__inner > *")]
    .filter((block) => getComputedStyle(block).contentVisibility === "auto");
  return ["none", "layout"].map((contain) => {
    for (const { style } of late) Object.assign(style, { contain, contentVisibility: "visible" });
    return late.map((block) => block.offsetTop);
  });
}"""


@pytest.mark.parametrize("post", POSTS, ids=lambda post: post.stem)
def test_a_block_keeps_its_height_when_it_is_drawn_alone(
    site: str, phone: Page, post: Path
) -> None:
    phone.goto(f"{site}{post.stem}/")
    in_the_page, alone = phone.evaluate(PLACES)
    assert alone == in_the_page and len(alone) > 20


# Looked for while all is drawn: what is far from the window has no lines yet.
IN_THE_LAST_LINE = """() => {
  const all = document.head.appendChild(document.createElement("style"));
  all.textContent = "* { content-visibility: visible !important }";
  const found = [
    ...document.querySelectorAll(".md-content__inner > p:nth-child(n + 14) > a[data-define]"),
  ].find((word) => {
    const [a, p] = [word, word.parentElement].map((part) => part.getBoundingClientRect());
    return p.bottom - a.bottom < a.height;
  });
  all.remove();
  return found;
}"""
HANGS_OUT = """(word) => {
  const [a, p] = [word, word.parentElement].map((part) => part.getBoundingClientRect());
  return document.elementFromPoint(a.left + 10, p.bottom + 10) === word;
}"""


def test_a_definition_hangs_out_of_its_paragraph(site: str, browser: Browser) -> None:
    page, word = browser.new_page(), None
    for post in ("spiking", "cnn", "pooling", "neurons"):  # one whose words lie so
        page.goto(f"{site}{post}/")
        word = page.evaluate_handle(IN_THE_LAST_LINE).as_element()
        if word is not None:
            break
    assert word is not None
    page.add_style_tag(content="a::after { pointer-events: auto !important }")
    word.evaluate("word => word.scrollIntoView({ block: 'center' })")
    page.wait_for_timeout(500)  # what is above gets its height
    drawn = "word => getComputedStyle(word.parentElement).contentVisibility"
    assert word.evaluate(drawn) == "auto" and not word.evaluate(HANGS_OUT)
    word.hover()
    page.wait_for_function(HANGS_OUT, arg=word)
    page.close()
