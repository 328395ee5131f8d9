"""What was done on the site comes into a learner's folder, and nothing there is lost over it."""

import json
import zipfile

import pytest

from workbook import course
from workbook.bring import join

TOLL = "exercises/m1_crossing/toll"
SIGN = "exercises/m1_crossing/sign/sign.txt"
STARTS = {"m1/a": "today"}
PASSED = {"start": "today", "files": "f", "outcome": "passed", "points": 3, "of": 3}
OPEN = {"start": "today", "files": "g", "outcome": "not_yet", "points": 1, "of": 3}


@pytest.fixture
def packed(tmp_path):
    """Make an archive of some files, as the site exports it."""

    def pack(**files):
        path = tmp_path / "my-files.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return str(path)

    return pack


@pytest.fixture
def exported(tmp_path):
    """Write a progress document, as the site exports it."""

    def export(**exercises):
        path = tmp_path / "progress.json"
        path.write_text(json.dumps({"schema": 1, "exercises": exercises, "diagnostic": {"a": 1}}))
        return str(path)

    return export


def test_files_and_progress_come_in(mine, run, packed, exported):
    """A file as it was handed out becomes the site's; passed with it is passed here."""
    toll = course.find_exercise("toll")
    right = toll.finished["toll.py"]
    files = {**toll.start, "toll.py": right}
    entry = {**PASSED, "start": course.digest(toll.start), "files": course.digest(files)}

    done = run("import", packed(**{f"{TOLL}/toll.py": right}), exported(**{toll.id: entry}))

    assert done.exit_code == 0, done.output
    assert "my-files.zip: 1 imported.\n" in done.stdout
    assert (mine.path / TOLL / "toll.py").read_bytes() == right
    assert mine.state(toll, course.digest(toll.start)) == "passed"
    assert mine.progress()["diagnostic"] == {"a": 1}
    again = run("import", packed(**{f"{TOLL}/toll.py": right}))
    assert again.stdout.endswith("my-files.zip: 1 there already.\n")


def test_what_was_changed_here_stays(mine, run, packed):
    """Of a file that was changed in both places the one here is kept, and told."""
    (mine.path / SIGN).write_text("mine\n")
    other = {"exercises/m9_other/x.py": "1", "conftest.py": "1", f"{TOLL}/conftest.py": "1"}

    done = run("import", packed(**{SIGN: "theirs\n", f"{TOLL}/toll.py": "1\n", **other}))

    assert done.exit_code == 1
    assert "1 imported, 1 kept" in done.stdout
    assert f"Kept, as you changed them here too:\n  {SIGN}\n" in done.stdout
    assert (mine.path / SIGN).read_text() == "mine\n"
    assert not (mine.path / TOLL / "conftest.py").exists()


def test_passed_with_other_files_is_told(mine, run, exported):
    """Where only the progress comes, the exercises whose files stayed behind are named."""
    toll = course.find_exercise("toll")

    done = run("import", exported(**{toll.id: {**PASSED, "start": course.digest(toll.start)}}))

    assert done.exit_code == 1
    assert f"Passed, but with other files than stand here:\n  {toll.id}\n" in done.stdout


@pytest.mark.parametrize("content", ["", "{}", '{"schema": 2, "exercises": {}}', "[", "# Notes"])
def test_another_file_is_refused(content, mine, run, tmp_path):
    """What is neither progress nor an archive changes nothing."""
    (tmp_path / "notes.json").write_text(content)
    before = mine.progress_file.read_bytes()

    done = run("import", str(tmp_path / "notes.json"))

    assert done.exit_code == 2
    assert "holds neither progress nor a file of an exercise" in done.stderr
    assert mine.progress_file.read_bytes() == before
    for wrong in (tmp_path, tmp_path / "nowhere"):
        assert "cannot be read" in run("import", str(wrong)).stderr


def test_an_archive_of_something_else_is_refused(mine, run, packed):
    """An archive leads nowhere but into the exercises."""
    done = run("import", packed(**{"../../evil": "1"}))

    assert done.exit_code == 2
    assert "'../../evil' leads out of the folder." in done.stderr


@pytest.mark.parametrize(
    ("mine", "theirs", "better"),
    [
        (OPEN, PASSED, PASSED),
        (PASSED, OPEN, PASSED),
        ({**PASSED, "start": "old"}, OPEN, OPEN),
        (OPEN, {**PASSED, "start": "old"}, OPEN),
        (OPEN, {**OPEN, "points": 2}, {**OPEN, "points": 2}),
        (OPEN, {**OPEN, "points": "many"}, OPEN),
        ({**OPEN, "hints": {"a": 2}}, {**PASSED, "hints": {"a": 1, "b": 3}},
         {**PASSED, "hints": {"a": 2, "b": 3}}),
    ],
)  # fmt: skip
def test_the_better_entry_stays(mine, theirs, better):
    """Of today's exercise before another text's, passed before not, then by points."""
    both = [{"schema": 1, "exercises": {"m1/a": each}, "quizzes": {}} for each in (mine, theirs)]

    assert join(*both, STARTS)["exercises"] == {"m1/a": better}


def test_entries_of_either_side_are_kept():
    """What only one of them knows stays as it is, an exercise of another release too."""
    one = {"schema": 1, "exercises": {"m1/a": OPEN}, "quizzes": {"q": 1, "r": 1}}
    two = {"schema": 1, "exercises": {"m9/z": PASSED}, "quizzes": {"r": 2}, "note": "kept"}

    assert join(one, two, STARTS) == {
        "schema": 1, "exercises": {"m1/a": OPEN, "m9/z": PASSED}, "quizzes": {"q": 1, "r": 2},
        "note": "kept",
    }  # fmt: skip
