"""A word of the glossary says what it means, on every screen, and stays on the page."""

import pytest
from playwright.sync_api import Browser, Page

SHOWN = """word => {
  const box = getComputedStyle(word, "::after");
  if (box.content === "none" || box.display === "none") return null;
  const left = word.getClientRects()[0].left + parseFloat(box.left);
  return [left, left + parseFloat(box.width), document.documentElement.clientWidth];
}"""


@pytest.mark.parametrize("width", [1280, 760, 640])
def test_a_definition_fits_the_window(site: str, browser: Browser, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(f"{site}network/")
    words = page.locator("a[data-define]:visible")
    assert words.count() > 5
    for word in words.all():
        word.focus()
        word.dispatch_event("pointerover")
        page.keyboard.press("Shift")  # so that the focus is shown
        left, right, window = word.evaluate(SHOWN)
        assert 0 <= left < right <= window, word.inner_text()
    page.close()


def test_a_tap_shows_the_definition_and_a_second_goes_there(
    site: str, phone: Page
) -> None:
    phone.goto(f"{site}network/")
    word = phone.locator("a[data-define]:visible").first
    assert word.evaluate(SHOWN) is None
    word.tap()
    left, right, window = word.evaluate(SHOWN)
    assert 0 <= left < right <= window
    assert phone.url.endswith("/network/")
    phone.locator("h1").tap()
    assert word.evaluate(SHOWN) is None
    word.tap()
    word.tap()
    phone.wait_for_url("**/glossary/#*")
