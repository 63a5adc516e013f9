"""What a reader finds by typing."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

Find = Callable[[str], str]


@pytest.fixture
def find(site: str, browser: Browser) -> Iterator[Find]:
    page = browser.new_page()
    page.goto(site)
    page.keyboard.press("/")
    field = page.locator("[data-md-component=search-query]")

    def found(words: str) -> str:
        field.fill("")
        page.wait_for_selector(".md-search-result__meta:has-text('Type to start')")
        page.keyboard.type(words)
        page.keyboard.press(
            "End"
        )  # a letter that no keyboard here has makes no key event
        page.wait_for_selector(".md-search-result__meta:has-text('matching documents')")
        return page.locator(".md-search-result__list").inner_text()

    yield found
    page.close()


def test_names_letters_and_near_misses_find_something(find: Find) -> None:
    assert "How long a step?" in find("η")
    assert "The rectifier: ReLU" in find("relu")
    assert "Softmax" in find("sofmax")
    assert not find("xylophone")


def test_what_is_found_are_sentences(built: Path) -> None:
    index = json.loads((built / "search" / "search_index.json").read_text("utf-8"))
    assert len(index["docs"]) > 300
    for entry in index["docs"]:
        assert "<pre" not in entry["text"], entry["location"]
        assert not re.search(r"¶|In\s\[\d+\]", entry["title"] + entry["text"])
