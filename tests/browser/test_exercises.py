"""An exercise answers in the page: right, not yet with the reason, and no traceback."""

import contextlib
import io
import os
import re
from pathlib import Path
from textwrap import dedent

import pytest
from playwright.sync_api import Browser, Page, expect

from neuralblog_site.inpage.grading import _places, grade
from neuralblog_site.project.places import ROOT
from neuralblog_site.sources.exercises import exercises
from neuralblog_site.sources.snippets import snippets

PART = re.compile(
    r"^ *# your part\n((?! *# was:)[^`]+?)^ *# end of your part", re.MULTILINE
)
FORMS = """async ([module, parts]) => {
  const { form } = await import(new URL(module, location));
  return parts.map(form);
}"""
# Run each as web/exercise.js does; give back how it ended, what is told, and printed.
GRADE = """async (asked) => {
  const told = [];
  for (const code of asked) {
    let printed = "";
    const output = ({ parts }) => parts.forEach(({ text }) => (printed += text));
    const { how, text } = await new Promise((done) =>
      python.run({ code, path: "graded", name: "graded", alts: [] }, { done, output, figure() {}, again() {} }));
    python.reset("graded");
    told.push([how, (text ?? "").match(/NotYet: ([^]*)/)?.[1] ?? text, printed]);
  }
  return told;
}"""
POSTS = sorted(
    path
    for path in ROOT.glob("docs/**/*.md")
    if "# your part" in path.read_text(encoding="utf-8")
)
# It ends at once when it runs for the first time, and later never.
ONCE = """import os
again = os.path.exists("/tmp/again")
open("/tmp/again", "w").close()
while again: pass"""
# What may fool a check by accident: each would pass, or spoil the next one, if it could.
RUSES = (
    ("exit()", "It ends the program before the check has run."),
    ("w, b = [-1, -1], 2.5; Neuron = lambda w, b: lambda x: sum(x) < 2", "1, 1 should"),
    ("import neuralblog; w, b = [1, 1], 0; neuralblog.Neuron = None", "0, 0 should be"),
    ("w, b = [1, 1], 0; del Neuron, w", "w is missing: your part has to define it."),
    ("assert False", "AssertionError"),
)


def test_an_exercise_is_graded(browser: Browser, site: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site}neurons/")
    page.locator("details.success").first.scroll_into_view_if_needed()
    exercise = page.locator(".nb-exercise").first
    answer, said = exercise.get_by_role("textbox"), exercise.get_by_role("status")
    check = exercise.get_by_role("button", name="Check")
    check.click()
    expect(said).to_have_text("Write your part in place of the dots.")
    answer.fill("while True: pass")
    answer.press("Shift+Enter")
    expect(said).to_have_text("Checking …", timeout=60_000)
    exercise.get_by_role("button", name="Stop").click()
    expect(said).to_have_text("Stopped.")
    for given, told in (
        (
            "w, b = [-1, -1], 0.5",
            "Not yet. 0, 1 should be 1: b + w2 must be above 0.",
        ),
        (
            "w = nothing",
            "Not yet. The name nothing is not known: is it misspelled, or without its quotes or `np.`?",
        ),
        ("w, b = [-1, -1], 1.5", "Right."),
        ("w = [-1, -1]", "Not yet. b is missing: your part has to define it."),
    ):
        answer.fill(given)
        check.click()
        expect(said).to_have_text(told, timeout=60_000)
    for given, told in RUSES:
        answer.fill(given)
        check.click()
        expect(said).to_contain_text(f"Not yet. {told}", timeout=60_000)
    # what the answer printed and drew is shown, whether it is right or not
    printed, drawn = exercise.locator(".nb-output"), exercise.locator(".nb-figure svg")
    answer.fill(
        "import matplotlib.pyplot as plt\nprint('sum', -1)\nplt.plot([1, 2])\nw, b = [-1, -1], 0.5"
    )
    check.click()
    expect(said).to_contain_text("Not yet. 0, 1 should be 1", timeout=60_000)
    expect(printed).to_have_text("sum -1\n")
    expect(drawn).to_have_count(1)
    answer.fill("w, b = [-1, -1], 1.5")
    check.click()
    expect(said).to_have_text("Right.", timeout=60_000)
    expect(printed.or_(drawn)).to_have_count(0)
    # the second run, which finds out why, can be stopped as well
    answer.fill(ONCE)
    check.click()
    expect(said).to_have_text("Checking …")
    page.wait_for_timeout(5000)  # by then it is the second
    exercise.get_by_role("button", name="Stop").click()
    expect(said).to_have_text("Stopped.")
    page.goto(f"{site}museum/")
    page.locator("details.success").first.scroll_into_view_if_needed()
    exhibit = page.locator(".nb-exercise").first
    answer, said = exhibit.get_by_role("textbox"), exhibit.get_by_role("status")
    expect(said).to_have_text("This is wrong. Check it to hear how, then mend it.")
    assert answer.input_value().endswith(">= 0)")
    exhibit.get_by_role("button", name="Check").click()
    expect(said).to_contain_text(
        "Not yet. The check says: gradients differ by", timeout=60_000
    )
    answer.fill(answer.input_value().replace(">=", ">"))
    answer.press("Shift+Enter")
    expect(said).to_have_text("Right.", timeout=60_000)
    page.goto(f"{site}path/")
    expect(page.locator(".nb-done")).to_have_text(["✓ 1 solved", "✓ 1 solved"])
    page.get_by_role("button", name="Forget").click()
    expect(page.locator(".nb-done")).to_have_count(0)
    context.close()


