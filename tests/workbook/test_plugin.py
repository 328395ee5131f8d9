"""From a grader's checks to a verdict: three outcomes kept apart, and a message for each."""

import pytest

from workbook import course
from workbook.grading import from_folder, grade
from workbook.intake import inspect

ANSWER = b"""
import sys

def answer():
    return 42

def shout():
    print("spoken", file=sys.stderr)
    raise KeyError("tide")
"""


@pytest.fixture
def verdict_of(tmp_path):
    """Grade one answer by a grader of the text given."""

    def verdict_of(grader, answer=ANSWER):
        root = tmp_path / "course"
        for tree in ("exercises", "solutions"):
            (root / tree / "m1_tides" / "ask").mkdir(parents=True)
            (root / tree / "m1_tides" / "ask" / "ask.py").write_bytes(answer)
        (root / "exercises" / "m1_tides" / "ask" / "README.md").write_text("# Ask\n")
        (root / "tests" / "m1_tides").mkdir(parents=True)
        file = root / "tests" / "m1_tides" / "test_ask.py"
        file.write_text(f"import pytest\n\nSETUP = 'import ask'\n\n{grader}")
        [verdict] = grade([course.find_exercise("ask", root)], lambda each: inspect(each.start))
        return verdict

    return verdict_of


def check(body, marks=""):
    """Write one check."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f'{marks}\ndef test_it(submission, advise):\n    """It holds."""\n{lines}'


ASK = "value = submission.evaluate('ask.answer()', setup=SETUP)\n"

# What a check says, its message, and what stands in its detail.
MESSAGES = {
    "==": (ASK + "assert value == 41", "ask.answer() gave 42, expected 41.", ""),
    "is": (ASK + "assert value is None", "ask.answer() gave 42, expected None.", ""),
    "in": (ASK + "assert value in (1, 2)", "ask.answer() gave 42, expected one of (1, 2).", ""),
    "!=": (ASK + "assert value != 42", "ask.answer() gave 42, expected not 42.", ""),
    "is not": (ASK + "assert value is not value", "ask.answer() gave 42, expected not 42.", ""),
    "<": (ASK + "assert value < 40", "ask.answer() gave 42, expected < 40.", ""),
    "a set": (
        ASK + "assert value == {2, 1}",
        "ask.answer() gave 42, expected {1, 2}.",
        "",
    ),
    "an empty set": (ASK + "assert value == set()", "ask.answer() gave 42, expected set().", ""),
    "a long value": (
        "value = submission.evaluate('[ask.answer()] * 200', setup=SETUP)\nassert value == []",
        "[ask.answer()] * 200 gave [" + "42, " * 74 + "...",
        "",
    ),
    "an exception": (
        "value = submission.evaluate('ask.shout()', setup=SETUP)\nassert value == 42",
        "ask.shout() raised KeyError, expected 42.",
        "KeyError: 'tide'",
    ),
    "a value that does not cross": (
        "value = submission.evaluate('ask', setup=SETUP)\nassert value == 42",
        "ask gave a module, which is not plain data, expected 42.",
        "",
    ),
    "a value too large": (
        "value = submission.evaluate('\"x\" * 2_000_000')\nassert value == 42",
        "\"x\" * 2_000_000 gave a value too large to carry, expected 42.",
        "",
    ),
    "an expression over lines": (
        "value = submission.evaluate('''(\n  ask.answer(),\n)''', setup=SETUP)\nassert value == 1",
        "( ask.answer(), ) gave (42,), expected 1.",
        "",
    ),
    "an exit code": (
        "ran = submission.run('python', '-c', 'print(7); exit(3)')\nassert ran.returncode == 0",
        "python -c print(7); exit(3): exit code 3, expected 0.",
        "7\n",
    ),
    "an exit code in": (
        "ran = submission.run('python', '-c', 'exit(3)')\nassert ran.returncode in (0, 1)",
        "python -c exit(3): exit code 3, expected one of (0, 1).",
        "",
    ),
    "words of its own": (
        "found = ['a', 'b']\nassert not found, f'{len(found)} found.\\nThese: {found}'",
        "2 found.",
        "These: ['a', 'b']",
    ),
    "words and a value": (
        ASK + "assert value == 41, 'the tool said this'",
        "ask.answer() gave 42, expected 41.",
        "the tool said this",
    ),
    "no words": ("found = [1]\nassert not found", "assert not [1]", ""),
    "fail": ("pytest.fail('It is under water.')", "It is under water.", ""),
    "a missing file": ("submission.read('sign.txt')", "sign.txt is missing.", ""),
    "an empty reply": (
        "submission.evaluate('__import__(\"os\")._exit(4)')",
        "__import__(\"os\")._exit(4) gave no answer: it ended the process (exit code 4).",
        "",
    ),
    "a signal": (
        "submission.evaluate('os.kill(os.getpid(), 15)', setup='import os')",
        "os.kill(os.getpid(), 15) gave no answer: it ended the process (signal 15).",
        "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MESSAGES)
def test_message_says_what_was_run_what_came_back_and_what_was_expected(name, verdict_of):
    """Each kind of comparison has its own words."""
    body, message, detail = MESSAGES[name]

    [found] = verdict_of(check(body)).checks

    assert found.outcome == "not_yet"
    assert found.points == 0
    assert found.message.startswith(message)
    assert found.detail == detail


# A grader, the outcome it comes to, and how its first check's message begins.
GRADERS = {
    "holds": (check("pass"), "passed", ""),
    "skipped by a marker": (
        check("pass", "@pytest.mark.skip(reason='later')"),
        "not_yet",
        "The check was skipped.",
    ),
    "skipped inside": (check("pytest.skip('later')"), "not_yet", "The check was skipped."),
    "never collected": (check("pass") + "\n\ndel test_it\n", "broken", "No check of the grader"),
    "one of two never collected": (
        check("pass") + '\n\ndel test_it\n\n\ndef test_other():\n    """It holds too."""\n',
        "not_yet",
        "The check did not run.",
    ),
    "extra": (
        check("pass") + "\n\nexec('def test_more(): pass')\n",
        "not_yet",
        "",
    ),
    "no check at all": ("", "broken", None),
    "raises": (
        check("{}['tide']"),
        "broken",
        "The grader failed with KeyError: 'tide' (line 8).",
    ),
    "cannot be imported": ("import nowhere_to_be_found\n" + check("pass"), "broken", "No check of"),
    "needs what is not here": (
        "pytestmark = pytest.mark.needs('tide-gauge')\n" + check("pass"),
        "broken",
        "tide-gauge is not installed here.",
    ),
    "runs what is not here": (
        check("submission.run('tide-gauge')"),
        "broken",
        "tide-gauge is not installed here.",
    ),
    "one case of three fails": (
        "@pytest.mark.points(3)\n@pytest.mark.parametrize('n', [1, 2, 3])\n"
        'def test_it(submission, n):\n    """It holds."""\n    assert n != 2, f"{n} is two."\n',
        "not_yet",
        "2 is two.",
    ),
    "one case breaks after one failed": (
        "@pytest.mark.parametrize('n', [1, 2, 3])\n"
        'def test_it(n):\n    """It holds."""\n    assert n > 1, f"{n}"\n    1 / (n - 2)\n',
        "broken",
        "The grader failed with ZeroDivisionError",
    ),
    "all cases pass": (
        "@pytest.mark.points(3)\n@pytest.mark.parametrize('n', [1, 2, 3])\n"
        'def test_it(submission, n):\n    """It holds."""\n',
        "passed",
        "",
    ),
    "breaks when it is done": (
        "@pytest.fixture\ndef box():\n    yield\n    raise OSError('full')\n\n"
        'def test_it(box):\n    """It holds."""\n',
        "broken",
        "The grader failed with OSError: full",
    ),
}


@pytest.mark.parametrize("name", GRADERS)
def test_three_outcomes_are_kept_apart(name, verdict_of):
    """What the learner has yet to do and what the grader cannot do are never mixed up."""
    grader, outcome, message = GRADERS[name]

    verdict = verdict_of(grader)

    assert verdict.outcome == outcome
    assert verdict.points == (verdict.of if outcome == "passed" else verdict.points) <= verdict.of
    if message is not None:
        assert verdict.checks[0].message.startswith(message)
    if outcome == "broken":
        assert verdict.points == 0
        assert verdict.first_open() in (None, *verdict.checks)


def test_cases_fold_into_their_check(verdict_of):
    """Three cases of one check are one check, with its points once or not at all."""
    [found] = verdict_of(GRADERS["one case of three fails"][0]).checks

    assert (found.id, found.points, found.of) == ("test_it", 0, 3)


def test_grader_that_is_not_loaded_says_why(verdict_of):
    """The detail names what the grader could not import."""
    [found] = verdict_of(GRADERS["cannot be imported"][0]).checks

    assert "nowhere_to_be_found" in found.detail


def test_extra_check_counts_as_not_yet(verdict_of):
    """What the grader does not declare gives no point and keeps the rest from passing."""
    declared, extra = verdict_of(GRADERS["extra"][0]).checks

    assert declared.outcome == "passed"
    assert (extra.id, extra.outcome, extra.of) == ("test_more", "not_yet", 0)
    assert extra.message == "The grader does not declare this."


def test_copy_is_a_graders_to_change(verdict_of):
    """What a grader writes into a copy is asked there, and the submission stays as it is."""
    grader = check(
        "copy = submission.copy()\n"
        "(copy.path / 'ask.py').write_text('def answer():\\n    return 41\\n')\n"
        "mutant = copy.evaluate('ask.answer()', setup=SETUP)\n"
        "assert submission.evaluate('ask.answer()', setup=SETUP) == 42\n"
        "assert mutant == 42"
    )

    [found] = verdict_of(grader).checks

    assert found.message == "ask.answer() gave 41, expected 42."


def test_advice_comes_first_and_only_where_it_holds(verdict_of):
    """The question that recognises the mistake comes before the check's own, in order."""
    grader = check(
        "advise(False, 'Not?')\nadvise(True, 'First?')\nadvise([1], 'Second?')\nassert 0, 'no'",
        "@pytest.mark.hint('Third?', 'Fourth?')",
    )

    [found] = verdict_of(grader).checks

    assert found.questions == ["First?", "Second?", "Third?", "Fourth?"]
    assert found.document()["hints"] == 4


