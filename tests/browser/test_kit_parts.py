"""What the parts of the kit do, each alone on a page."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

OPEN = """async () => {
  const live = document.querySelector("script[src$='live.js']").src;
  window.kit = await import(live.replace("live.js", "kit.js"));
  window.box = kit.element("div", { className: "nb-live" });
  box.style.width = "350px";
  document.querySelector("article").prepend(box);
  window.got = [];
}"""


@pytest.fixture
def page(site: str, browser: Browser) -> Iterator[Page]:
    """A page with the kit, an empty box `box` and a list `got`; shown small numbers."""
    page = browser.new_page(color_scheme="light")
    page.goto(f"{site}glossary/")
    page.evaluate(OPEN)
    yield page
    page.close()


def got(page: Page) -> Any:
    return page.evaluate("got")


def test_a_slider_tells_its_value_beside_it_and_to_a_screen_reader(page: Page) -> None:
    page.evaluate("""() => {
      const made = kit.slider({ label: "rate", limits: [-1, 1, 0.05], set: (v) => { got.push(v); made.show(v); } });
      made.show(-0.5);
      box.append(made);
    }""")
    slider = page.get_by_label("rate")
    shown = page.locator(".nb-slider output")
    expect(shown).to_have_text("−0.50")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert got(page) == [-0.45]
    expect(shown).to_have_text("−0.45")
    expect(slider).to_have_attribute("aria-valuetext", "−0.45")
    page.keyboard.press("End")
    assert got(page)[-1] == 1


def test_a_choice_is_made_by_a_click_and_by_arrow_keys(page: Page) -> None:
    page.evaluate("""() => {
      const made = kit.choice({ label: "unit", options: { relu: "ReLU", tanh: "tanh", step: "step" }, set: (v) => got.push(v) });
      made.show("tanh");
      box.append(made);
    }""")
    group = page.get_by_role("group", name="unit")
    expect(group.get_by_role("radio", checked=True)).to_have_attribute("value", "tanh")
    group.get_by_text("ReLU").click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert got(page) == ["relu", "tanh", "step"]


def test_a_heat_colors_signs_and_leaves_zero_to_the_paper(page: Page) -> None:
    page.evaluate("""() => {
      window.heat = new kit.Heat({ label: "Weights", range: 2 });
      box.append(heat.root);
      heat.show([[0, 2, -1], [9, 0.5, -2]]);
    }""")
    expect(page.get_by_role("img", name="Weights")).to_be_visible()
    pixels = page.evaluate(
        "[...heat.paper.getContext('2d').getImageData(0, 0, 3, 2).data]"
    )
    cells = [pixels[i : i + 4] for i in range(0, 24, 4)]
    assert [cell[3] for cell in cells] == [0, 255, 128, 255, 64, 255]
    more, less = cells[1][:3], cells[5][:3]
    assert cells[3][:3] == more
    assert more[0] > more[2]  # orange
    assert less[2] > less[0]  # blue
    page.evaluate("heat.show([[0, 1], [2, 4]], { range: [0, 4] })")
    grays = page.evaluate(
        "[...heat.paper.getContext('2d').getImageData(0, 0, 2, 2).data]"
    )
    assert grays[::4] == [0, 64, 128, 255]


def test_a_cell_is_picked_by_the_mouse_and_by_arrow_keys(page: Page) -> None:
    page.evaluate("""() => {
      const rows = [[1, 2, 3], [4, 5, -6]];
      const heat = new kit.Heat({ label: "Input", range: 6, pick: (at) => { got.push(at); heat.show(rows, { at }); } });
      box.append(heat.root);
      heat.root.style.width = "300px";
      heat.show(rows, { at: [0, 0] });
    }""")
    face = page.get_by_role("slider", name="Input")
    size = face.bounding_box()
    assert size is not None
    where = {"x": 0.8 * size["width"], "y": 0.8 * size["height"]}
    face.click(position=where)  # type: ignore[arg-type]
    assert got(page) == [[1, 2]]
    expect(page.locator(".nb-number")).to_have_text("row 1, column 2: −6.00")
    expect(face).to_have_attribute("aria-valuetext", "row 1, column 2: −6.00")
    frame = page.locator(".nb-cell").bounding_box()
    assert frame is not None
    assert frame["width"] == pytest.approx(size["width"] / 3, abs=2)
    assert frame["x"] - size["x"] == pytest.approx(size["width"] * 2 / 3, abs=2)
    for key in ("ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert got(page)[1:] == [[0, 2], [0, 1], [0, 0], [0, 0], [0, 0]]


def test_a_graph_carries_values_and_slopes_that_do_not_cover_each_other(
    page: Page,
) -> None:
    page.evaluate("""() => {
      window.graph = new kit.Graph({ label: "A network", columns: [2, 2, 1], width: 350, height: 290 });
      box.append(graph.root);
      graph.show({
        nodes: [[1, 2], [0, 1.25], ["p"]],
        edges: [[[0.5, -0.25], [-0.5, 4]], [["free", -0]]],
        slopes: [[[0, 0], [1.7616, 3.5232]], [["", 1]]],
      });
    }""")
    expect(page.get_by_role("group", name="A network")).to_be_visible()
    nodes = page.locator(".nb-node text").all_text_contents()
    assert nodes == ["1.00", "2.00", "0.00", "1.25", "p"]
    edges = page.locator(".nb-edge")
    texts = [edge.locator("text").all_text_contents() for edge in edges.all()]
    assert texts[:2] == [["0.50", "0.00"], ["−0.25", "0.00"]]
    assert texts[3:] == [["4.00", "3.52"], ["free", ""], ["0.00", "1.00"]]
    dashed = [
        edge.locator(".nb-line").get_attribute("stroke-dasharray") is not None
        for edge in edges.all()
    ]
    assert dashed == [False, True, True, False, False, False]
    width = [
        float(edge.locator(".nb-line").get_attribute("stroke-width") or "nan")
        for edge in edges.all()
    ]
    assert width == pytest.approx([1.85, 1.225, 1.85, 5.6, 0.6, 0.6])
    plates = [edge.locator("rect").bounding_box() for edge in edges.all()]
    for one, other in combinations(plates, 2):
        assert one is not None
        assert other is not None
        apart = (
            abs(one["x"] - other["x"]) >= one["width"]
            or abs(one["y"] - other["y"]) >= one["height"]
        )
        assert apart


def test_what_is_tied_lights_up_and_goes_out(page: Page) -> None:
    page.evaluate("""() => {
      for (const names of ["a", "a b", "b"]) box.append(kit.tie(kit.button(names, () => {}), ...names.split(" ")));
      kit.link(box);
    }""")
    buttons = page.locator(".nb-live button")
    buttons.nth(0).hover()
    lit = ".nb-live .nb-lit"
    assert page.locator(lit).all_inner_texts() == ["a", "a b"]
    buttons.nth(1).focus()
    assert page.locator(lit).all_inner_texts() == ["a", "a b", "b"]
    page.mouse.move(1, 1)
    expect(page.locator(lit)).to_have_count(0)


@pytest.mark.parametrize(("weight", "hit"), [(0.3, True), (0.7, False)])
def test_an_arrow_ends_where_its_plot_does(
    page: Page, weight: float, hit: bool
) -> None:
    assert hit == page.evaluate(
        """(weight) => {
          const plot = new kit.Plot({ label: "A plot", x: [0, 1], y: [0, 1] });
          box.append(plot.root);
          plot.edge({ label: "Edge", className: "nb-weight", step: 0.1, move: () => {} })([0.5, 0.5, weight, 0]);
          plot.root.querySelectorAll(".nb-hand").forEach((hand) => hand.remove());
          plot.root.style.overflow = "visible";
          plot.root.style.pointerEvents = "auto";
          plot.root.querySelector(".nb-arrow").style.pointerEvents = "stroke";
          plot.root.scrollIntoView({ block: "center" });
          const tip = new DOMPoint(plot.X(0.48 + weight), plot.Y(0.5)).matrixTransform(plot.root.getScreenCTM());
          return document.elementFromPoint(tip.x, tip.y).matches(".nb-arrow");
        }""",
        weight,
    )


def test_axes_that_are_drawn_again_replace_the_old_ones(page: Page) -> None:
    page.evaluate("""() => {
      const plot = new kit.Plot({ label: "A plot", x: [0, 1], y: [0, 1] });
      box.append(plot.root);
      plot.axes({ x: "t", xticks: [0, 1], yticks: [1] });
      plot.x = [0, 8];
      plot.axes({ x: "t", xticks: [0, 1.4 - 1, 8], yticks: [0.5] });
    }""")
    texts = page.locator(".nb-plot text").all_text_contents()
    assert sorted(texts) == ["0.0", "0.4", "0.5", "8.0", "t"]
    expect(page.locator(".nb-axis")).to_have_count(1)


def test_the_names_of_axes_have_room_however_small_the_plot_is(page: Page) -> None:
    gaps = page.evaluate("""async () => {
      const gaps = [];
      for (const wide of [300, 150, 90])
        for (const [x, xticks] of [["t", [0, 1]], ["t", []], ["", [0, 1]]]) {
          const [plot, below] = [new kit.Plot({ label: "A plot", x: [0, 1], y: [0, 1] }), kit.element("hr")];
          plot.axes({ x, xticks });
          below.style.margin = "0";
          plot.root.style.width = `${wide}px`;
          box.replaceChildren(plot.root, below);
          for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
          const ends = [...plot.root.querySelectorAll("text")].map((text) => text.getBoundingClientRect().bottom);
          gaps.push(below.getBoundingClientRect().top - Math.max(...ends));
        }
      return gaps;
    }""")
    assert min(gaps) >= -2, gaps  # of a line's height, what lies below its letters


def test_a_slider_can_be_for_something_else(page: Page) -> None:
    page.evaluate("""() => {
      window.made = kit.slider({ label: "weight 0, 0", limits: [-1, 1, 0.5], set: () => {} });
      box.append(made);
      made.rename("weight 0, 1");
    }""")
    slider = page.get_by_role("slider", name="weight 0, 1")
    page.evaluate("made.show(0.5)")
    expect(slider).to_have_attribute("aria-valuetext", "0.5")
    assert page.evaluate("made.words(-1)") == "weight 0, 1 −1.0"
