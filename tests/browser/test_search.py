"""What a reader finds by typing."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, expect

Find = Callable[[str], Locator]


@pytest.fixture
def find(site: str, browser: Browser) -> Iterator[Find]:
    page = browser.new_page()
    page.goto(site)
    page.keyboard.press("/")
    field = page.locator("[data-md-component=search-query]")

    def found(words: str) -> Locator:
        field.fill("")
        page.wait_for_selector(".md-search-result__meta:has-text('Type to start')")
        page.keyboard.type(words)
        page.keyboard.press(
            "End"
        )  # a letter that no keyboard here has makes no key event
        return page.locator(".md-search-result")

    yield found
    page.close()


def test_names_letters_and_near_misses_find_something(find: Find) -> None:
    expect(find("η")).to_contain_text("How long a step?")
    expect(find("relu")).to_contain_text("The rectifier: ReLU")
    expect(find("sofmax")).to_contain_text("Softmax")
    expect(find("xylophone")).to_have_text("No matching documents")


def test_what_is_found_are_sentences(built: Path) -> None:
    index = json.loads((built / "search" / "search_index.json").read_text("utf-8"))
    assert len(index["docs"]) > 300
    for entry in index["docs"]:
        assert "<pre" not in entry["text"], entry["location"]
        assert not re.search(r"¶|In\s\[\d+\]", entry["title"] + entry["text"])
