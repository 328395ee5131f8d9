"""The commands in a learner's folder: what they print, remember and end with."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from workbook import course, folder
from workbook.course import CourseError

TOLL = "exercises/m1_crossing/toll"
REPAIRED = "def toll(axles):\n    return axles * 150 if axles > 0 else None\n"


def test_start_makes_a_folder_with_a_first_commit(mine):
    """A learner's folder holds what was handed out, and nothing of the judge's."""
    log = subprocess.run(["git", "log", "--format=%s"], capture_output=True, text=True, check=True)
    status = subprocess.run(
        ["git", "status", "--short"], capture_output=True, text=True, check=True
    )

    assert log.stdout == "Start as handed out\n"
    assert status.stdout == ""
    assert {path.name for path in mine.path.iterdir()} == {
        ".git", ".gitignore", ".release", ".workbook", "README.md", "exercises", "notebooks",
    }  # fmt: skip
    assert (mine.path / TOLL / "README.md").is_file()
    assert "workbook watch" in (mine.path / "README.md").read_text()


def test_start_command_tells_what_to_do_next(at_small_course, run, tmp_path):
    """The command counts what it made and names the next one, for a folder of any name."""
    done = run("start", str(tmp_path / "my [/b] tolls"))

    assert done.exit_code == 0
    told = done.stdout.replace("\n", "")
    assert "my [/b] tolls: 3 exercises, and the notebooks." in told
    assert "then workbook watch" in told


def test_start_leaves_out_what_tools_left_behind(broken_course, tmp_path):
    """Caches of an author's machine are not handed out."""
    cache = broken_course / TOLL / ".ruff_cache"
    cache.mkdir()
    (cache / "x").touch()

    made = folder.start(tmp_path / "mine", broken_course)

    assert not (made.path / TOLL / ".ruff_cache").exists()


def taken(tmp_path, root):
    (tmp_path / "file").touch()
    return tmp_path


def a_file(tmp_path, root):
    (tmp_path / "file").touch()
    return tmp_path / "file"


def below_a_file(tmp_path, root):
    return a_file(tmp_path, root) / "mine"


def inside_the_course(tmp_path, root):
    return root / "mine"


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (taken, "is there already, and not empty."),
        (a_file, "is there already, and not empty."),
        (below_a_file, "cannot be made: Not a directory."),
        (inside_the_course, "is inside the course itself, which stays as it was handed out."),
    ],
)
def test_start_where_it_cannot_is_told(place, told, tmp_path, small_course):
    """A place that will not do is named, with what to do instead; nothing is made there."""
    with pytest.raises(CourseError, match="Name a") as error:
        folder.start(place(tmp_path, small_course), small_course)

    assert told in str(error.value)
    assert not (small_course / "mine").exists()


def test_start_in_an_empty_folder(tmp_path, small_course):
    """An empty folder that is there already will do."""
    assert folder.start(tmp_path, small_course).path == tmp_path


