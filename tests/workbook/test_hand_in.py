"""What is handed in is what is graded: no more, no less, and the learner knows what it lacks."""

import os
import shutil
import zipfile
from itertools import product
from pathlib import Path

import pytest

from workbook import course, hand_in, release
from workbook.archive import unpacked
from workbook.batch import grade_batch
from workbook.course import CourseError
from workbook.folder import LearnerFolder
from workbook.gradebook import Gradebook

TOLL = "exercises/m1_crossing/toll"
SIGN = "exercises/m1_crossing/sign/sign.txt"
ALL = [f"{TOLL}/{name}" for name in ("hours.yaml", "sign.json", "tariff.toml", "toll.py")]


def solve(mine, *names):
    """Put the reference of each exercise into the learner's folder."""
    for name in names:
        exercise = course.find_exercise(name)
        for file, content in exercise.finished.items():
            path = mine.path / "exercises" / exercise.files_at / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def lacks(mine):
    """Give what each exercise lacks, by its short name."""
    found = hand_in.collect(mine, course.find_exercises()).lacks
    return {name.partition("/")[2]: what for name, what in found.items()}


def test_all_passed_is_done(mine, run):
    """Three exercises solved and checked: one archive, nothing is missing, exit code 0."""
    solve(mine, "toll", "sign", "project")
    run("check")

    done = run("hand-in", "--name", "Ada Lovelace")

    assert done.exit_code == 0, done.output
    where = mine.path / "Ada Lovelace.zip"
    size = f"{where.stat().st_size / 1000:.0f} kB"
    assert done.stdout == f"Passed: 3 of 3 exercises. Wrote {where}: 9 files, {size}.\n"
    with zipfile.ZipFile(where) as archive:
        project = [f"exercises/my-devops-project/{name}" for name in
                   course.find_exercise("project").graded]  # fmt: skip
        assert archive.namelist() == sorted([*ALL, SIGN, *project])
        assert archive.testzip() is None


def test_what_is_missing_is_told(mine, run):
    """Each reason stands once, with the exercises it is true of, and the rest is packed."""
    solve(mine, "sign")
    run("check", "sign")
    (mine.path / TOLL / "toll.py").unlink()

    done = run("hand-in", "--name", "ada")

    assert done.exit_code == 1
    assert done.stdout.split()[:2] == ["missing", "exercises"]
    told = " ".join(done.stdout.split())
    assert "toll.py is missing. `workbook reset` brings the start back. m1_crossing/toll" in told
    assert "not begun m1_crossing/project" in told
    assert "Passed: 1 of 3 exercises." in told
    with zipfile.ZipFile(mine.path / "ada.zip") as archive:
        assert f"{TOLL}/toll.py" not in archive.namelist()
        assert SIGN in archive.namelist()


def test_each_thing_that_may_be_missing(mine, run):
    """Not begun, never checked, not passed, passed, changed since, the exercise changed."""
    assert lacks(mine)["toll"] == "not begun"
    toll = mine.path / TOLL / "toll.py"

    toll.write_text(toll.read_text() + "\n")
    assert lacks(mine)["toll"] == "never checked"
    run("check", "toll")
    assert lacks(mine)["toll"] == "not passed by the last check"
    solve(mine, "toll")
    assert lacks(mine)["toll"] == "changed since the last check"
    run("check", "toll")
    assert lacks(mine)["toll"] == ""
    progress = mine.progress()
    progress["exercises"]["m1_crossing/toll"]["start"] = "sha256:of another"
    mine.save(progress)
    assert lacks(mine)["toll"] == "the exercise has changed since the last check"
    toll.write_text("def toll(:\n")
    assert lacks(mine)["toll"] == "toll.py, line 1: this is not valid Python."
    mine.save({**progress, "exercises": {"m1_crossing/toll": {"hints": {}}}})
    solve(mine, "toll")
    assert lacks(mine)["toll"] == "never checked"


def test_a_whole_module_is_named_once():
    """A module that lacks one thing throughout is a line; its exercises are, where they differ."""
    lacks = {"m1/a": "", "m1/b": "not begun", "m2/a": "not begun", "m2/b": "not begun",
             "m3/a": "not begun", "m4/a": "not begun", "m4/b": "never checked"}  # fmt: skip

    assert hand_in.named(lacks, "not begun") == ["m1/b", "m2: all 2", "m3/a", "m4/a"]
    assert hand_in.named(lacks, "never checked") == ["m4/b"]