def test_advice_is_forgotten_where_the_check_passes(verdict_of):
    """A check that passes asks nothing."""
    [found] = verdict_of(check("advise(True, 'Why?')", "@pytest.mark.hint('What?')")).checks

    assert (found.outcome, found.questions) == ("passed", [])


def test_advice_of_one_check_stays_with_it(verdict_of):
    """What one check recognised is not asked by the next."""
    second = check("assert 0, 'no'", "@pytest.mark.hint('Own?')").replace("test_it", "test_next")

    first, then = verdict_of(check("advise(True, 'Why?')\nassert 0, 'no'") + second).checks

    assert first.questions == ["Why?"]
    assert then.questions == ["Own?"]


def test_marker_that_is_no_plain_value_is_an_authors_error(verdict_of):
    """Hints and points are read without running the grader, so they stand there as they are."""
    with pytest.raises(course.CourseError, match=r"line 5: pytest.mark.points takes plain values"):
        verdict_of(check("pass", "@pytest.mark.points(1 + int('1'))"))


@pytest.mark.parametrize(
    ("text", "told"), [("def", "line 1: "), (None, "Every exercise is graded by one")]
)
def test_grader_that_is_none_is_an_authors_error(text, told, broken_course):
    """A grader that is missing or no Python is named, with what is wrong."""
    exercise = course.find_exercise("sign", broken_course)
    exercise.grader.unlink() if text is None else exercise.grader.write_text(text)

    with pytest.raises(course.CourseError, match=told):
        _ = exercise.checks


