"""What a reader sees before anything is run: pictures first, folds, and predictions."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.site import Site

GUIDE = "style-guide/"  # it has a prediction with choices, and a reply
RESULTS = ".nb-output, .nb-figure, article img"
FIRST = """selector => {
  const tops = [...document.querySelectorAll(selector)].map((e) => e.getBoundingClientRect());
  return Math.min(...tops.filter((box) => box.height).map((box) => box.top + scrollY));
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A visitor who has never been here."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


def question(page: Page) -> Locator:
    return page.locator(".nb-predict").first


def answer(page: Page) -> Locator:
    return page.locator(".nb-predict + .nb-snippet .nb-output")


def test_the_answer_waits_for_the_guess(page: Page, site: str) -> None:
    page.goto(site + GUIDE)
    question(page).scroll_into_view_if_needed()
    choice = question(page).get_by_role("button", name="None")
    reply, right = (
        question(page).locator(".nb-reply"),
        question(page).locator(".nb-right"),
    )
    choice.wait_for()
    expect(answer(page)).to_be_hidden()
    expect(reply).to_be_hidden()
    assert "✓" not in right.evaluate("e => getComputedStyle(e, '::marker').content")
    choice.focus()
    page.keyboard.press("Enter")
    expect(answer(page)).to_be_visible()
    expect(reply).to_be_visible()
    expect(question(page).get_by_role("status")).to_contain_text("No")
    expect(question(page).get_by_role("status")).to_be_focused()
    assert "✓" in right.evaluate("e => getComputedStyle(e, '::marker').content")


def test_the_answer_can_be_shown_without_a_guess(page: Page, site: str) -> None:
    page.goto(site + GUIDE)
    question(page).scroll_into_view_if_needed()
    page.locator(".nb-wait").get_by_role("button", name="Show").click()
    expect(answer(page)).to_be_visible()
    expect(page.locator(".nb-wait")).to_have_count(0)
    expect(question(page).get_by_role("button")).to_have_count(0)


def test_paper_shows_the_answer(page: Page, site: str) -> None:
    page.goto(site + GUIDE)
    question(page).scroll_into_view_if_needed()
    page.locator(".nb-wait").wait_for()
    page.emulate_media(media="print")
    expect(answer(page)).to_be_visible()
    expect(page.locator(".nb-wait")).to_be_hidden()


def test_without_scripts_all_is_shown(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site + GUIDE)
    expect(answer(page)).to_be_visible()
    page.goto(site + "spiking/")
    fold = page.locator(".nb-fold").first
    drawing = fold.locator("xpath=preceding-sibling::pre//span[@class='nb-drawing']")
    expect(drawing).to_be_hidden()
    fold.locator("summary").click()
    expect(drawing).to_be_visible()
    context.close()


def test_copying_takes_the_lines_that_are_folded(page: Page, site: str) -> None:
    page.goto(site + "spiking/")
    snippet = page.locator(".nb-snippet:has(.nb-fold)").first
    snippet.scroll_into_view_if_needed()
    expect(snippet.locator(".nb-drawing")).to_be_hidden()
    snippet.locator(".md-code__button").first.click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text)")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied == (snippet.locator("pre code").first.text_content() or "").rstrip()
    assert "# draw" in copied and copied.endswith("plt.show()")
    expect(snippet.locator(".nb-drawing")).to_be_hidden()


def test_the_citation_is_copied_as_bibtex(page: Page, site: str) -> None:
    page.goto(site + "spiking/")
    cited = page.locator(".nb-after pre:has(#bibtex)")
    cited.scroll_into_view_if_needed()
    cited.hover()
    cited.locator(".md-code__button").first.click()
    page.wait_for_function("navigator.clipboard.readText().then((text) => text)")
    copied = str(page.evaluate("navigator.clipboard.readText()"))
    assert copied == (page.locator("#bibtex").text_content() or "").rstrip()
    assert copied.startswith("@") and "neuralblog authors" in copied


def test_code_that_is_edited_is_unfolded(page: Page, site: str) -> None:
    page.goto(site + "spiking/")
    snippet = page.locator(".nb-snippet:has(.nb-fold)").first
    snippet.get_by_role("button", name="Edit", exact=True).click()
    expect(snippet.locator(".nb-fold")).to_be_hidden()
    assert "# draw" in snippet.get_by_role("textbox").input_value()
    expect(snippet.locator("code").first).to_contain_text("# draw")


def test_every_post_shows_a_result_on_its_first_screen(page: Page, site: str) -> None:
    late = {}
    for post in Site(ROOT).posts():
        page.goto(f"{site}{post.slug}/")
        top = page.evaluate(FIRST, RESULTS)
        if top is None or top > 800:
            late[post.slug] = top
    assert not late, late


def test_what_is_for_the_curious_waits_folded(site: str, browser: Browser) -> None:
    page = browser.new_page()
    folded = 0
    for post in Site(ROOT).posts():
        page.goto(f"{site}{post.slug}/")
        asides = page.locator("details:has(> summary:text('For the curious'))")
        folded += asides.count()
        assert (
            page.locator("details[open]:has(> summary:text('For the curious'))").count()
            == 0
        )
        if asides.count():
            first = asides.first
            expect(first.locator("p").first).to_be_hidden()
            first.locator("> summary").press("Enter")  # the page may still move
            expect(first.locator("p").first).to_be_visible()
    assert folded > 8
    page.close()
