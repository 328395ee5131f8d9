"""How a reader begins and ends: the diagnostic, what was passed, the way; for tests/site."""

import json
import re

import pytest

from tests.site.test_pages import faults
from workbook.course import digest, find_exercises

DIAGNOSTIC = "course/diagnostic.html"
NARROW = {"width": 320, "height": 700}


def respond(page, number, right, sure):
    """Answer question *number* by mouse: the *right* choice or a wrong one, and how sure."""
    box = page.locator(".quiz[data-item]").nth(number)
    kind = "right" if right else "wrong"
    classes = [each.get_attribute("class") for each in box.locator(".quiz-choice").all()]
    at = next(place for place, names in enumerate(classes) if kind in names.split())
    choices, sures = box.locator("fieldset").all()
    choices.get_by_role("radio").nth(at).check()
    sures.get_by_label(sure, exact=True).check()
    return box.locator(".leads a").first.text_content()


def test_diagnostic_leads_to_what_most_is_gained_from(open_page):
    """Sure and wrong comes first, then wrong, then guessed; it is there after a reload."""
    page = open_page(DIAGNOSTIC, reduced_motion="reduce")
    known = respond(page, 0, True, "I am sure")
    guessed = respond(page, 3, True, "a guess")
    wrong = respond(page, 5, False, "I think so")
    sure = respond(page, 8, False, "I am sure")

    page.get_by_role("button", name="Show where to begin").click()
    lessons = page.locator(".result li strong").all_text_contents()
    told = page.locator(".result").inner_text()
    page.reload()
    page.locator(".result h3").first.wait_for()

    assert lessons == [sure, wrong, guessed, known]
    assert page.locator(".result").inner_text() == told
    opened = page.locator(".quiz[data-item]").nth(8)
    assert "(your choice: I am sure)" in opened.locator("details[open]").first.inner_text()
    assert opened.get_by_role("radio").count() == 0
    assert page.locator(".quiz[data-item]").nth(1).get_by_role("radio").count() == 6
    assert list(faults(page)) == []


def test_diagnostic_begins_anew(open_page):
    """Begin anew asks first, then forgets every answer, and nothing else of the progress."""
    page = open_page(DIAGNOSTIC)
    respond(page, 0, False, "a guess")
    page.get_by_role("button", name="Show where to begin").click()

    page.get_by_role("button", name="Begin anew").click()
    page.keyboard.press("Escape")
    assert page.locator(".result h3").count() == 1
    page.get_by_role("button", name="Begin anew").click()
    page.get_by_role("dialog").get_by_role("button", name="Begin anew").click()
    page.locator(".result h3").wait_for(state="detached")

    page.reload()
    assert page.locator("input:checked").count() == 0
    assert page.get_by_role("button", name="Begin anew").count() == 0
    assert page.locator(".result").text_content() == ""


def test_diagnostic_is_answered_by_keyboard(open_page):
    """Tab reaches the groups, arrows choose, and the result takes the focus."""
    page = open_page(DIAGNOSTIC, viewport=NARROW)
    first = page.get_by_role("group", name=re.compile("^Question 1 of"))
    first.get_by_role("radio").first.focus()

    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    assert first.get_by_role("radio").nth(1).is_checked()
    assert page.get_by_label("I think so").first.is_checked()
    status = page.locator(".diagnosis [role=status]")
    assert re.match(r"1 of \d+ questions answered\.", status.inner_text())
    page.get_by_role("button", name="Show where to begin").press("Enter")

    assert page.evaluate("document.activeElement.closest('.result') !== null")


def test_diagnostic_that_nobody_answered_says_what_is_lacking(open_page):
    """Without an answer there is nothing to sort, and the page says what it needs."""
    page = open_page(DIAGNOSTIC)

    page.get_by_role("button", name="Show where to begin").click()

    assert "Answer a question first" in page.locator(".diagnosis [role=status]").inner_text()