def test_only_what_is_graded_is_packed(mine, run):
    """A learner's own files, links, caches and what is outside stay out, and are told."""
    for name in (
        "conftest.py",
        "notes.md",
        "__pycache__/x.pyc",
        "a/b.txt",
        "c [red].txt",
        "d",
        "e",
    ):
        (mine.path / TOLL / name).parent.mkdir(exist_ok=True)
        (mine.path / TOLL / name).write_text("x")
    with open(os.fsencode(mine.path / TOLL) + b"/\xff.txt", "w"):
        pass
    (mine.path / TOLL / "toll.py").unlink()
    (mine.path / TOLL / "toll.py").symlink_to("/etc/passwd")

    done = run("hand-in", "--name", "ada")

    told = " ".join(done.stdout.split())
    names = ["\\xff.txt", "a/b.txt", "c [red].txt", "conftest.py", "d"]
    assert f"left out: {', '.join(f'{TOLL}/{name}' for name in names)} and 3 more." in told
    found = hand_in.collect(mine, course.find_exercises()).left_out
    assert found[5:] == [f"{TOLL}/e", f"{TOLL}/notes.md", f"{TOLL}/toll.py"]
    with zipfile.ZipFile(mine.path / "ada.zip") as archive:
        assert {name.rpartition("/")[2] for name in archive.namelist()} == {
            "README.md", "hours.yaml", "old.cfg", "requirements.txt", "sign.json", "sign.txt",
            "tariff.toml"}  # fmt: skip


def test_equal_files_give_equal_bytes(mine, monkeypatch):
    """Neither the time nor the rights nor the order of files is in the archive."""
    first = hand_in.archive(hand_in.collect(mine, course.find_exercises()).files)
    for path in (mine.path / "exercises").rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o755)
    monkeypatch.setenv("TZ", "Asia/Tokyo")

    found = hand_in.collect(mine, course.find_exercises()[::-1]).files
    second = hand_in.archive(dict(reversed(found.items())))

    assert first == second


def as_it_is(code):
    pass


def with_a_mark(code):
    code.write_bytes(b"\xef\xbb\xbf" + code.read_bytes())


def malformed(code):
    code.write_text("def toll(:\n")


def missing(code):
    code.unlink()


def a_link(code):
    code.rename(code.with_name("elsewhere.py"))
    code.symlink_to("elsewhere.py")


def test_grading_the_archive_gives_the_verdicts_of_the_folder(mine, tmp_path):
    """Whether right or wrong, each check of the archive says what it says of the folder."""
    solve(mine, "toll")
    submissions, exercises = tmp_path / "submissions", course.find_exercises()
    ways = (as_it_is, with_a_mark, malformed, missing, a_link)
    for way in ways:
        theirs = Path(shutil.copytree(mine.path, submissions / f"{way.__name__}.folder"))
        way(theirs / TOLL / "toll.py")
        packed = hand_in.collect(LearnerFolder(theirs), exercises)
        hand_in.write(submissions / f"{way.__name__}.packed.zip", hand_in.archive(packed.files))

    grade_batch(submissions, tmp_path / "grades", exercises[0].root, only="m1", trusted=True)

    with Gradebook(tmp_path / "grades") as book:
        found = {(entry.student, entry.exercise): entry for entry in book.standing()}
        assert not any(note for _, note in book.students())
    assert len(found) == 2 * len(ways) * len(exercises)
    for way, each in product(ways, exercises):
        folder, archive = (
            found[f"{way.__name__}.{kind}", each.id] for kind in ("folder", "packed")
        )
        assert folder.outcome == archive.outcome
        if (way, each.name) != (a_link, "toll"):  # the folder alone can tell of a link
            assert folder.document == archive.document
    outcomes = [found[f"{way.__name__}.packed", "m1_crossing/toll"].outcome for way in ways]
    assert outcomes == ["passed", "passed", "not_yet", "not_yet", "not_yet"]


def test_what_is_no_submission_is_named(at_small_course, run, tmp_path):
    """A file that grading cannot look into is told, so that nobody is graded by nothing."""
    submissions = tmp_path / "submissions"
    submissions.mkdir()
    for name in ("ada.rar", "notes.txt", ".hidden"):
        (submissions / name).write_text("x")

    done = run("grade", str(submissions), "--out", str(tmp_path / "grades"), "--trusted")

    assert "grades: no submission." in done.stdout
    assert "folder, .zip nor .tar.gz: ada.rar, notes.txt.\n" in done.stdout
    assert "Next:" not in done.stdout


def test_a_folder_that_cannot_be_read_is_told(mine, monkeypatch):
    """Rights that are not there end in words, not in a traceback."""
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may read all

    with pytest.raises(CourseError, match="There is nothing to hand in"):
        hand_in.collect(mine, course.find_exercises())