def test_start_without_git_is_told(monkeypatch, tmp_path, small_course):
    """git keeps the start, so it is asked for first."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CourseError, match="git is not installed here"):
        folder.start(tmp_path / "mine", small_course)


def test_start_from_a_git_hook_leaves_that_repository_alone(monkeypatch, tmp_path, small_course):
    """The variables that git sets for its hooks do not send the first commit elsewhere."""
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))

    made = folder.start(tmp_path / "mine", small_course)

    assert (made.path / ".git" / "refs" / "heads" / "main").is_file()
    assert not (other / ".git" / "index").exists()


@pytest.mark.parametrize("words", [["list"], ["check"], ["hint", "toll"], ["reset", "toll"],
                                   ["update"], ["hand-in"]])  # fmt: skip
def test_outside_of_a_learners_folder_is_told(words, at_small_course, tmp_path, monkeypatch, run):
    """Each command says what to make first, on the stream for errors, and ends with 2."""
    monkeypatch.chdir(tmp_path)

    done = run(*words)

    assert done.exit_code == 2
    assert done.stdout == ""
    assert "is not in a folder made by `workbook start`." in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("bridge", "bridge is no exercise of this course. Name one of these:"),
        ("t", None),
        ("m1_crossing/", "m1_crossing/ is no exercise"),
        ("", "means more than one exercise"),
    ],
)
def test_name_is_understood_or_told(name, told, mine, run):
    """A clear beginning is enough; otherwise the exercises to choose from are listed."""
    done = run("hint", name)

    if told is None:
        assert "hint 1 of 3: Is a toll of 0 pence the toll of nobody?" in done.stdout
        return
    assert done.exit_code == 2
    assert "  m1_crossing/sign\n" in done.stderr


def test_a_slip_of_the_finger_is_understood(mine, run):
    """Where a name is like the one that was typed, it alone is proposed."""
    done = run("hint", "tool")

    told = "tool is no exercise of this course. Name one of these:\n  m1_crossing/toll\n"
    assert done.stderr == told


def test_help_lists_the_commands_in_the_order_of_use(run):
    """A learner's first command is the first, and an instructor's come after all of theirs."""
    told = run("--help").stdout.partition("Commands:")[2].splitlines()

    names = [line.split()[0] for line in told if line.strip()]
    assert names[:3] == ["start", "list", "check"]
    assert names.index("hand-in") < names.index("grade") < names.index("export")


def test_check_tells_facts_and_asks_the_first_question(mine, run):
    """An open exercise shows each check, its message and one question, and ends with 1."""
    done = run("check", "toll")

    assert done.exit_code == 1
    assert "· Without a vehicle there is no toll: None.  0 of 3" in done.stdout
    assert "    toll(0) gave 0, expected None." in done.stdout
    assert "✔ Each axle is charged.  2 of 2" in done.stdout
    assert "not yet, 3 of 7 points" in done.stdout
    assert "hint 1 of 3: Is a toll of 0 pence the toll of nobody?" in done.stdout
    assert "The next: workbook hint toll" in done.stdout


def test_check_asks_what_was_asked_last(mine, run):
    """A hint that was shown stays the question of the next check, until there is none after it."""
    for number in (2, 3):
        run("hint", "toll")
        run("hint", "toll")
        done = run("check", "toll")
        assert f"hint {number} of 3: " in done.stdout
    assert "The next: workbook hint" not in done.stdout


def test_check_of_many_is_a_line_each(mine, run):
    """A module's number stands for its exercises, in the order of its chapter."""
    done = run("check", "m1")

    assert [line.split() for line in done.stdout.splitlines()] == [
        ["not", "yet", "3", "of", "7", "m1_crossing/toll"],
        ["not", "yet", "0", "of", "1", "m1_crossing/sign"],
        ["not", "yet", "0", "of", "1", "m1_crossing/project"],
        ["0", "of", "3", "exercises", "passed."],
    ]
    assert done.exit_code == 1


@pytest.mark.parametrize(
    ("inside", "names"),
    [
        (TOLL, ["m1_crossing/toll"]),
        ("exercises/my-devops-project", ["m1_crossing/project"]),
        ("exercises/m1_crossing/project", ["m1_crossing/project"]),
    ],
)
def test_check_without_a_name_means_the_folder_we_are_in(inside, names, mine, run, monkeypatch):
    """Inside an exercise's folder, or the running example's, that exercise is checked."""
    monkeypatch.chdir(mine.path / inside)

    done = run("check", "--json")

    assert [json.loads(done.stdout)["exercise"]] == names


def test_check_passes_and_is_remembered(mine, run):
    """A repaired exercise passes with 0 and stands in the list; a changed one is to check again."""
    (mine.path / TOLL / "toll.py").write_text(REPAIRED)
    (mine.path / TOLL / "tariff.toml").write_text("pence = 150\n")
    (mine.path / TOLL / "hours.yaml").write_text('open: "06:10"\n')

    done = run("check", "toll")

    assert done.exit_code == 0, done.output
    assert "passed, 7 of 7 points" in done.stdout
    progress = json.loads(mine.progress_file.read_text())
    assert progress["schema"] == 1
    assert progress["exercises"]["m1_crossing/toll"]["outcome"] == "passed"
    assert "m1_crossing/toll     7       passed  Charge each axle" in run("list").stdout
    toll = course.find_exercise("toll")
    assert mine.state(toll, "sha256:of another start") == "check again"
    assert "Passed: there is nothing to hint at." in run("hint", "toll").stdout


