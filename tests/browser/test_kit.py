"""What every explorable of the kit does: the same tests for each name."""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Literal

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from neuralblog import softmax
from neuralblog_site.inpage import catalog

START = 120_000  # milliseconds within which Python starts on a very busy machine
HANDLES = ".nb-hand, input[type=range]:enabled"
# Touch each handle once, from the first state; give back how long until it was shown.
TOUCH_ALL = """async ([x, handles]) => {
  const frame = () => new Promise(requestAnimationFrame);
  const touch = (target, key, way) => {
    if (!target.matches("input"))
      return target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
    target.value = Number(target.value) + way * Number(target.step);
    target.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const times = [];
  const text = JSON.stringify;
  for (const target of x.querySelectorAll(handles)) {
    x.go(x.spec.state);
    await frame();
    const begun = performance.now();
    for (const [key, way] of [["ArrowRight", 1], ["ArrowLeft", -1]]) {
      touch(target, key, way);
      if (text(x.state) !== text(x.spec.state)) break;
    }
    if (text(x.shown[0]) !== text(x.state)) throw new Error(`the table lacks ${text(x.state)}`);
    await frame();
    times.push(performance.now() - begun);
  }
  return times;
}"""
# Press each handle some times; give back what is shown of another state, untold.
UNTOLD = """async ([x, handles]) => {
  const text = JSON.stringify;
  const untold = [];
  for (const target of x.querySelectorAll(handles))
    for (const [key, way] of [["ArrowRight", 1], ["ArrowLeft", -1], ["ArrowUp", 1]])
      for (const presses of [2, 4]) {
        const first = x.spec.state;
        x.go(first);
        for (let i = 0; i < presses; i++)
          if (target.matches("input")) {
            target.value = Number(target.value) + way * Number(target.step);
            target.dispatchEvent(new Event("input", { bubbles: true }));
          } else target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
        const near = () => x.classList.contains("nb-near");
        for (let wait = 0; wait < 100 && text(x.shown[0]) !== text(x.state) && !near() && !x.matches(".nb-waiting"); wait++)
          await new Promise((done) => setTimeout(done, 20));
        const said = x.querySelector(".nb-told").innerText;
        const [asked, shown] = [x.state, x.shown[0]];
        const differing = Object.keys(asked).filter((name) => text(asked[name]) !== text(shown[name]));
        const fault = (why) => untold.push(`${target.ariaLabel ?? target.id} ${key} ${presses}: ${why}; ${text(asked)} ${said}`);
        if (near() !== (differing.length > 0 && !x.matches(".nb-waiting"))) fault("of another state");
        if (!near() && said.startsWith("Shown")) fault("no longer so");
        if (x.matches(".nb-waiting") && !x.querySelector(".nb-status").innerText.includes("gray")) fault("gray");
        if (!near()) continue;
        const told = said.slice(0, said.indexOf(". "));
        if (told.length > 90) fault("at length");
        for (const name of differing) {
          const control = x.controls.find((one) => one.key === name);
          control?.show(shown[name]);
          const [numbers, others] = [shown, asked].map((state) => [state[name]].flat(3));
          const apart = numbers.filter((number, i) => number !== others[i]).map((number) => text(number).match(/\\d+(\\.\\d{1,2})?/)[0]);
          const words = control ? control.querySelector("output").textContent : apart.length > 4 ? [] : apart;
          control?.show(asked[name]);
          if (!told.startsWith("Shown: ") || ![words].flat().every((word) => told.includes(word))) fault("untold");
          const [was, wish, got] = [first, asked, shown].map((state) => [state[name]].flat(3));
          if (wish.some((value, i) => value === was[i] && got[i] !== was[i])) fault("moved aside");
        }
      }
  return untold;
}"""
# What Python would write into what is opened.
FILL = """(x) => {
  for (const code of x.querySelectorAll("pre:not([hidden])")) code.textContent = "a line\\n".repeat(60);
}"""
# Of what the hand has not moved since the last move, what is shown elsewhere than before.
ASIDE = """(x) => {
  const flat = (state, name) => [state[name]].flat(3);
  return Object.keys(x.state).flatMap((name) => {
    const [kept, asked, shown] = [x.kept, x.state, x.shown[0]].map((state) => flat(state, name));
    return asked.flatMap((value, i) => (value === kept[i] && shown[i] !== value ? [`${name} ${i}: ${shown[i]}`] : []));
  });
}"""
# Words that lie over others, in pairs.
OVERLAPS = """(x) => {
  const parts = [...x.querySelectorAll(".nb-live :is(text, figcaption, label, output, p, button)")]
    .filter((part) => part.textContent.trim() && part.checkVisibility({ opacityProperty: true, visibilityProperty: true }));
  const boxes = parts.map((part) => {
    const range = document.createRange();
    range.selectNodeContents(part);
    return (part.localName === "text" ? part : range).getBoundingClientRect();
  });
  const common = (a, b, from, to) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
  return parts.flatMap((one, i) => parts.slice(i + 1).flatMap((other, k) => {
    const [a, b] = [boxes[i], boxes[i + 1 + k]];
    const high = common(a, b, "top", "bottom") > 0.35 * Math.min(a.height, b.height);
    const lie = high && common(a, b, "left", "right") > 1.5 && !one.contains(other) && !other.contains(one);
    return lie ? [`${one.textContent.trim()} | ${other.textContent.trim()}`] : [];
  }));
}"""
PUT_THERE = """(x, words) => x.sentence.replaceChildren(...words.map((word) => {
  const made = document.createElement("button");
  [made.textContent, made.style.position] = [word, "absolute"];
  return made;
}))"""
AGAIN = """(x) => {
  x.go(x.spec.state);
  x.rest();
  x.past = [];
  x.say("");
  x.scrollIntoView();
}"""
# Open addresses one by one; give back those that were not refused with the first state.
OPEN_ALL = """async ([x, hashes]) => {
  const taken = [];
  for (const hash of hashes) {
    x.say("");
    const opened = new Promise((done) => addEventListener("hashchange", done, { once: true }));
    location.hash = hash;
    await opened;
    for (let wait = 0; wait < 100 && !x.querySelector(".nb-status").textContent.includes("the first one"); wait++)
      await new Promise((done) => setTimeout(done, 20));
    const told = x.querySelector(".nb-status").textContent;
    if (!told.includes("the first one") || JSON.stringify(x.state) !== JSON.stringify(x.spec.state))
      taken.push(`${hash}: ${told} ${JSON.stringify(x.state)}`);
  }
  return taken;
}"""
CALL_ALL = """async ([state, table, module]) => {
  const answers = [];
  for (const [name, rows] of Object.entries(table))
    for (const [given] of rows)
      answers.push(await python.call(`${module}:${name}`, name === "answer" ? { ...state, ...given } : given));
  return answers;
}"""
# In the middle of the window, where it stays: what comes near is laid out only then.
AT_REST = """async (h) => {
  let [before, still] = [null, 0];
  while (still < 5) {
    (h.closest("figure, div") ?? h).scrollIntoView({ block: "center" });
    await new Promise(requestAnimationFrame);
    const { x, y } = h.getBoundingClientRect();
    still = before === `${x} ${y}` ? still + 1 : 0;
    before = `${x} ${y}`;
  }
}"""
TARGETS = """(x) => [...x.querySelectorAll("button, input, .nb-hit")]
  .filter((target) => target.checkVisibility() && !target.matches("[type=radio]"))
  .map((target) => target.matches(".nb-hit")
    ? parseFloat(getComputedStyle(target).strokeWidth)
    : target.getBoundingClientRect().height)"""