def test_archive_is_a_submission(mine, tmp_path):
    """Unpacked as grading unpacks it, nothing of it is refused."""
    content = hand_in.archive(hand_in.collect(mine, course.find_exercises()).files)
    hand_in.write(tmp_path / "ada.zip", content)

    with unpacked(tmp_path / "ada.zip") as (there, refused):
        assert (there / SIGN).is_file()
    assert refused == {}


def test_an_archive_is_not_replaced_without_a_word(mine, run):
    """What is there is asked about, unless the answer was given before."""
    there = mine.path / "ada.zip"
    run("hand-in", "--name", "ada")
    first = there.read_bytes()
    solve(mine, "toll")

    refused = run("hand-in", "--name", "ada", answer="n\n")
    assert refused.exit_code == 1
    assert "ada.zip is there already. Replace it?" in refused.stdout
    assert there.read_bytes() == first

    run("hand-in", "--name", "ada", "--yes")
    assert there.read_bytes() != first


def test_the_name_is_asked_for(mine, run, monkeypatch):
    """The user's is proposed; without an answer nothing is written."""
    monkeypatch.setenv("USER", "ada")

    proposed = run("hand-in", answer="\n")
    assert "Your name, as your course knows you [ada]: " in proposed.stdout
    assert (mine.path / "ada.zip").is_file()
    run("hand-in", answer="Grace\n")
    assert (mine.path / "Grace.zip").is_file()

    silent = run("hand-in", answer="")
    assert silent.exit_code == 2
    assert "Without a name there is no archive: give it with --name." in silent.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--name", "../ada"], "../ada is a path."),
        (["--name", ".ada"], ".ada.zip will not do"),
        (["--name", ".."], "...zip will not do"),
        (["--name", "a\nb"], "will not do: the archive is called like you, NAME.zip."),
        (["--name", "a" * 300], "cannot be written: File name too long."),
        (["--out", "ada.txt"], "ada.txt will not do"),
        (["--out", "README.md/ada.zip"], "ada.zip cannot be written: File exists."),
        (["--out", "exercises.zip"], "is there, and no file. Name another with --out."),
        (["--out", "a.zip", "--name", "a"], "leave out --name"),
    ],
)
def test_a_name_that_will_not_do_is_told(words, told, mine, run):
    """Nothing is written under it, and it is said what will do."""
    (mine.path / "exercises.zip").mkdir()

    done = run("hand-in", *words)

    assert done.exit_code == 2
    assert told in done.stderr
    assert [path.name for path in mine.path.parent.rglob("*.zip*")] == ["exercises.zip"]


def test_out_says_where(mine, run, tmp_path, monkeypatch):
    """A file elsewhere, named from where the command runs."""
    monkeypatch.chdir(mine.path / TOLL)

    done = run("hand-in", "--out", str(tmp_path / "ada.zip"))
    run("hand-in", "--out", "no/where/here.zip")

    assert f"Wrote {tmp_path / 'ada.zip'}:" in done.stdout
    assert (tmp_path / "ada.zip").read_bytes() == (
        mine.path / TOLL / "no/where/here.zip"
    ).read_bytes()


def test_nothing_to_hand_in_is_told(mine, run):
    """A folder without any graded file makes no archive."""
    shutil.rmtree(mine.path / "exercises")

    done = run("hand-in", "--name", "ada")

    assert done.exit_code == 2
    assert "There is nothing to hand in" in done.stderr
    assert not (mine.path / "ada.zip").exists()


def test_place_needs_no_zip_twice(mine):
    """Whoever says ada.zip for a name means ada."""
    assert hand_in.place(mine, None, "ada.zip") == mine.path / "ada.zip"
    with pytest.raises(CourseError):
        hand_in.place(mine, None, " ")


def test_history_is_packed_where_it_is_judged(mine, monkeypatch):
    """What a commit brought stays visible after the next one took it out."""
    monkeypatch.setattr(course.Exercise, "marked", lambda *_: ("history.diff",))
    solve(mine, "project")
    file = mine.path / "exercises/my-devops-project/src/notes.py"
    file.parent.mkdir(exist_ok=True)
    for text in ("key = 'tide-live-6e0b41d7c95a28f3'\n", "key = None\n"):
        file.write_text(text)
        for words in (("add", "--all"), ("commit", "-q", "-m", "Work")):
            release.git(mine.path, "-c", "user.name=A", "-c", "user.email=a@b.example", *words)

    found = hand_in.collect(mine, course.find_exercises()).files

    told = found["exercises/my-devops-project/history.diff"]
    assert b"+key = 'tide-live-6e0b41d7c95a28f3'" in told