def test_diagnostic_is_a_list_without_scripts(open_page):
    """Without JavaScript each choice is folded away with its explanation, and so is the lesson."""
    page = open_page(DIAGNOSTIC, java_script_enabled=False)
    box = page.locator(".quiz[data-item]").first

    assert box.get_by_role("radio").count() == 0
    assert box.locator("strong:visible").count() == 0
    for summary in box.locator("summary").all():
        summary.click()
    assert box.locator("strong:visible").all_inner_texts().count("Yes.") == 1
    assert box.locator(".leads a:visible").count() == 2
    assert "Begin with the lessons" in page.locator("main").inner_text()


@pytest.mark.parametrize("text", ['{"schema": 1, "exercises": {}, "diagnostic": 5}',
    '{"schema": 1, "exercises": {}, "diagnostic": {"diagnostic/x": {"choice": -1}}}'])  # fmt: skip
def test_diagnostic_survives_a_strange_document(open_page, text):
    """What an imported document holds under its name may be anything."""
    page = open_page(DIAGNOSTIC)

    page.evaluate("text => localStorage.setItem('causeway:progress', text)", text)
    page.reload()
    respond(page, 0, True, "a guess")

    assert re.match("1 of", page.locator(".diagnosis [role=status]").inner_text())


# What was passed

PASSED = "course/passed.html"


def import_progress(page, tmp_path, **exercises):
    """Import a progress document by the button, as a person does."""
    file = tmp_path / "progress.json"
    file.write_text(json.dumps({"schema": 1, "exercises": exercises, "quizzes": {}}))
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import progress").click()
    chooser.value.set_files(file)
    page.get_by_text("Imported:").wait_for()


def test_passed_exercises_are_shown_and_printed(open_page, tmp_path):
    """What was imported stands in the list: passed, not yet, check again, not begun."""
    first, second, third, fourth, *_ = find_exercises()
    start = {each.id: digest(each.start) for each in (first, second)}
    page = open_page(PASSED, reduced_motion="reduce")
    page.get_by_role("button", name="Print").wait_for()

    import_progress(page, tmp_path, **{
        first.id: {"start": start[first.id], "outcome": "passed", "points": 7, "of": 7},
        second.id: {"start": start[second.id], "outcome": "not_yet", "points": 2, "of": 7},
        third.id: {"start": "sha256:another", "outcome": "passed", "points": 5, "of": 5},
    })  # fmt: skip

    rows = page.locator("main tr:has(td)")
    assert rows.count() == len(find_exercises())
    told = [rows.nth(number).locator("td").nth(1).inner_text() for number in range(4)]
    assert told == ["passed", "not yet", "check again", "not begun"]
    assert rows.nth(1).locator("td").nth(2).inner_text().startswith("2 of ")
    assert page.locator(f"[data-module={fourth.module}]").inner_text().startswith("1 of ")
    assert list(faults(page)) == []
    page.emulate_media(media="print", color_scheme="dark")
    assert page.get_by_role("button").count() == 0
    assert page.get_by_text("As this browser knew it on").is_visible()
    ink = page.evaluate("getComputedStyle(document.querySelector('main p')).color")
    assert sum(map(int, re.findall(r"\d+", ink)[:3])) < 382


def test_page_of_what_was_passed_is_reached_by_keyboard(open_page):
    """Tab leads to Print, which prints; each exercise is a link."""
    page = open_page(PASSED)
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="Print").wait_for()

    page.get_by_role("button", name="Import progress").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.title() == "printed"
    assert page.locator("main tr a").count() == len(find_exercises())


def test_passed_exercises_are_ticked_by_hand_without_scripts(open_page):
    """Without JavaScript each exercise has an empty box, and the page says what it is for."""
    page = open_page(PASSED, java_script_enabled=False)

    assert page.locator("main tr:has(td)").count() == len(find_exercises())
    assert set(page.locator(".state-of").all_inner_texts()) == {"□"}
    assert "tick what you passed" in page.locator("main").inner_text()


# The way


def test_way_is_a_picture_and_the_same_in_words(open_page):
    """The picture has a row for each module of the list, and is described."""
    page = open_page("course/way.html", viewport=NARROW)
    modules = page.locator("main ol strong").all_inner_texts()

    assert page.get_by_role("img", name="The modules").is_visible()
    rows = page.locator(".way text").all_text_contents()
    assert [re.sub(r"^\d (.*) \S+ h$", r"\1", row) for row in rows] == modules
    assert page.locator(".way .arc").count() >= len(modules) - 2