def address(built: Path, site: str, name: str) -> str:
    """The first page that shows it."""
    for path in sorted(built.rglob("index.html")):
        if f'<nb-explorable name="{name}"' in path.read_text(encoding="utf-8"):
            return f"{site}{path.parent.relative_to(built).as_posix()}/"
    raise AssertionError(f"no page shows {name}")


def awake(explorable: Locator) -> None:
    explorable.scroll_into_view_if_needed()
    expect(explorable.locator(".nb-live")).to_be_visible()
    expect(explorable.locator(".nb-told")).not_to_be_empty()
    explorable.evaluate("(x) => x.scrollIntoView()")


@contextmanager
def alive(
    browser: Browser,
    where: str,
    name: str,
    *,
    python: bool = False,
    phone: bool = False,
    scheme: Literal["light", "dark"] = "light",
) -> Iterator[Locator]:
    """A page with the explorable in view; without `python`, Python never comes."""
    size = {"width": 390, "height": 844} if phone else {"width": 1280, "height": 900}
    context = browser.new_context(
        viewport=size,  # type: ignore[arg-type]
        color_scheme=scheme,
        has_touch=phone,
        is_mobile=phone,
    )
    page = context.new_page()
    errors: list[object] = []
    page.on("pageerror", lambda error: errors.append(error))
    if not python:
        page.route("**/worker.js", lambda route: None)  # it hangs
    page.goto(where)
    explorable = page.locator(f'nb-explorable[name="{name}"]')
    awake(explorable)
    yield explorable
    context.close()
    assert not errors


def state(explorable: Locator) -> Any:
    return explorable.evaluate("(x) => x.state")


def first(name: str) -> Any:
    return json.loads(catalog.file(name))["state"]


# Opened once for all tests of a name, and put back to the first state for each.
@pytest.fixture(scope="module", params=catalog.names())
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def where(site: str, built: Path, name: str) -> str:
    return address(built, site, name)


