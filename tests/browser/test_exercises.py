"""An exercise answers in the page: right, not yet with the reason, and no traceback."""

from playwright.sync_api import Browser, expect


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
    for given, told in (
        (
            "w, b = [-1, -1], 0.5",
            "Not yet. 0, 1 should be 1: b + w2 must be above 0.",
        ),
        ("w = nothing", "Not yet. NameError: name 'nothing' is not defined"),
        ("w, b = [-1, -1], 1.5", "Right."),
        ("w = [-1, -1]", "Not yet. NameError: name 'b' is not defined"),
    ):
        answer.fill(given)
        check.click()
        expect(said).to_have_text(told, timeout=60_000)
    context.close()