PLAIN = ["pytest", "--disable-plugin-autoload", "-p", "workbook.plugin", "-c", "/dev/null",
         "--import-mode=importlib", "-p", "no:cacheprovider"]  # fmt: skip


def layouts(folder, exercise):
    """Give the three folders that a submission of the exercise may be."""
    return {
        "a learner's folder": folder,
        "its exercises": folder / "exercises",
        "one exercise": folder / "exercises" / exercise.files_at,
    }


@pytest.mark.parametrize("layout", ["a learner's folder", "its exercises", "one exercise"])
def test_plain_pytest_judges_a_folder(layout, toll, small_course, hand_in, python):
    """pytest with --submission judges what is handed in, whole or in part."""
    there = layouts(hand_in({"tariff.toml": "pence = 15\n"}), toll)[layout]
    module = small_course / "tests" / "m1_crossing"

    done = python(*PLAIN, "--rootdir", str(small_course), "--submission", str(there), str(module))

    assert done.returncode == 1, done.stdout + done.stderr
    assert "m1_crossing/toll: not yet, 6 of 7 points" in done.stdout
    assert "tariff.toml says 15 pence, expected 150." in done.stdout
    assert "m1_crossing/sign: not yet, 0 of 1 points" in done.stdout
    assert "There is no folder m1_crossing/sign in what was handed in." in done.stdout


