"""What a reader does on a page, by keyboard, and what is left of it without JavaScript."""

import re

import pytest

from workbook.course import find_exercises
from workbook.workbench import SHOWN, short_name

CHAPTER = "course/m1_static_analysis.html"
EXERCISES = find_exercises()
NARROW = {"width": 360, "height": 700}


def focused(page, expression):
    """Give the value of *expression*, in JavaScript, about the element that has the focus: it."""
    return page.evaluate(f"(it => {expression})(document.activeElement)")


def test_skip_link_leads_to_the_content(open_page):
    """The first stop of the Tab key leads past the menu, to the content."""
    page = open_page(CHAPTER)

    page.keyboard.press("Tab")
    assert focused(page, "it.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.url.endswith("#content")
    assert focused(page, "it.closest('main') !== null")


def test_focus_can_be_seen(open_page):
    """Every stop of the Tab key is outlined while it has the focus, or is a tab that is."""
    page = open_page(f"exercises/{EXERCISES[0].id}/README.html", viewport=NARROW)
    seen = 0

    for _ in range(60):
        page.keyboard.press("Tab")
        if focused(page, "it === document.body"):
            break
        style = "getComputedStyle(it.type === 'radio' ? it.nextElementSibling : it)"
        assert focused(page, f"{style}.outlineStyle") == "solid", focused(page, "it.outerHTML")
        assert focused(page, f"parseFloat({style}.outlineWidth)") >= 2
        seen += 1

    assert seen > 10


def test_menu_opens_and_closes(open_page):
    """On a narrow screen Enter opens the menu, Escape closes it and gives the focus back."""
    page = open_page(CHAPTER, viewport=NARROW)
    menu = page.get_by_role("navigation", name="Course")
    assert not menu.is_visible()

    page.get_by_role("button", name="Menu").focus()
    page.keyboard.press("Enter")
    assert menu.is_visible()
    page.keyboard.press("Escape")

    assert not menu.is_visible()
    assert focused(page, "it.textContent") == "Menu"


def test_chosen_appearance_is_kept(open_page):
    """The button changes light to dark, and the next page is dark as well."""
    page = open_page(CHAPTER, color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(paper)

    page.get_by_role("button", name="Dark").press("Enter")
    dark = page.evaluate(paper)
    page.get_by_role("link", name="Causeway", exact=True).first.click()
    page.wait_for_url("**/index.html")
    page.get_by_role("button", name="Light").wait_for()

    assert dark != light
    assert page.evaluate(paper) == dark


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no_scripts"])
def test_quiz_choice_explains_itself(open_page, scripts):
    """Tab reaches each choice of a quiz, and Enter opens its explanation."""
    page = open_page(CHAPTER, java_script_enabled=scripts)
    quiz = page.locator(".quiz").first
    choices = quiz.locator("details")
    assert choices.count() >= 2

    quiz.locator("p").first.click()
    for number in range(choices.count()):
        explanation = choices.nth(number).locator("strong").first
        assert not explanation.is_visible()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        assert explanation.is_visible()
        assert explanation.inner_text() in ("Yes.", "No.")


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.id)
def test_exercise_needs_no_script(open_page, exercise):
    """Without JavaScript an exercise still has its statement, files, checks and how to check."""
    page = open_page(f"exercises/{exercise.id}/README.html", java_script_enabled=False)
    text = " ".join(page.locator("main").inner_text().split()).replace("’", "'")  # noqa: RUF001

    assert page.locator("h1").inner_text().startswith(exercise.title)
    assert f"$ workbook check {short_name(exercise)}" in text
    for check in exercise.checks:
        assert re.sub(r"[`*]", "", check.title) in text
    for name, content in exercise.start.items():
        if len(exercise.start) > SHOWN:
            assert name in text
            continue
        tab = re.compile(rf"^\s*{re.escape(name)}\s*$")
        page.locator(".sd-tab-label", has_text=tab).click()
        shown = page.locator(".sd-tab-content pre:visible").inner_text()
        assert shown.strip("\n") == content.decode().strip("\n")


def test_search_finds_a_page(open_page):
    """A search from the side finds a chapter by a word of its text."""
    page = open_page("index.html")

    page.get_by_role("searchbox").fill("mypy")
    page.keyboard.press("Enter")

    page.locator("#search-results li a").first.wait_for()
    titles = page.locator("#search-results li > a").all_inner_texts()
    assert len(titles) >= 3