def test_message_in_brackets_is_shown_as_it_is(mine, run):
    """What a learner's code says is never taken for markup."""
    (mine.path / TOLL / "toll.py").write_text("import a[/b]c\n")
    broken = run("hint", "toll")
    assert "toll.py, line 1: this is not valid Python." in broken.stdout
    assert "There is no hint for that: mend it first" in broken.stdout

    (mine.path / TOLL / "toll.py").write_text("def toll(axles):\n    return '[/bold] [red]'\n")
    assert "toll(1) gave '[/bold] [red]', expected 150." in run("check", "toll").stdout


def test_hints_are_counted(mine, run):
    """Each hint is the next one, the last stays, and the count outlives the commands."""
    first, second, third, last = (run("hint", "toll").stdout for _ in range(4))

    assert "hint 1 of 3: Is a toll of 0 pence" in first
    assert "hint 2 of 3: Whom does the booth charge when nobody is there?" in second
    assert "hint 3 of 3: None: https://docs.python.org/3/" in third
    assert third == last
    hints = json.loads(mine.progress_file.read_text())["exercises"]["m1_crossing/toll"]["hints"]
    assert hints == {"test_nobody_pays_nothing": 3}


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "5", '{"schema": 2, "exercises": {}}', '{"schema": 1, "exercises": []}',
     '{"schema": 1, "exercises": {"m1_crossing/toll": 5}}', "\xff",
     '{"schema": 1, "exercises": {"m1_crossing/toll": {"hints": 3}}}'],
)  # fmt: skip
def test_unreadable_progress_is_set_aside(text, mine, run):
    """A progress document that cannot be read is kept under another name, and work goes on."""
    mine.progress_file.write_text(text, encoding="latin-1")

    first, second = run("list"), run("list")

    assert first.exit_code == 2
    assert "It was kept as .workbook/progress-unreadable-1; progress starts anew." in first.stderr
    kept = mine.path / ".workbook" / "progress-unreadable-1"
    assert kept.read_text(encoding="latin-1") == text
    assert second.exit_code == 0


def test_progress_of_other_readers_is_kept(mine):
    """What the page wrote beside the exercises stays when a verdict is entered."""
    mine.progress_file.write_text('{"schema": 1, "exercises": {}, "quizzes": {"a": true}}')

    mine.hints_shown(course.find_exercise("toll"), "test_it", at_least=1)

    assert mine.progress()["quizzes"] == {"a": True}


def test_reset_keeps_what_was_there(mine, run):
    """Reset brings the start back, asks first, and keeps what differed."""
    file = mine.path / TOLL / "toll.py"
    file.write_text("mine = 1\n")

    refused = run("reset", "toll", answer="n\n")
    assert refused.exit_code == 1
    assert file.read_text() == "mine = 1\n"

    done = run("reset", "toll", "--yes")
    kept = mine.path / ".workbook" / "kept" / "m1_crossing" / "toll-1"
    assert "What you had is in .workbook/kept/m1_crossing/toll-1." in done.stdout.replace("\n", " ")
    assert (kept / "toll.py").read_text() == "mine = 1\n"
    assert [path.name for path in kept.iterdir()] == ["toll.py"]
    assert file.read_bytes() == course.find_exercise("toll").start["toll.py"]

    again = run("reset", "toll", "--yes")
    assert "What you had" not in again.stdout


def a_directory(path):
    path.mkdir()
    (path / "inside").write_text("mine")


def a_link(path):
    path.symlink_to("tariff.toml")


@pytest.mark.parametrize("put", [a_directory, a_link])
def test_reset_moves_aside_what_is_no_file(put, mine, run):
    """A folder or a link in a file's place is kept as well."""
    file = mine.path / TOLL / "toll.py"
    file.unlink()
    put(file)

    assert run("reset", "toll", "--yes").exit_code == 0

    assert file.is_file()
    assert not file.is_symlink()
    assert os.path.lexists(mine.path / ".workbook/kept/m1_crossing/toll-1/toll.py")


def test_reset_moves_aside_what_stands_in_a_folders_place(mine, run):
    """Where a file or a link has taken the place of a folder, that is kept alone."""
    elsewhere = mine.path.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "app.py").write_text("not yours\n")
    (mine.path / "exercises/my-devops-project/src").symlink_to(elsewhere)

    assert run("reset", "project", "--yes").exit_code == 0

    assert not (mine.path / "exercises/my-devops-project/src").exists()
    assert (mine.path / ".workbook/kept/m1_crossing/project-1/src").is_symlink()
    assert (elsewhere / "app.py").read_text() == "not yours\n"