def test_hints_come_one_by_one_and_a_choice_is_answered(
    browser: Browser, site: str
) -> None:
    page = browser.new_page()
    page.goto(f"{site}neurons/")
    first = page.locator("details.tip:has(+ details.tip)").first
    second = page.locator("details.tip + details.tip").first
    first.scroll_into_view_if_needed()
    expect(second).to_be_hidden()
    first.locator("summary").click()
    expect(second).to_be_visible()
    question = page.locator(".nb-check").first
    question.scroll_into_view_if_needed()
    wrong = question.locator(".nb-wrong").first
    wrong.get_by_role("button").click()
    expect(wrong.locator(".nb-reply")).to_be_visible()
    expect(question.locator(".nb-right .nb-reply")).to_be_hidden()
    question.locator(".nb-right").get_by_role("button").click()
    expect(question.get_by_role("status")).to_have_text("Right.")
    expect(question.get_by_role("button")).to_have_count(0)
    page.close()


def test_the_box_says_what_an_answer_defines(site: str, browser: Browser) -> None:
    """By the form of the solution: dots for each value, a head for each function."""
    pages = [path.read_text(encoding="utf-8") for path in ROOT.glob("docs/**/*.md")]
    parts = [dedent(part) for text in pages for part in PART.findall(text)]
    assert len(parts) > 60
    page = browser.new_page()
    page.goto(site)
    live = page.locator("script[src$='live.js']").get_attribute("src") or ""
    made = page.evaluate(FORMS, [live.replace("live.js", "exercise.js"), parts])
    page.close()
    for part, form in zip(parts, made, strict=True):
        assert "..." in form
        assert list(_places(form)) == list(_places(part)), form


@pytest.mark.parametrize("post", POSTS, ids=lambda path: path.stem)
def test_python_in_the_page_grades_as_python_here(python: Page, post: Path) -> None:
    """Its own solution and its wrong answers; of each post one exercise without `SLOW`."""
    text = post.read_text(encoding="utf-8")
    found = list(exercises(snippets(text, post.name), text.split("\n")))
    for each in found if "SLOW" in os.environ else found[:1]:
        answers = [(each.solution, ""), *each.wrong]
        asked = [
            "from neuralblog_site.inpage.grading import grade\n"
            f"grade({each.before!r}, {answer!r}, {each.solution!r}, {each.after!r})"
            for answer, _ in answers
        ]
        here = io.StringIO()
        with contextlib.redirect_stdout(here):
            grade(each.before, each.solution, each.solution, each.after)
        graded = python.evaluate(GRADE, asked)
        assert graded[0] == ["ok", "", here.getvalue()], each.line
        for (answer, message), (how, told, printed) in zip(
            answers[1:], graded[1:], strict=True
        ):
            assert how == "error" and told.startswith(message), (each.line, answer)
            assert not printed, "what the check prints may tell the solution"
