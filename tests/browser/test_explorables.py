"""Draw a digit, with Python: what it shows is what the library returns outside of a browser."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from neuralblog import datasets, feature_maps, softmax, trained

START = 120_000  # milliseconds within which Python starts on a very busy machine
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


@pytest.fixture(scope="module")
def reader(site: str, browser: Browser) -> Iterator[Locator]:
    """The digit reader of the post, when Python is there."""
    page = browser.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    page.goto(f"{site}cnn/")
    made = page.locator("nb-explorable[name=cnn]")
    made.scroll_into_view_if_needed()
    expect(made.locator(".nb-told")).to_contain_text("the label says so")
    made.evaluate("(x) => x.go({ ...x.state, index: 3 })")
    expect(made.locator(".nb-status")).to_have_text("", timeout=START)
    yield made
    page.close()
    assert not errors


def settled(reader: Locator) -> Locator:
    """Wait until everything that was asked for is shown."""
    reader.evaluate(
        "async (x) => { while (x.asking) await new Promise((then) => setTimeout(then, 20)); }"
    )
    return reader


def cleared(reader: Locator) -> Locator:
    reader.get_by_role("button", name="Reset").click()
    reader.get_by_role("button", name="Clear").click()
    expect(reader.locator(".nb-told")).to_contain_text("The paper is empty")
    expect(reader.get_by_text("Draw a digit here")).to_be_visible()
    return reader


def state(reader: Locator) -> Any:
    return reader.evaluate("(x) => x.state")


def ink(reader: Locator) -> str:
    return reader.locator(".nb-paper path").get_attribute("d") or ""


def drag(reader: Locator, *points: tuple[float, float]) -> None:
    """Draw a stroke with the mouse, from shares of the paper."""
    box = reader.locator(".nb-paper").bounding_box()
    assert box is not None
    mouse = reader.page.mouse
    for i, (x, y) in enumerate(points):
        mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=8)
        if not i:
            mouse.down()
    mouse.up()


def test_the_network_on_the_page_is_the_library_s(reader: Locator) -> None:
    reader.evaluate("(x) => x.go({ ...x.spec.state, index: 4 })")
    settled(reader)
    shown = reader.locator(".nb-bars td:nth-child(2)").all_inner_texts()
    expected = softmax(trained().forward(datasets.digits()[2][4:5]))[0]
    assert shown == [f"{p:.4f}" for p in expected]


def test_drawing_with_the_mouse_and_the_keyboard(reader: Locator) -> None:
    drag(cleared(reader), (0.5, 0.15), (0.5, 0.85))
    expect(reader.locator(".nb-told")).to_contain_text("It reads a 1")
    expect(reader.locator(".nb-paper > .nb-cell")).to_be_visible()  # what was cropped
    paper = cleared(reader).locator(".nb-paper")
    paper.focus()
    for key in [" "] + ["ArrowUp"] * 12 + [" "] + ["ArrowDown"] * 24 + [" "]:
        reader.page.keyboard.press(key)
    expect(reader.locator(".nb-told")).to_contain_text("It reads a 1")
    assert len(ink(reader).split("M")) == 2  # one stroke
    told = paper.get_by_text("The pen is up, 50 % from the left, 84 % from the top.")
    expect(told).to_be_attached()
    expect(paper.locator("circle")).to_be_visible()


def test_a_tap_leaves_a_dot_and_each_stroke_is_undone(reader: Locator) -> None:
    reader.evaluate("(x) => x.go({ ...x.spec.state, index: 3, right: 4 })")
    settled(reader).evaluate("(x) => x.rest()")
    held = state(reader)
    reader.get_by_role("button", name="Clear").click()
    assert (state(reader)["index"], state(reader)["right"]) == (-1, 0)
    reader.locator(".nb-paper").click()
    dot = ink(reader)
    assert dot.startswith("M1") and "L" not in dot
    drag(reader, (0.2, 0.2), (0.8, 0.2))  # and at once another
    drag(reader, (0.2, 0.8), (0.8, 0.8))
    expect(reader.get_by_text("Draw a digit here")).to_be_hidden()
    undo = reader.get_by_role("button", name="Undo")
    drawn = reader.locator(".nb-paper path")
    for count in (3, 2):
        expect(drawn).to_have_attribute("d", re.compile(rf"^(M[^M]*){{{count}}}$"))
        undo.click()
    expect(drawn).to_have_attribute("d", dot)
    undo.click()
    expect(drawn).to_have_attribute("d", "")
    expect(reader.get_by_text("Draw a digit here")).to_be_visible()
    undo.click()
    assert state(reader) == held


def test_a_paper_is_full_before_an_address_is(reader: Locator) -> None:
    settled(cleared(reader))
    reader.evaluate("(x) => x.go({ ...x.state, strokes: '9ci'.repeat(1000) })")
    settled(reader)
    drag(reader, (0.2, 0.2), (0.8, 0.2))
    expect(reader.locator(".nb-status")).to_contain_text("No more ink")
    assert len(state(reader)["strokes"]) == 3000


def test_the_paper_takes_any_picture_and_survives_what_is_none(
    reader: Locator, tmp_path: Path
) -> None:
    from PIL import Image

    cleared(reader)
    file, told = reader.locator("input[type=file]"), reader.locator(".nb-told")
    for name, (size, color) in PICTURES.items():
        Image.new("RGBA", size, color).save(tmp_path / name)
        file.set_input_files(tmp_path / name)
        expect(told).to_contain_text("no ink in this picture")
        reader.get_by_role("button", name="Clear").click()
        expect(told).to_contain_text("The paper is empty")
    for name, content in NO_PICTURES.items():
        (tmp_path / name).write_bytes(content)
        file.set_input_files(tmp_path / name)
        expect(reader.locator(".nb-status")).to_contain_text(f"{name} is not a picture")
    assert state(reader)["own"] == ""


@pytest.mark.parametrize("ground", ["white", "black", "nothing", "uneven"])
def test_a_picture_of_a_digit_is_read(
    reader: Locator, tmp_path: Path, ground: str
) -> None:
    from PIL import Image, ImageDraw

    picture = Image.new("RGBA", (900, 500), (0, 0, 0, 0))
    if ground in ("white", "black"):
        picture = Image.new("RGB", (900, 500), ground)
    if ground == "uneven":
        noise = np.random.default_rng(0).standard_normal((500, 900))
        light = np.linspace(110, 220, 900) + 3 * noise
        picture = Image.fromarray(light.astype(np.uint8)).convert("RGB")
    fill = "white" if ground in ("black", "nothing") else "#282828"
    ImageDraw.Draw(picture).line([(430, 60), (450, 440)], fill=fill, width=40)
    picture.save(tmp_path / "one.png")
    cleared(reader).locator("input[type=file]").set_input_files(tmp_path / "one.png")
    expect(reader.locator(".nb-told")).to_contain_text("It reads a 1")
    expect(reader.get_by_alt_text("your picture")).to_be_visible()
    own = state(reader)["own"]
    assert len(own) == 3 + 28 * 28  # so it fits into an address
    reader.get_by_role("button", name="Undo").click()
    assert state(reader)["own"] == ""


def test_a_cell_of_a_layer_is_explained(reader: Locator) -> None:
    reader.evaluate("(x) => x.go({ ...x.spec.state, index: 3, layer: 1 })")
    settled(reader)
    maps = reader.get_by_role("slider", name="The maps of the layer")
    maps.click(position={"x": 120, "y": 40})
    settled(reader)
    row, column = state(reader)["at"]
    y = feature_maps(trained(), datasets.digits()[2][3])[0][1]
    value = f"{y[column // 29, row, column % 29]:.4f}".replace("-", "−")
    expect(reader.locator(".nb-how")).to_contain_text(f"= {value}.")
    numbers = reader.get_by_role("button", name="Numbers")
    numbers.click()
    expect(reader.locator("pre")).to_contain_text("matmul_stack(")
    maps.focus()
    reader.page.keyboard.press("ArrowDown")
    expect(reader.locator(".nb-how")).to_contain_text(f"row {row + 1}, ")
    numbers.click()
    expect(reader.locator("pre")).to_be_hidden()


def test_nothing_is_wrong_with_what_it_opens(
    reader: Locator, faults: Callable[..., list[str]]
) -> None:
    reader.get_by_role("button", name="Numbers").click()
    expect(reader.locator("pre")).not_to_be_empty()
    assert not faults(reader.page, within="nb-explorable")
    reader.get_by_role("button", name="Shift, turn, noise").click()
    expect(reader.locator("pre")).to_be_hidden()  # one at a time
    assert not faults(reader.page, within="nb-explorable")
    number = reader.get_by_label("digit number")
    number.fill("5000")
    number.press("Enter")
    assert state(reader)["index"] == 1999  # the last there is


def test_a_drawing_that_makes_no_sense_is_refused(reader: Locator) -> None:
    reader.page.evaluate("location.hash = '#cnn=index:-1;strokes:nonsense'")
    expect(reader.locator(".nb-told")).to_contain_text("This address holds no drawing")
    cleared(reader)


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_the_word_on_the_paper_stands_above_the_digit(
    site: str, browser: Browser, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844})
    page.goto(site)
    paper = page.locator("nb-explorable.nb-alive .nb-paper").bounding_box()
    word = page.get_by_text("Draw your own here").bounding_box()
    page.close()
    assert paper is not None and word is not None
    margin = paper["height"] * 4 / 28  # the rows above a digit
    assert word["y"] + word["height"] <= paper["y"] + margin


def test_a_finger_draws_before_python_is_there_and_the_address_brings_it_back(
    site: str, phone: Page
) -> None:
    phone.route("**/worker.js", lambda route: None)  # it hangs
    phone.goto(site)  # where it is the first that one sees
    reader = phone.locator("nb-explorable")
    paper = reader.locator(".nb-paper")
    paper.scroll_into_view_if_needed()
    expect(reader.get_by_text("Draw your own here")).to_be_visible()
    box = paper.bounding_box()
    assert box is not None
    scrolled = phone.evaluate("scrollY")
    finger = phone.context.new_cdp_session(phone)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.15
    for step in range(12):
        kind = "touchMove" if step else "touchStart"
        points = [{"x": x, "y": y + box["height"] * 0.06 * step}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        assert len(ink(reader).split("L")) == step + 1  # it flows
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert phone.evaluate("scrollY") == scrolled  # the finger drew, the page stayed
    expect(reader.locator(".nb-status")).to_contain_text(
        "Python is starting; what is gray"
    )
    expect(reader).to_have_class("nb-alive nb-waiting")
    assert state(reader)["index"] == -1  # the example made room
    flowed = ink(reader)
    phone.wait_for_function("location.hash.includes('strokes:')")
    phone.reload()
    expect(paper).to_be_in_viewport()
    assert ink(reader) == flowed