def test_reset_of_a_folder_that_is_gone(mine, run):
    """The running example comes back whole; the learner's own README.md stays theirs."""
    shutil.rmtree(mine.path / "exercises" / "my-devops-project")

    assert run("reset", "project", "--yes").exit_code == 0

    assert (mine.path / "exercises/my-devops-project/old.cfg").is_file()
    assert (mine.path / "README.md").read_text().startswith("# My Causeway workbook")


def test_solution_asks_before_it_shows(mine, run):
    """The reference is shown after a pass or an explicit yes."""
    refused = run("solution", "toll", answer="n\n")
    assert refused.exit_code == 1
    assert "if axles <= 0" not in refused.stdout

    shown = run("solution", "toll", answer="y\n")
    assert "if axles <= 0" in shown.stdout
    assert "hours.yaml" not in shown.stdout  # it is as it was handed out


def test_solution_after_a_pass_is_compared_with_yours(mine, run):
    """Who passed sees what the reference does otherwise."""
    (mine.path / TOLL / "toll.py").write_text(REPAIRED)
    (mine.path / TOLL / "tariff.toml").write_text("pence = 150\n")
    run("check", "toll")

    shown = run("solution", "toll").stdout
    assert "--- yours/toll.py" in shown
    assert "-    return axles * 150 if axles > 0 else None" in shown
    assert "+    if axles <= 0:" in shown

    reference = course.find_exercise("toll").reference["toll.py"]
    (mine.path / TOLL / "toll.py").write_bytes(reference)
    assert "Your files are the reference, to the letter." in run("solution", "toll").stdout


def test_broken_grader_ends_with_2(broken_course, mine, run, monkeypatch):
    """Our own fault has an exit code of its own."""
    grader = broken_course / "tests/m1_crossing/test_toll.py"
    grader.write_text(grader.read_text().replace("assert pence == 150", "assert pence / 0"))
    for function in (course.find_exercises, course.find_exercise):
        monkeypatch.setattr(function, "__defaults__", (broken_course,))

    done = run("check", "toll")

    assert done.exit_code == 2
    assert "! The tariff says 150 pence, beside hours and sign." in done.stdout


@pytest.mark.parametrize(
    ("missing", "words"),
    [("pytest", ["check", "toll"]), ("pytest", ["prove"]), ("watchfiles", ["watch"])],
)
def test_missing_tools_are_told(missing, words, mine, run, monkeypatch):
    """Where only what the site needs is installed, the command says what brings the rest."""
    monkeypatch.setitem(sys.modules, missing, None)  # as if it were not installed
    for name in ("workbook.grading", "workbook.plugin", "workbook.prove", "workbook.watch"):
        monkeypatch.delitem(sys.modules, name, raising=False)

    done = run(*words)

    assert done.exit_code == 2
    assert f"{missing} is not installed here" in done.stderr
    assert "Run `make tools` in the course's folder, then do this again." in done.stderr


def test_defect_of_our_own_is_not_hidden(mine, run, monkeypatch):
    """A module of the tool that is missing is no matter of installing."""
    monkeypatch.setitem(sys.modules, "workbook.prove", None)

    with pytest.raises(ModuleNotFoundError, match="workbook"):
        run("prove")


def test_help_fits_a_screen(run):
    """The help names each command on less than a screen."""
    done = run("--help")

    assert len(done.stdout.splitlines()) <= 24
    for name in ("start", "check", "hint", "reset", "solution", "update", "hand-in", "prove"):
        assert f"  {name} " in done.stdout


def test_real_command_in_a_real_folder(python, tmp_path):
    """In processes of their own: start, list, check and its exit codes, on the course itself."""
    made = python("workbook.cli", "start", "mine")
    assert made.returncode == 0, made.stderr
    there = tmp_path / "mine"

    listed = python("workbook.cli", "list", cwd=there)
    checked = python("workbook.cli", "check", "no_such_exercise", cwd=there)
    watched = python("workbook.cli", "watch", cwd=there)

    for exercise in course.find_exercises():
        assert exercise.id in listed.stdout
    assert checked.returncode == 2
    assert "no_such_exercise is no exercise of this course." in checked.stderr
    assert watched.returncode == 2
    assert "watch needs a terminal to read keys from." in watched.stderr
    assert "Traceback" not in made.stderr + listed.stderr + checked.stderr + watched.stderr
