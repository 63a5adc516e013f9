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


def test_nothing_lies_over_what_is_typed(find: Find) -> None:
    page = find("backpropagati").page
    over = """() => {
      const field = document.querySelector("[data-md-component=search-query]");
      const { left, top, width, height } = field.getBoundingClientRect();
      const others = [0.05, 0.3, 0.6].flatMap((share) => document.elementsFromPoint(left + share * width, top + height / 2))
        .filter((box) => box !== field && !box.contains(field));
      return others.filter((box) => box.innerText?.trim()).map((box) => box.outerHTML.slice(0, 99));
    }"""
    assert page.evaluate(over) == []
    page.evaluate(
        """() => {
          const field = document.querySelector("[data-md-component=search-query]");
          const words = document.createElement("span");
          words.textContent = "backpropagation";
          words.style = "position: absolute; inset: 0; z-index: 9";
          field.parentElement.append(words);
        }"""
    )
    assert len(page.evaluate(over)) > 0  # it would be seen


def test_what_is_found_are_sentences(built: Path) -> None:
    index = json.loads((built / "search" / "search_index.json").read_text("utf-8"))
    assert len(index["docs"]) > 300
    for entry in index["docs"]:
        assert "<pre" not in entry["text"], entry["location"]
        assert not re.search(r"¶|In\s\[\d+\]", entry["title"] + entry["text"])