@pytest.fixture(scope="module")
def on_desktop(browser: Browser, where: str, name: str) -> Iterator[Locator]:
    with alive(browser, where, name) as explorable:
        yield explorable


@pytest.fixture(scope="module")
def on_phone(browser: Browser, where: str, name: str) -> Iterator[Locator]:
    with alive(browser, where, name, phone=True) as explorable:
        yield explorable


def again(explorable: Locator) -> Locator:
    explorable.page.emulate_media(media="screen", color_scheme="light")
    explorable.evaluate(AGAIN)
    return explorable


@pytest.fixture
def explorable(on_desktop: Locator) -> Locator:
    return again(on_desktop)


@pytest.fixture
def touched(on_phone: Locator) -> Locator:
    return again(on_phone)


def test_without_scripts_there_is_the_picture(
    browser: Browser, where: str, name: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(where)
    explorable = page.locator(f'nb-explorable[name="{name}"]')
    expect(explorable.locator("svg[role=img]")).to_be_visible()
    expect(explorable.locator("figcaption")).to_be_visible()
    context.close()


def test_paper_shows_the_picture(explorable: Locator) -> None:
    expect(explorable.locator(".nb-still")).to_be_hidden()
    explorable.page.emulate_media(media="print")
    expect(explorable.locator(".nb-still")).to_be_visible()
    expect(explorable.locator(".nb-live")).to_be_hidden()


def test_the_first_touch_of_each_handle_answers_before_python_is_there(
    explorable: Locator,
) -> None:
    times = explorable.evaluate(f"(x, handles) => ({TOUCH_ALL})([x, handles])", HANDLES)
    assert times
    assert median(times) <= (
        50 if "SLOW" in os.environ else 1000
    )  # ms; load is no fault
    assert not explorable.evaluate("(x) => x.answers.live")


def test_before_python_is_there_a_state_that_was_not_asked_for_is_told(
    explorable: Locator,
) -> None:
    untold = explorable.evaluate(f"(x, handles) => ({UNTOLD})([x, handles])", HANDLES)
    assert untold == []
    assert not explorable.evaluate("(x) => x.answers.live")


def test_the_nearest_state_leaves_the_other_coordinate_alone(
    site: str, built: Path, browser: Browser
) -> None:
    nearest = """(x, [places, ...ats]) => {
      const [asked, kept, shown] = ats.map((at) => ({ ...x.state, at }));
      x.answers.tables.answer = places.map((at) => ({ given: { ...x.state, at } }));
      return x.answers.nearest(asked, kept, shown)?.given.at ?? null;
    }"""
    first, right, aslant = [11, 14], [11, 18], [12, 18]
    near = [[12, 17], [11, 14], [11, 25]]
    with alive(browser, address(built, site, "inspection"), "inspection") as x:
        assert x.evaluate(nearest, [near, right, first, first]) == [11, 14]
        assert x.evaluate(nearest, [near[:1], right, first, first]) is None
        assert x.evaluate(nearest, [near[:1], right, first, [12, 14]]) == [12, 17]
        assert x.evaluate(nearest, [near, aslant, first, first]) == [12, 17]
        crossing = [[12, 14], [11, 19]]  # both have moved: the next one, not the row
        assert x.evaluate(nearest, [crossing, aslant, first, first]) == [11, 19]
        assert x.evaluate(nearest, [near, right, right]) == [12, 17]  # of an address


def test_a_drag_before_python_is_there_leaves_alone_what_is_not_dragged(
    explorable: Locator,
) -> None:
    for way in ([1, 1], [1, -1], [-1, 1], [-1, -1]):
        again(explorable)
        # one move: on a busy machine the hand seems to rest between two events
        explorable.evaluate("(x) => void (x.rest = () => {})")
        x, y, _, _ = drag_of(explorable)
        mouse = explorable.page.mouse
        mouse.move(x, y)
        mouse.down()
        for step in range(1, 8):
            mouse.move(x + 7 * way[0] * step, y + 5 * way[1] * step)
            assert explorable.evaluate(ASIDE) == [], (way, step)
        mouse.up()
        explorable.evaluate("(x) => delete x.rest")


def test_of_a_long_list_only_what_differs_is_told(
    site: str, built: Path, browser: Browser
) -> None:
    with alive(
        browser, address(built, site, "backpropagation"), "backpropagation"
    ) as x:
        told = x.locator(".nb-told")
        x.evaluate("(x) => x.go({ ...x.state, theta: x.spec.state.theta.with(4, 5) })")
        expect(told).to_have_text(re.compile(r"^Shown: theta number 5: −?[\d.]+\. "))
        x.evaluate(
            "(x) => x.go({ ...x.state, theta: x.spec.state.theta.map((v) => v + 1) })"
        )
        expect(told).to_have_text(re.compile(r"^Shown: theta with 9 of 9 others\. "))


def test_what_is_tied_lights_up_and_only_marks_grow(explorable: Locator) -> None:
    grown = explorable.evaluate(
        """(x) => [...x.querySelectorAll("path[data-nb-tie]")].flatMap((path) => {
          const wide = () => getComputedStyle(path).strokeWidth;
          path.classList.remove("nb-lit");
          const before = wide();
          path.classList.add("nb-lit");
          const after = wide();
          path.classList.remove("nb-lit");
          const mark = path.classList.contains("nb-mark");
          return (before !== after) === mark ? [] : [`${path.classList}: ${before}, ${after}`];
        })"""
    )
    assert grown == []


def test_it_becomes_alive_without_moving_the_page(
    explorable: Locator, name: str
) -> None:
    height = catalog.module(name).HEIGHT
    box = explorable.bounding_box()
    assert box is not None
    assert height - 60 < box["height"] <= height


def test_an_answer_that_is_old_is_gray(explorable: Locator) -> None:
    explorable.evaluate(
        "(x) => ([self.table, x.answers.tables.answer] = [x.answers.tables.answer, []])"
    )
    explorable.locator(HANDLES).first.focus()
    explorable.page.keyboard.press("ArrowRight")
    explorable.page.keyboard.press("ArrowRight")
    expect(explorable).to_have_class("nb-alive nb-waiting")
    explorable.evaluate("(x) => (x.answers.tables.answer = self.table)")


def test_what_is_asked_while_python_loads_is_drawn_and_the_last_is_answered(
    site: str, built: Path, browser: Browser
) -> None:
    page = browser.new_page()
    page.set_default_timeout(START)
    held: list[Route] = []
    page.route("**/worker.js", lambda route: held.append(route))
    page.goto(address(built, site, "losses"))
    x = page.locator('nb-explorable[name="losses"]')
    awake(x)
    x.evaluate(
        "(x) => (x.answers.tables.answer = []) && (x.drawn = []) && (x.draw = ((draw) => (...a) => (x.drawn.push(a[0].scores[0]), draw(...a)))(x.draw))"
    )
    for cat in (1, 2, 3):  # no table holds them
        x.evaluate("(x, cat) => x.go({ ...x.state, scores: [cat, 1.7, 0.7] })", cat)
        page.wait_for_function(
            "(cat) => document.querySelector('nb-explorable').drawn.includes(cat)",
            arg=cat,
        )
    expect(x).to_have_class("nb-alive nb-waiting")
    for _ in range(2):  # each of them counts
        x.get_by_role("button", name="Step by log").click()
    assert x.evaluate("(x) => x.shown[0].scores") != [3, 1.7, 0.7]
    held[0].continue_()
    expect(x.locator(".nb-tally").first).to_contain_text("2: cat +", timeout=START)
    expect(x).to_have_class("nb-alive")
    assert x.evaluate("(x) => JSON.stringify(x.shown[0]) === JSON.stringify(x.state)")
    z = np.array([3, 1.7, 0.7])
    for _ in range(2):
        z = z - softmax(z) + np.eye(3)[0]
    assert x.evaluate("(x) => x.state.scores") == pytest.approx(z.tolist(), abs=1e-5)
    page.close()


def test_nobody_is_first_before_the_race(
    site: str, built: Path, browser: Browser
) -> None:
    with alive(browser, address(built, site, "optimizers"), "optimizers") as x:
        told = x.locator(".nb-told")
        expect(told).to_contain_text("Who will be first?")
        step = x.get_by_role("slider", name="step", exact=True)
        step.fill("50")
        expect(told).to_contain_text("Who will be first?")
        step.fill("110")
        expect(told).to_contain_text("First is")


def test_a_word_about_python_moves_nothing_on_a_phone(touched: Locator) -> None:
    bar = touched.locator(".nb-bar")
    high = bar.evaluate("(bar) => bar.offsetHeight")
    box = touched.bounding_box()
    for text in (
        "Python is starting; until then in coarse steps.",
        "Python is starting; what is gray is old.",
        "Copied.",
    ):
        touched.evaluate("(x, text) => x.say(text)", text)
        assert bar.evaluate("(bar) => bar.offsetHeight") == high
        assert touched.bounding_box() == box
        inside = """(x) => {
          const [one, all] = [x.querySelector(".nb-status"), x].map((e) => e.getBoundingClientRect());
          return one.right <= all.right && one.bottom <= all.bottom;
        }"""
        assert touched.evaluate(inside), text


def test_whatever_can_be_dragged_shows_it_without_hovering(touched: Locator) -> None:
    rings = touched.locator(".nb-hand > .nb-ring")
    for ring in rings.all():
        if ring.is_visible():
            color = ring.evaluate("(r) => getComputedStyle(r).stroke")
            assert color not in ("none", "rgba(0, 0, 0, 0)"), color
    hint = touched.locator(".nb-hint")
    if rings.count():
        expect(hint).to_contain_text("drag what has a ring")
    if touched.locator(".nb-face.nb-hand").count():
        expect(hint).to_contain_text("touch a cell")
    if touched.locator(".nb-hand").count():
        expect(hint).not_to_be_empty()


def test_keys_change_the_state_and_the_address_brings_it_back(
    explorable: Locator, name: str
) -> None:
    page = explorable.page
    explorable.locator(HANDLES).first.focus()
    for key in ("ArrowRight", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
        if state(explorable) != first(name):
            break
    moved = state(explorable)
    assert moved != first(name)
    page.wait_for_function("(name) => location.hash.startsWith(`#${name}=`)", arg=name)
    expect(explorable.locator(".nb-heard")).to_have_text(
        explorable.locator(".nb-told").inner_text()
    )
    kept = page.evaluate("location.hash")
    explorable.get_by_role("button", name="Undo").click()
    assert state(explorable) == first(name)
    page.wait_for_function("(name) => !location.hash.startsWith(`#${name}=`)", arg=name)
    page.evaluate("(kept) => (location.hash = kept)", kept)
    page.reload()
    awake(explorable)
    assert state(explorable) == moved
    explorable.get_by_role("button", name="Reset").click()
    assert state(explorable) == first(name)


def test_no_press_of_a_key_is_lost_before_python_is_there(
    explorable: Locator, name: str
) -> None:
    for hand in explorable.locator(".nb-hand:not(.nb-paper)").all():
        again(explorable)
        if not hand.is_visible():
            continue
        hand.focus()
        explorable.page.keyboard.press("ArrowRight")
        moved = state(explorable)
        if moved == first(name):  # it stands at the end, or moves up and down
            continue
        explorable.page.keyboard.press("ArrowRight")
        last = state(explorable) == moved  # the cell at the rim
        back = first(name) if last else moved
        explorable.page.keyboard.press("ArrowLeft")
        assert state(explorable) == back, hand.get_attribute("aria-label")
    again(explorable)
    sliders = explorable.locator(".nb-controls input[type=range]:enabled")
    for slider in sliders.all():
        if not slider.is_visible():
            continue
        least, most, step, value = slider.evaluate(
            "({ min, max, step, value }) => [min, max, step, value].map(Number)"
        )
        key, way = ("ArrowRight", 1) if value + 3 * step <= most else ("ArrowLeft", -1)
        slider.focus()
        for _ in range(3):
            explorable.page.keyboard.press(key)
        expected = max(least, min(most, value + 3 * way * step))
        assert slider.evaluate("(x) => Number(x.value)") == pytest.approx(expected)


def test_the_address_alone_brings_it_into_view(
    explorable: Locator, where: str, name: str
) -> None:
    page = explorable.page
    page.goto("about:blank")
    page.goto(f"{where}#{name}=")
    expect(explorable).to_be_in_viewport()
    awake(explorable)


def test_a_bad_address_gives_the_first_state_and_says_so(
    explorable: Locator, name: str
) -> None:
    bad = ["nonsense", "nowhere:1", "__proto__:1", "%"]
    for key, value in first(name).items():
        wrong = [10**9, None, {}, "x", [], [[]], 1e99, True]
        limits = catalog.module(name).LIMITS.get(key)
        bad += [
            f"{key}:{json.dumps(one)}"
            for one in wrong
            if type(one) is not type(value) and not isinstance(value, str)
        ]
        if isinstance(value, str) and limits:
            bad.append(f"{key}:no-such-choice")
    taken = explorable.evaluate(
        f"(x, hashes) => ({OPEN_ALL})([x, hashes])", [f"#{name}={text}" for text in bad]
    )
    assert taken == []
    assert explorable.locator(HANDLES).first.is_enabled()


def drag_of(explorable: Locator) -> tuple[float, float, float, float]:
    """From where to where the first handle is dragged."""
    handle = explorable.locator(HANDLES).first
    handle.evaluate(AT_REST)
    box = handle.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    if handle.evaluate("(h) => h.matches('input')"):
        return x, y, box["x"] + 0.9 * box["width"], y
    return x, y, x + 34, y - 34


def test_the_mouse_changes_the_state(explorable: Locator, name: str) -> None:
    x, y, to_x, to_y = drag_of(explorable)
    mouse = explorable.page.mouse
    mouse.move(x, y)
    mouse.down()
    mouse.move(to_x, to_y, steps=5)
    mouse.up()
    assert state(explorable) != first(name)


def test_a_finger_changes_the_state_and_the_page_stays(
    touched: Locator, name: str
) -> None:
    page = touched.page
    x, y, to_x, to_y = drag_of(touched)
    scrolled = page.evaluate("scrollY")
    finger = page.context.new_cdp_session(page)
    for step in range(6):
        at = {"x": x + (to_x - x) * step / 5, "y": y + (to_y - y) * step / 5}
        kind = "touchMove" if step else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert state(touched) != first(name)
    assert page.evaluate("scrollY") == scrolled


def test_no_words_lie_over_others(explorable: Locator, touched: Locator) -> None:
    for x in (explorable, touched):
        assert x.evaluate(OVERLAPS) == []
    two = ["the first of two", "the second of two"]  # at one place: that is seen
    explorable.evaluate(PUT_THERE, two)
    assert explorable.evaluate(OVERLAPS) == [" | ".join(two)]
    explorable.evaluate("(x) => x.redraw()")
    assert explorable.evaluate(OVERLAPS) == []


def test_a_sentence_keeps_its_lines_so_that_no_button_comes_and_goes(
    built: Path, site: str, phone: Page
) -> None:
    phone.goto(address(built, site, "network"))
    x = phone.locator('nb-explorable[name="network"]')
    awake(x)
    undo = x.get_by_role("button", name="Undo")

    def below(words: int) -> float:
        x.evaluate("(x, n) => (x.sentence.textContent = 'words '.repeat(n))", words)
        phone.wait_for_timeout(300)
        box = undo.bounding_box()
        assert box
        return float(box["y"] + phone.evaluate("scrollY"))

    few, many = below(1), below(40)
    assert many > few
    assert below(1) == many
    phone.set_viewport_size({"width": 844, "height": 390})  # it was turned
    phone.wait_for_timeout(300)
    lines = "(x) => x.sentence.clientHeight / parseFloat(getComputedStyle(x.sentence).lineHeight)"
    assert x.evaluate(lines) == pytest.approx(2, abs=0.1)


def test_axe_finds_nothing_while_it_runs(
    explorable: Locator, faults: Callable[..., list[str]], name: str
) -> None:
    page = explorable.page
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        explorable.locator(HANDLES).first.focus()
        page.keyboard.press("ArrowRight")
        assert not faults(page, within=f"nb-explorable[name={name}]")


def test_axe_finds_nothing_while_it_runs_on_a_phone(
    touched: Locator,
    faults: Callable[..., list[str]],
    sideways: Callable[[Page], int],
    name: str,
) -> None:
    touched.locator(HANDLES).first.focus()
    touched.page.keyboard.press("ArrowRight")
    assert not faults(touched.page, within=f"nb-explorable[name={name}]")
    assert sideways(touched.page) <= 0


def test_a_phone_shows_cause_and_effect_at_once_and_a_finger_finds_each(
    touched: Locator,
) -> None:
    box = touched.bounding_box()
    header = touched.page.locator(".md-header").bounding_box()
    assert box is not None and header is not None
    assert box["height"] <= 844 - header["height"]
    sizes = touched.evaluate(TARGETS)
    assert sizes and min(sizes) >= 40
    for fold in touched.locator("button[aria-expanded]").all():
        fold.click()
        touched.evaluate(FILL)
        box = touched.bounding_box()
        assert box is not None
        assert box["height"] <= 844 - header["height"], fold.inner_text()
        fold.click()


def test_python_in_the_page_gives_what_the_table_holds(python: Page, name: str) -> None:
    file = json.loads(catalog.file(name))
    base = file["table"]["answer"][0][1]
    expected = [
        {**base, **facts} if function == "answer" else facts
        for function, rows in file["table"].items()
        for _, facts in rows
    ]
    asked = [file["state"], file["table"], f"neuralblog_site.inpage.explorables.{name}"]
    assert python.evaluate(f"(asked) => ({CALL_ALL})(asked)", asked) == expected


def test_what_python_refuses_is_the_reader_s_mistake_and_what_breaks_is_ours(
    site: str, built: Path, browser: Browser
) -> None:
    with alive(browser, address(built, site, "network"), "network", python=True) as x:
        x.page.set_default_timeout(START)
        x.evaluate("(x) => x.call('nothing', {})")
        expect(x.locator(".nb-told")).to_contain_text("our mistake, not yours")
        x.evaluate("(x) => x.call('train', { corners: x.state.corners, seed: -1 })")
        expect(x.locator(".nb-told")).to_have_text("expected non-negative integer")
        expect(x).to_have_class("nb-alive nb-waiting nb-refused")
        x.get_by_role("button", name="Reset").click()
        expect(x).to_have_class("nb-alive")


def test_a_seed_is_trained_and_played(site: str, built: Path, browser: Browser) -> None:
    with alive(browser, address(built, site, "network"), "network", python=True) as x:
        x.page.emulate_media(reduced_motion="reduce")
        trains = x.get_by_role("button", name="New seed, train")
        trains.click()
        expect(x.locator(".nb-tally")).to_contain_text("Won: 0 of 1")
        trains.click()
        expect(x.locator(".nb-tally")).to_contain_text("Won: 1 of 2")
        expect(x.locator(".nb-told")).to_contain_text("All four corners", timeout=START)
        x.get_by_role("button", name="Step", exact=True).click()  # at the end: stays
        expect(x.locator(".nb-told")).to_contain_text("All four corners")


@pytest.mark.parametrize("phone", [False, True])
def test_the_tables_of_another_layer_leave_the_choice_where_it_is(
    site: str, built: Path, browser: Browser, phone: bool
) -> None:
    high = """(x) => x.answers.tables.answer.map(({ given }) => {
      x.go(given);
      return Math.round(x.querySelector(".nb-choice").offsetTop);
    })"""
    where = address(built, site, "windows")
    with alive(browser, where, "windows", phone=phone) as x:
        tops = x.evaluate(high)
        assert max(tops) - min(tops) <= 1


def test_the_boat_is_slid_in_place_of_the_numbers(
    site: str, built: Path, browser: Browser, faults: Callable[..., list[str]]
) -> None:
    with alive(browser, address(built, site, "pooling"), "pooling") as x:
        expect(x.get_by_label("upright edges")).to_be_hidden()
        x.get_by_role("radio", name="a boat").check()
        x.get_by_role("slider", name="shift to the left by").fill("4")
        expect(x.locator(".nb-told")).to_contain_text("Off by: max 49 %, mean 87 %")
        expect(x.get_by_label("upright edges")).to_be_visible()
        expect(x.get_by_role("slider", name="Number 1")).to_be_hidden()
        assert not faults(x.page, within="nb-explorable[name=pooling]")


def test_points_are_put_and_taken_away(
    site: str, built: Path, browser: Browser
) -> None:
    with alive(browser, address(built, site, "points"), "points") as x:
        plane, hands = x.locator(".nb-ground"), x.locator(".nb-ground .nb-hand")
        x.get_by_role("slider", name="step").fill("5")
        assert state(x)["step"] == 50
        box = plane.bounding_box()
        assert box is not None
        plane.click(position={"x": box["width"] / 8, "y": box["height"] * 7 / 8})
        assert state(x)["points"][4] == [-0.25, -0.25, 1]
        assert state(x)["step"] == 0  # it learns anew
        x.get_by_role("radio", name="no").check()
        x.get_by_role("button", name="Add").click()
        assert state(x)["points"][5] == [0.5, 0.5, 0]
        x.get_by_role("button", name="Undo").click()
        x.get_by_role("radio", name="removes").check()
        x.get_by_role("button", name="XOR").click()
        expect(hands).to_have_count(4)
        plane.click(position={"x": box["width"] / 4, "y": box["height"] * 3 / 4})
        expect(hands).to_have_count(3)
        hands.nth(1).focus()
        x.page.keyboard.press("Delete")
        assert state(x)["points"] == [[0, 1, 1], [1, 1, 0]]
        assert x.page.evaluate("document.activeElement.matches('.nb-hand')")
        x.get_by_role("button", name="clear").click()
        expect(hands).to_have_count(0)
        assert state(x)["points"] == []


def test_points_are_parted_while_it_is_played(
    site: str, built: Path, browser: Browser
) -> None:
    with alive(browser, address(built, site, "points"), "points", python=True) as x:
        x.evaluate("(x) => x.go({ ...x.state, seed: 4, units: 8 })")
        expect(x.locator(".nb-told")).to_contain_text("After 0 steps", timeout=START)
        expect(x.locator(".nb-status")).to_have_text("", timeout=START)
        x.get_by_role("button", name="Play").click()
        expect(x.locator(".nb-told")).to_contain_text("After 1,000 steps: 4 of 4")
        x.page.wait_for_function("location.hash.includes('step:1000')")
        x.get_by_role("button", name="Undo").click()  # the whole play is one move
        assert state(x)["step"] == 0


def test_a_digit_behind_a_cell_goes_to_the_paper_and_back_leads_here(
    site: str, built: Path, browser: Browser
) -> None:
    with alive(browser, address(built, site, "confusion"), "confusion") as x:
        x.page.get_by_role("slider", name="The table").press("ArrowUp")
        x.page.wait_for_function("location.hash === '#confusion=at:[8,4]'")
        link = x.locator(".nb-found a")
        expect(link).to_have_count(1)
        digit = str(link.get_attribute("href")).removeprefix("#cnn=index:")
        link.click()
        reader = x.page.locator("nb-explorable[name=cnn]")
        expect(reader.locator(".nb-paper")).to_be_in_viewport()
        assert state(reader)["index"] == int(digit)
        x.page.go_back()
        expect(x.locator(".nb-found")).to_be_in_viewport()
        assert state(x)["at"] == [8, 4]


def test_mistakes_are_counted_until_something_else_is_changed(
    site: str, built: Path, browser: Browser
) -> None:
    with alive(browser, address(built, site, "neurons"), "neurons", python=True) as x:
        happened = x.locator(".nb-tally")
        step = x.get_by_role("button", name="Next mistake")
        for count in (1, 2):
            step.click()
            expect(happened).to_contain_text(f"Mistake {count}:", timeout=START)
        for change in ("Undo", "Reset", "Start at zeros"):
            x.get_by_role("button", name=change).click()
            expect(happened).to_have_text("")
            step.click()
            expect(happened).to_contain_text("Mistake 1:")


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="4"><rect width="4" height="4"/></svg>'
END_PYTHON = """async (live) => {
  const python = await import(new URL(live.replace("live.js", "python.js"), location).href);
  python.end("Python was restarted");
}"""


def test_a_number_is_the_same_wherever_it_stands(
    site: str, built: Path, browser: Browser
) -> None:
    each = """(x, read) => x.answers.tables.answer.map(({ given }) => {
      x.go(given);
      return [x.querySelector(".nb-told").textContent, x.querySelector(read).textContent];
    })"""
    with alive(browser, address(built, site, "cnn"), "cnn") as x:
        for told, share in x.evaluate(each, ".nb-verdict"):
            assert share == "?" or share[1:] in told, (told, share)
    with alive(browser, address(built, site, "images"), "images") as x:
        faces = x.locator(".nb-face.nb-hand")
        spoken = [face.get_attribute("aria-valuetext") for face in faces.all()]
        assert spoken == [x.locator(".nb-sums").inner_text()] * 2


def test_the_kernel_lab_takes_what_the_browser_shows(
    site: str, built: Path, browser: Browser, tmp_path: Path
) -> None:
    from PIL import Image

    turned = Image.Exif()
    turned[0x112] = 6  # held upright, and stored lying
    Image.new("RGB", (400, 200)).save(tmp_path / "turned.jpg", exif=turned)
    Image.new("RGBA", (20, 10)).save(tmp_path / "clear.png")
    Image.new("L", (1, 1)).save(tmp_path / "tiny.png")
    (tmp_path / "half.svg").write_text(SVG)
    (tmp_path / "none.png").write_bytes(b"no picture")
    name = "convolution"
    with alive(browser, address(built, site, name), name, python=True) as x:
        x.page.set_default_timeout(START)
        file, caption = x.locator("input[type=file]"), x.locator("figcaption").nth(1)
        sizes = {"turned.jpg": "40 × 20", "clear.png": "10 × 20", "half.svg": "4 × 8"}
        for picture, size in sizes.items():
            file.set_input_files(tmp_path / picture)
            expect(caption).to_have_text(f"picture {size}", timeout=START)
        assert state(x)["own"] == "8." + 4 * "0000____"
        x.page.wait_for_function(
            "location.hash.includes('own:8.0000')"
        )  # it can be undone
        file.set_input_files(tmp_path / "tiny.png")
        expect(x.locator(".nb-told")).to_contain_text("window is 3 pixels wide")
        x.get_by_role("button", name="Undo").click()
        expect(caption).to_have_text("picture 4 × 8")
        file.set_input_files(tmp_path / "none.png")
        expect(x.locator(".nb-status")).to_contain_text("none.png is not a picture")
        live = x.page.locator("script[src$='live.js']").get_attribute("src")
        x.page.evaluate(END_PYTHON, live)
        x.get_by_role("slider", name="stride").fill("2")
        expect(x.locator("figcaption").last).to_contain_text("answers 1 × 3")
        x.get_by_role("button", name="Sizes and code").click()
        expect(x.locator("pre")).to_contain_text("correlate2d(image, k, stride=2")


def test_the_window_is_dragged_and_stepped(
    site: str, built: Path, browser: Browser
) -> None:
    name = "convolution"
    with alive(browser, address(built, site, name), name) as x:
        face = x.locator(".nb-hand").first
        face.click(position={"x": 180, "y": 180})
        assert state(x)["at"] == [2, 2]
        x.page.keyboard.press("ArrowLeft")
        assert state(x)["at"] == [2, 1]
        x.get_by_role("button", name="Step").click()
        assert state(x)["at"] == [2, 2]
        x.get_by_label("the weight as a number").fill("1.5")
        x.page.keyboard.press("Enter")
        assert state(x)["kernel"][0] == 1.5
        x.get_by_label("kernel", exact=True).select_option("blur")
        assert state(x)["kernel"][0] == 0.0625
        x.get_by_role("button", name="ReLU").click()
        assert state(x)["relu"]