def test_plain_pytest_judges_the_references(small_course, python):
    """Without --submission the graders judge the references, and pass them."""
    done = python(*PLAIN, "--rootdir", str(small_course), str(small_course / "tests"))

    assert done.returncode == 0, done.stdout + done.stderr
    for name, points in (("toll", "7 of 7"), ("sign", "1 of 1"), ("project", "1 of 1")):
        assert f"m1_crossing/{name}: passed, {points} points" in done.stdout


def test_wrong_submission_is_a_usage_error(small_course, python):
    """A folder that is not there is told before anything runs."""
    done = python(*PLAIN, "--submission", "nowhere", str(small_course / "tests"))

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "there is no folder nowhere" in done.stderr
    assert "Traceback" not in done.stderr


def test_grader_that_is_unclear_is_a_usage_error(broken_course, python):
    """Plain pytest tells an author's mistake without a traceback as well."""
    grader = course.find_exercise("sign", broken_course).grader
    grader.write_text(grader.read_text().replace("mark.hint(", "mark.hint(str() + "))

    done = python(*PLAIN, "--rootdir", str(broken_course), str(grader))

    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "test_sign.py, line 6: pytest.mark.hint takes plain values" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


def test_collecting_alone_gives_no_verdict(small_course, python, tmp_path):
    """pytest --collect-only lists the checks and judges nothing."""
    out = tmp_path / "out"

    done = python(*PLAIN, "--rootdir", str(small_course), "--collect-only", "-q",
                  "--verdicts", str(out), str(small_course / "tests"))  # fmt: skip

    assert done.returncode == 0
    assert "test_nobody_pays_nothing" in done.stdout
    assert "verdicts" not in done.stdout
    assert not out.exists()


def test_options_for_pytest_from_outside_are_not_the_judges(monkeypatch, toll, hand_in):
    """What a learner or instructor has set for their own pytest does not change a verdict."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only --no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")

    [verdict] = grade([toll], from_folder(hand_in({})))

    assert verdict.outcome == "passed"


def test_one_broken_grader_does_not_break_the_others(broken_course):
    """Each grader is loaded for itself."""
    exercises = course.find_exercises(broken_course)
    broken = course.find_exercise("sign", broken_course)
    broken.grader.write_text("import nowhere\n\n\ndef test_it():\n    pass\n")

    verdicts = grade(exercises, lambda each: inspect(each.reference))

    outcomes = {
        each.name: verdict.outcome for each, verdict in zip(exercises, verdicts, strict=True)
    }
    assert outcomes == {"toll": "passed", "sign": "broken", "project": "passed"}


def test_nothing_is_left_in_the_temporary_folder(monkeypatch, tmp_path, toll, hand_in):
    """What a check needed is gone when it is done."""
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))

    grade([toll], from_folder(hand_in({})))

    assert not list(place.iterdir())
