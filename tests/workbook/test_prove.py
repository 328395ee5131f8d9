"""An exercise is proven only where start, reference, wrong and right answers do as declared."""

import re

import pytest

from workbook import judge, prove
from workbook.course import CourseError, find_exercise, find_exercises
from workbook.process import in_subprocess

ANSWERS = "tests/m1_crossing/toll/answers.toml"
START = "exercises/m1_crossing/toll/toll.py"
REFERENCE = "solutions/m1_crossing/toll/toll.py"
WRONG = "tests/m1_crossing/toll/wrong/free_for_nobody/toll.py"
RIGHT = "tests/m1_crossing/toll/right/conditional_expression/toll.py"

# What is broken: the file, what stands there and what comes in its place; then which answer of
# which kind shows it, and what is said.
BROKEN = {
    "start passes a check it should not": (
        START, "return axles", "return None if axles <= 0 else axles", "start", "",
        "Refused by ['test_tariff_is_told'], declared in answers.toml: refused_by = "
        "['test_nobody_pays_nothing', 'test_tariff_is_told'].",
    ),
    "start fails a check it should not": (
        START, r"\* 150", "* 15", "start", "",
        "Refused by ['test_each_axle_is_charged', 'test_nobody_pays_nothing', 'test_tariff_is_told'"
        "], declared in answers.toml: refused_by = ['test_nobody_pays_nothing', 'test_tariff_is_to",
    ),
    "start crashes": (
        START, "def toll", "dif toll", "start", "",
        "test_nobody_pays_nothing fails without a question: toll.py, line 4: this is not valid",
    ),
    "start declares nothing": (
        ANSWERS, r"\[start\]\nrefused_by = .*", "", "start", "",
        "Refused by ['test_nobody_pays_nothing', 'test_tariff_is_told'], declared in answers.toml:"
        " refused_by = [].",
    ),
    "wrong is refused by other checks": (
        WRONG, r"\* 150", "* 15", "wrong", "free_for_nobody",
        "Refused by ['test_each_axle_is_charged', 'test_nobody_pays_nothing'], declared",
    ),
    "wrong is refused by none": (
        WRONG, r"max\(axles, 0\) \* 150", "axles * 150 if axles > 0 else None", "wrong",
        "free_for_nobody", "No check refuses it.",
    ),
    "wrong is shown another check first": (
        ANSWERS, r'"test_nobody_pays_nothing", "test_tariff_is_told"',
        '"test_tariff_is_told", "test_nobody_pays_nothing"', "start", "",
        "test_nobody_pays_nothing is shown first, declared is test_tariff_is_told.",
    ),
    "wrong is asked another question first": (
        ANSWERS, "Is a toll of 0 pence", "Whom does the booth", "wrong", "free_for_nobody",
        "Asked first: 'Is a toll of 0 pence the toll of nobody?'; declared: 'Whom does the booth'.",
    ),
    "wrong declares no question": (
        ANSWERS, r"advice = .*", "", "wrong", "free_for_nobody",
        "Asked first: 'Is a toll of 0 pence the toll of nobody?'; declared: None.",
    ),
    "wrong has no misconception": (
        ANSWERS, r"misconception = .*", "", "wrong", "free_for_nobody",
        "answers.toml gives it no misconception: say what whoever answers this believes.",
    ),
    "right is refused": (
        RIGHT, "else None", "else 0", "right", "conditional_expression",
        "Refused by test_nobody_pays_nothing: toll(0) gave 0, expected None.",
    ),
    "right has no note": (
        ANSWERS, r"note = .*", "", "right", "conditional_expression",
        "answers.toml gives it no note: say in what way it is another answer.",
    ),
    "right leaves out what is not there": (
        ANSWERS, r"note = .*", 'note = "One."\nwithout = ["sign.txt"]', "right",
        "conditional_expression", "The fixture cannot be read: KeyError 'sign.txt'.",
    ),
    "reference is refused": (
        REFERENCE, "150$", "149", "reference", "",
        "Refused by test_each_axle_is_charged: toll(1) gave 149, expected 150.",
    ),
    "grader breaks": (
        "tests/m1_crossing/test_toll.py", "assert pence == 150", "assert pence / 0", "reference",
        "",
        "test_tariff_is_told broke: The grader failed with ZeroDivisionError",
    ),
    "grader has no message": (
        "tests/m1_crossing/test_toll.py", r"assert rest == .*\n    assert pence == 150, .*",
        "assert not pence < 150", "start", "",
        "test_tariff_is_told has no message of its own, only: assert not 15 < 150",
    ),
    "grader has no hint": (
        "tests/m1_crossing/test_toll.py", r"@pytest.mark.hint\(\"Which of the four.*\n", "",
        "start", "", "test_tariff_is_told fails without a question: tariff.toml says 15 pence",
    ),
}  # fmt: skip


def in_the_open(exercise, taken):
    """Judge without walls and in this process, as fast as a hundred broken courses want it."""
    return judge.judged(exercise, taken, in_subprocess)


@pytest.mark.parametrize("name", BROKEN)
def test_fault_is_found_and_named(name, broken_course):
    """Whatever way an exercise is broken, the answer that shows it says so."""
    file, old, new, kind, answer, told = BROKEN[name]
    path = broken_course / file
    text, count = re.subn(old, new, path.read_text(), flags=re.MULTILINE)
    assert count == 1, "the test breaks nothing"
    path.write_text(text)

    proof = prove.prove_one((find_exercise("toll", broken_course), kind, answer), in_the_open)

    assert any(fault.startswith(told) for fault in proof.faults), proof.faults


def test_command_shows_a_table(at_small_course, run):
    """Every exercise stands in the table with its start, reference, wrong and right answers."""
    done = run("prove", "--workers", "1")

    rows = [line.split() for line in done.stdout.splitlines() if line.startswith("m1_crossing/")]
    assert [row[0].partition("/")[2] for row in rows] == ["toll", "sign", "project"]
    assert all("fails as declared passes 1/1 1/1" in " ".join(row) for row in rows)
    assert "3 of 3 exercises proven." in done.stdout
    assert done.exit_code == 0


def test_command_ends_with_1_where_something_is_not_proven(broken_course, run, monkeypatch):
    """A planted wrong reference is named, and the exit code is red."""
    sign = find_exercise("sign", broken_course)
    (broken_course / "solutions" / sign.files_at / "sign.txt").write_text("SHUTT\n")
    (broken_course / "tests" / "m1_crossing" / "sign" / "wrong" / "closed" / "sign.txt").unlink()

    for function in (find_exercises, find_exercise):
        monkeypatch.setattr(function, "__defaults__", (broken_course,))

    done = run("prove", "sign", "--workers", "1")

    told = done.stdout
    assert done.exit_code == 1
    assert "m1_crossing/sign  fails as declared  NO " in told
    assert "m1_crossing/sign: reference\n" in told
    assert "Refused by test_sign_says_shut: sign.txt says SHUTT, expected SHUT." in told
    assert "0 of 1 exercises proven." in told


def test_nothing_is_not_proven():
    """An empty course is no proof."""
    assert not prove.prove([], workers=1)


def test_answers_that_are_no_toml_are_told(broken_course):
    """An author's mistake in answers.toml is named with its line."""
    (broken_course / ANSWERS).write_text("[start\n")

    with pytest.raises(CourseError, match=r"answers\.toml is not valid TOML: .*line 1"):
        prove.prove(find_exercises(broken_course), workers=1)
