"""The explorables: what they show is what the library returns, outside of a browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from neuralblog import cnn, datasets, softmax

START = 120_000  # milliseconds within which Python starts on a very busy machine
PUT_ON_PAGE = """async ([address, tag]) => {
  await import(new URL(address, location).href.replace("live.js", `${tag.slice(3)}.js`));
  const made = document.createElement(tag);
  document.querySelector("article").append(made);
}"""


def opened(page: Page, site: str, tag: str, address: str = "") -> Locator:
    """Put an explorable on a page, and start it."""
    page.goto(f"{site}about/{address}")
    live = page.locator("script[src$='live.js']").get_attribute("src")
    page.evaluate(PUT_ON_PAGE, [live, tag])
    made = page.locator(tag)
    made.get_by_role("button", name="Start").click()
    return made


@pytest.fixture(scope="module")
def paper(site: str, browser: Browser) -> Iterator[Locator]:
    page = browser.new_page()
    digit = opened(page, site, "nb-draw-digit")
    empty = digit.get_by_text("The paper is empty.")
    expect(empty).to_be_visible(timeout=START)
    expect(digit.get_by_text("Draw a digit here")).to_be_visible()
    yield digit
    page.close()


def settled(explorable: Locator) -> None:
    """Wait until everything that was asked for is shown."""
    explorable.evaluate(
        """async (lab) => {
          while (lab.updating) await new Promise((then) => setTimeout(then, 20));
        }"""
    )


def state(explorable: Locator) -> Any:
    return explorable.evaluate("(lab) => lab.state")


PICTURES = {  # size and color
    "large.png": ((4000, 3000), (255, 0, 0, 255)),
    "tiny.png": ((1, 1), (0, 0, 0, 255)),
    "narrow.png": ((1, 333), (0, 0, 0, 255)),
    "wide.png": ((3000, 2), (0, 0, 0, 255)),
    "clear.png": ((20, 10), (0, 0, 0, 0)),
}
NO_PICTURES = {
    "text.png": b"no picture",
    "cut.png": b"\x89PNG\r\n\x1a\n",
    "empty.png": b"",
}


def upload_all(explorable: Locator, folder: Path) -> None:
    """Give it good and bad files: after each it shows something, or says what is wrong."""
    from PIL import Image

    file = explorable.locator("input[type=file]")
    status = explorable.locator(".nb-status")
    for name, (size, color) in PICTURES.items():
        Image.new("RGBA", size, color).save(folder / name)
        file.set_input_files(folder / name)
        explorable.page.wait_for_timeout(300)
        settled(explorable)
        expect(status).to_have_text("")
    for name, content in NO_PICTURES.items():
        (folder / name).write_bytes(content)
        file.set_input_files(folder / name)
        expect(status).to_contain_text(f"{name} is not a picture")
    file.set_input_files([])  # nothing chosen: nothing changes
    expect(status).to_contain_text("empty.png is not a picture")


def verdict(paper: Locator) -> int:
    settled(paper)
    expect(paper.locator(".nb-verdict")).to_contain_text(re.compile(r"reads \d"))
    text = paper.locator(".nb-verdict").inner_text()
    return int(re.search(r"reads (\d)", text)[1])  # type: ignore[index]


def test_held_back_digits_are_read_from_the_canvas(paper: Locator) -> None:
    _, _, _, labels = datasets.digits()
    read = paper.evaluate(
        """async (digit) => {
          const read = [];
          for (let index = 0; index < 100; index++) {
            await digit.take(index);
            while (digit.updating) await new Promise((then) => setTimeout(then, 5));
            read.push(digit.verdict.textContent);
          }
          return read;
        }"""
    )
    right = sum(
        f"reads {label}," in text
        for text, label in zip(read, labels[:100], strict=True)
    )
    assert right >= 95


def test_the_network_on_the_page_is_the_library_s(paper: Locator) -> None:
    paper.evaluate("(digit) => digit.take(3)")
    settled(paper)
    shown = paper.locator(".nb-bars td:nth-child(2)").all_inner_texts()
    data = paper.evaluate("(digit) => [...digit.image.data]")
    image = np.reshape(data, (1, 1, 28, 28))
    expected = softmax(cnn.trained().forward(image))[0]
    assert shown == [f"{p:.4f}" for p in expected]


def inked(paper: Locator) -> int:
    """How many pixels of the paper are dark."""
    return int(
        paper.evaluate(
            """({ pen }) => pen.getImageData(0, 0, 280, 280).data
              .filter((value, i) => i % 4 === 0 && value < 128).length"""
        )
    )


def test_the_paper_takes_any_picture_and_survives_what_is_none(
    paper: Locator, tmp_path: Path
) -> None:
    upload_all(paper, tmp_path)
    # the last one was transparent: white
    expect(paper.locator(".nb-verdict")).to_have_text("The paper is empty.")
    assert inked(paper) == 0


@pytest.mark.parametrize("background", ["white", "black", "transparent", "nothing"])
def test_a_picture_of_a_digit_is_read(
    paper: Locator, tmp_path: Path, background: str
) -> None:
    from PIL import Image, ImageDraw

    ground, ink = {
        "white": ("white", "black"),
        "black": ("black", "white"),
        "transparent": ((0, 0, 0, 0), "black"),
        "nothing": ((0, 0, 0, 0), "white"),  # a light drawing without a ground
    }[background]
    picture = Image.new("RGBA", (900, 500), ground)
    ImageDraw.Draw(picture).line([(430, 60), (450, 440)], fill=ink, width=40)
    picture.save(tmp_path / "one.png")
    paper.get_by_role("button", name="Clear").click()
    expect(paper.locator(".nb-verdict")).to_have_text("The paper is empty.")
    paper.locator("input[type=file]").set_input_files(tmp_path / "one.png")
    expect(paper.locator(".nb-verdict")).to_contain_text("It reads 1")
    assert state(paper)["index"] is None  # the address says nothing of the picture
    assert state(paper)["strokes"] == ""


def test_a_photograph_in_uneven_light_is_read(paper: Locator, tmp_path: Path) -> None:
    from PIL import Image, ImageDraw

    light = np.linspace(110, 220, 900) + 3 * np.random.default_rng(0).standard_normal(
        (500, 900)
    )
    picture = Image.fromarray(light.astype(np.uint8))
    ImageDraw.Draw(picture).line([(430, 60), (450, 440)], fill=40, width=40)
    picture.save(tmp_path / "photo.png")
    paper.locator("input[type=file]").set_input_files(tmp_path / "photo.png")
    cropped = paper.locator(".nb-pictures canvas").first
    expect(cropped).to_be_visible()
    settled(paper)
    assert verdict(paper) == 1
    wide, high = cropped.evaluate("({ width, height }) => [width, height]")
    assert 2 * wide < high  # the ink alone


def test_drawing_with_the_mouse_and_the_keyboard(paper: Locator) -> None:
    paper.get_by_role("button", name="Clear").click()
    expect(paper.locator(".nb-verdict")).to_have_text("The paper is empty.")
    box = paper.locator(".nb-paper").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"]
    mouse = paper.page.mouse
    mouse.move(x, y + 40)
    mouse.down()
    for step in range(10):
        mouse.move(x, y + 40 + 16 * step)
    mouse.up()
    assert verdict(paper) == 1
    paper.get_by_role("button", name="Clear").click()
    paper.locator(".nb-paper").focus()
    for key in ["ArrowUp"] * 8 + [" "] + ["ArrowDown"] * 16 + [" "]:
        paper.page.keyboard.press(key)
    assert verdict(paper) == 1
    told = paper.get_by_text("The pen is up, 50 % from the left, 73 % from the top.")
    expect(told).to_be_visible()
    expect(paper.locator(".nb-tip")).to_be_visible()


def test_drawing_with_a_finger_and_the_address_brings_it_back(
    site: str, phone: Page
) -> None:
    paper = opened(phone, site, "nb-draw-digit")
    expect(paper.get_by_text("The paper is empty.")).to_be_visible(timeout=START)
    paper.locator(".nb-paper").scroll_into_view_if_needed()
    box = paper.locator(".nb-paper").bounding_box()
    assert box is not None
    scrolled = phone.evaluate("scrollY")
    finger = phone.context.new_cdp_session(phone)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.15
    for step in range(12):
        kind = "touchMove" if step else "touchStart"
        points = [{"x": x, "y": y + box["height"] * 0.06 * step}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert verdict(paper) == 1
    assert phone.evaluate("scrollY") == scrolled  # the finger drew, the page stayed
    drawn = inked(paper)
    strokes = state(paper)["strokes"]
    phone.wait_for_function(
        "(all) => location.search.includes(`%22${all}%22`)", arg=strokes
    )
    kept = phone.url.partition("?")[2]
    paper = opened(phone, site, "nb-draw-digit", f"?{kept}")
    expect(paper.locator(".nb-verdict")).to_contain_text("It reads 1", timeout=START)
    assert inked(paper) == drawn


@pytest.mark.parametrize("state", ['{"index":"x"}', '{"index":null,"strokes":5}'])
def test_an_address_that_makes_no_sense_is_survived(
    site: str, browser: Browser, state: str
) -> None:
    page = browser.new_page()
    paper = opened(page, site, "nb-draw-digit", f"?digit={state}")
    start = paper.get_by_role("button", name="Start")
    expect(paper.locator(".nb-status")).to_contain_text("mistake", timeout=START)
    start.click()
    expect(paper.get_by_text("The paper is empty.")).to_be_visible(timeout=START)
    page.close()


def test_a_tap_leaves_a_dot_and_undo_takes_moves_back(paper: Locator) -> None:
    paper.get_by_role("button", name="Clear").click()
    settled(paper)
    paper.evaluate("(digit) => digit.take(3)")
    settled(paper)
    digit = inked(paper)
    paper.get_by_text("Shift and noise").click()
    paper.get_by_label("right").fill("4")
    expect(paper.locator("output").nth(1)).to_have_text("4")
    paper.get_by_role("button", name="Clear").click()
    expect(paper.locator(".nb-verdict")).to_have_text("The paper is empty.")
    expect(paper.locator(".nb-pictures")).to_be_hidden()
    expect(paper.get_by_label("right")).to_have_value("0")
    paper.locator(".nb-paper").click()
    settled(paper)
    assert 300 < inked(paper) < 450  # a disk of 22 pixels has 380
    expect(paper.get_by_text("Draw a digit here")).to_be_hidden()
    undo = paper.get_by_role("button", name="Undo")
    undo.click()
    settled(paper)
    assert inked(paper) == 0
    assert state(paper)["strokes"] == ""
    expect(paper.get_by_text("Draw a digit here")).to_be_visible()
    undo.click()
    settled(paper)
    assert inked(paper) == digit
    assert state(paper)["index"] == 3
    expect(paper.get_by_label("right")).to_have_value("4")


@pytest.mark.parametrize("number", ["2000", "-1", "3.7"])
def test_a_digit_that_is_not_there_is_refused(paper: Locator, number: str) -> None:
    paper.evaluate("(digit) => digit.take(3)")
    settled(paper)
    before = inked(paper)
    paper.get_by_label("number").fill(number)
    paper.get_by_label("number").press("Enter")
    expect(paper.locator(".nb-status")).to_have_text(
        "choose a whole number from 0 to 1999"
    )
    assert inked(paper) == before
    expect(paper.get_by_label("number")).to_have_value("3")


def test_a_cell_of_a_layer_is_explained(paper: Locator) -> None:
    paper.evaluate("(digit) => digit.take(0)")
    settled(paper)
    paper.locator(".nb-maps").nth(0).locator("canvas").nth(2).click()
    told = paper.locator(".nb-sum")
    expect(told).to_contain_text("Conv2D(1, 6, 5, padding=2), cell 2, ")
    expect(told).to_contain_text("matmul_stack(")
    text = told.locator("p").inner_text()
    row, column = map(int, re.search(r"cell 2, (\d+), (\d+)", text).groups())  # type: ignore[union-attr]
    image = np.reshape(
        paper.evaluate("(digit) => [...digit.image.data]"), (1, 1, 28, 28)
    )
    made = cnn.trained().layers[0].forward(image)[0, 2, row, column]
    assert text.endswith(f"= {made:.4f}")
    # told below its layer, and framed in it
    first = paper.locator(".nb-maps").nth(0)
    assert first.evaluate("(row) => row.nextElementSibling.className") == "nb-sum"
    expect(first.locator(".nb-frame").nth(2).locator(".nb-spot")).to_be_visible()
    paper.page.keyboard.press("ArrowDown")
    expect(told).to_contain_text(f"cell 2, {row + 1}, {column}: ")


def test_a_running_explorable_is_accessible_on_a_phone(
    site: str,
    phone: Page,
    faults: Callable[[Page], list[str]],
    sideways: Callable[[Page], int],
) -> None:
    explorable = opened(phone, site, "nb-draw-digit")
    expect(explorable.locator(".nb-stage")).to_be_visible(timeout=START)
    settled(explorable)
    assert not faults(phone)
    assert sideways(phone) <= 0
