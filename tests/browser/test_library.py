"""The page of the library: folded, searched by name, and every old address leads on."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from neuralblog_site.sources.series import position


@pytest.fixture
def library(site: str, browser: Browser) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(site + "api/")
    return page


def test_it_is_short_and_names_all_modules(library: Page) -> None:
    assert library.evaluate("document.documentElement.scrollHeight") < 12_000
    modules = library.locator(".doc-module")
    assert modules.count() > 20
    for module in modules.all():
        assert module.locator("summary code").count()
    first = library.locator("[id='neuralblog.spiking'] ~ .doc-contents")
    expect(first.locator(">.nb-meta")).to_have_text(
        f"Part {position('spiking')}: What a neuron really does"
    )
    library.close()


def test_a_part_of_a_name_leaves_what_has_it(library: Page) -> None:
    field = library.get_by_label("Find a name")
    field.fill("dropout")
    shown = library.locator(".doc-module:visible h2").all_inner_texts()
    assert [name.strip("¶ ") for name in shown] == ["neuralblog.regularization"]
    parts = library.locator(".nb-module > .doc-children > .doc-object:visible")
    assert parts.count() == 1
    field.fill("xylophone")
    assert library.locator(".doc-module:visible").count() == 0
    field.fill("")
    assert library.locator(".doc-module:visible").count() > 20
    assert library.locator(".nb-module[open]").count() == 0
    library.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_an_old_address_opens_its_module(
    site: str, browser: Browser, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(site + "api/#neuralblog.cnn.lenet")
    heading = page.locator("[id='neuralblog.cnn.lenet']")
    heading.wait_for(state="visible")
    page.wait_for_timeout(500)
    assert -10 < heading.evaluate("it => it.getBoundingClientRect().top") < 300
    page.close()


def test_a_name_tells_what_it_takes_and_where_it_is_used(library: Page) -> None:
    library.get_by_label("Find a name").fill("correlate2d")
    shown = library.locator(
        ".doc-object:has(> [id='neuralblog.convolution.correlate2d'])"
    )
    takes = shown.locator(".nb-parameters > li")
    assert takes.all_inner_texts() == [
        "image: numbers: an array, or lists",
        "kernel: numbers: an array, or lists",
        "stride: a whole number; 1 if not given",
        "padding: a whole number; 0 if not given",
        "dilation: a whole number; 1 if not given",
    ]
    used = shown.locator(".nb-meta")
    expect(used).to_contain_text("Used in parts 12, ")
    assert "correlate2d([[1, 2, 3]" in shown.locator("pre").first.inner_text()
    used.get_by_role("link").first.click()
    expect(library.locator("h1")).to_contain_text("Convolution")
    library.close()


def test_all_that_is_taken_is_told_in_words(library: Page) -> None:
    library.evaluate(
        "document.querySelectorAll('.nb-module').forEach((it) => (it.open = true))"
    )
    functions = library.locator(
        ".nb-module > .doc-children > :is(.doc-class, .doc-function)"
    )
    bare = [
        part.locator(":scope > h3").inner_text()
        for part in functions.all()
        if re.search(r"\(\w|\(\*", part.locator(":scope > h3").inner_text())
        and not part.locator(":scope > .doc-contents > .nb-parameters > li").count()
    ]
    assert functions.count() > 80 and bare == []
    library.close()
