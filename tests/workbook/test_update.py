"""An update brings what the course changed, and nothing that a learner wrote is ever lost."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from workbook import course, folder, release
from workbook import update as module
from workbook.course import CourseError
from workbook.release import File
from workbook.update import update

TOLL = "exercises/m1_crossing/toll"
CODE = f"{TOLL}/toll.py"
SIGN = "exercises/m1_crossing/sign/sign.txt"
LONG = "".join(f"line {n}\n" for n in range(20))
NOTEBOOK = '{\n "cells": [\n  1,\n  2,\n  3,\n  4\n ]\n}\n'


def git(*words, cwd="."):
    """Run git as a learner would, and give what it prints."""
    done = subprocess.run(["git", *words], cwd=cwd, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def write(root, files):
    """Write *files* below *root*; None removes."""
    for name, content in files.items():
        path = root / name
        if content is None:
            path.unlink()
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode())


def everything(root):
    """Give all files of a learner's folder but git's and the tool's."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] not in (".git", ".workbook")
    }


@pytest.fixture
def old(broken_course):
    """The course as it was handed out: files long enough to be changed in two places."""
    write(broken_course, {
        SIGN: LONG, f"{TOLL}/notes.md": LONG, "notebooks/m1_a.ipynb": NOTEBOOK,
        "exercises/m1_crossing/gone/README.md": "# Gone\n",
        "exercises/m1_crossing/gone/gone.py": LONG,
    })  # fmt: skip
    return broken_course


@pytest.fixture
def new(old, tmp_path):
    """The next release, for a test to change; the folder is made of the one before."""
    return Path(shutil.copytree(old, tmp_path / "next"))


@pytest.fixture
def mine(old, at_small_course, tmp_path, monkeypatch):
    """A learner's folder of the old release, and the current folder."""
    made = folder.start(tmp_path / "mine", old)
    monkeypatch.chdir(made.path)
    return made


@pytest.fixture
def brought(mine, new):
    """Update to the course with *theirs*, the folder with *ours* before; give word and note."""

    def bring(theirs, ours=()):
        write(new, theirs)
        write(mine.path, dict(ours))
        rows, _ = update(mine, new)
        return {row.name: (row.word, row.note) for row in rows}

    return bring


def test_each_file_is_told_what_became_of_it(mine, new, run):
    """One update: each word there is, the files as the words say, and what to check again."""
    write(new, {
        CODE: "def toll(axles):\n    return 7\n", f"{TOLL}/tariff.toml": "pence = 3\n",
        SIGN: LONG.replace("line 2\n", "line two\n"),
        "exercises/m1_crossing/new/README.md": "# N\n",
        "exercises/m1_crossing/gone/README.md": None, "exercises/m1_crossing/gone/gone.py": None,
    })  # fmt: skip
    write(mine.path, {
        f"{TOLL}/tariff.toml": "pence = 2\n", SIGN: LONG.replace("line 18", "line eighteen"),
        f"{TOLL}/notes.md": "mine\n", "exercises/m1_crossing/gone/gone.py": "mine\n",
        "mine.txt": "mine\n",
    })  # fmt: skip
    run("check", "toll")
    progress = mine.progress()
    progress["exercises"]["m1_crossing/toll"]["start"] = "sha256:of another"
    mine.save(progress)

    done = run("update", str(new))

    assert done.exit_code == 1
    assert [line.strip().split(maxsplit=2) for line in done.stdout.splitlines()[:7]] == [
        ["updated", "exercises/m1_crossing/toll/toll.py"],
        ["new", "exercises/m1_crossing/new/README.md"],
        ["removed", "exercises/m1_crossing/gone/README.md"],
        ["kept", "exercises/m1_crossing/gone/gone.py", "the course removed it, you changed it"],
        ["kept", "exercises/m1_crossing/toll/notes.md", "you changed it"],
        ["merged", SIGN],
        ["conflict", f"{TOLL}/tariff.toml", "you and the course changed the same place"],
    ]
    assert "To check again, as they have changed: m1_crossing/toll." in done.stdout
    assert "git checkout workbook/before-1 -- :/" in done.stdout
    assert "git diff --no-index FILE .workbook/new/FILE" in done.stdout
    there = {name: text.decode() for name, text in everything(mine.path).items()}
    assert there[CODE] == "def toll(axles):\n    return 7\n"
    assert there[SIGN] == LONG.replace("line 2\n", "line two\n").replace("line 18", "line eighteen")
    assert there[f"{TOLL}/tariff.toml"] == "pence = 2\n"
    assert there["exercises/m1_crossing/gone/gone.py"] == "mine\n"
    assert "exercises/m1_crossing/gone/README.md" not in there
    assert there["mine.txt"] == "mine\n"
    assert (mine.path / ".workbook/new" / TOLL / "tariff.toml").read_text() == "pence = 3\n"


def test_nothing_new_is_told(mine, run, at_small_course):
    """The release that the files come from changes nothing, whatever the learner wrote."""
    write(mine.path, {CODE: "mine\n"})
    run("update")  # the small course, without what this file's fixture added

    done = run("update")

    assert done.exit_code == 0
    assert done.stdout == "There is nothing new: what you have comes from this very release.\n"
    assert (mine.path / CODE).read_text() == "mine\n"


def test_git_is_left_alone(mine, new, brought):
    """The branch, the index, what is staged and what is untracked stay; only files change."""
    write(mine.path, {"staged.txt": "a\n", "untracked.txt": "b\n"})
    git("add", "staged.txt")
    before = git("log", "--format=%H %D"), git("diff", "--cached"), git("stash", "list")

    brought({SIGN: "new\n"})

    assert (git("log", "--format=%H %D"), git("diff", "--cached"), git("stash", "list")) == before
    assert git("status", "--short").split("\n") == [
        " M .release", " M exercises/m1_crossing/sign/sign.txt", "A  staged.txt",
        "?? untracked.txt", ""]  # fmt: skip


@pytest.mark.parametrize("committed", [True, False])
def test_the_way_back(committed, mine, new, brought):
    """One command brings each file back, committed or not, and the same update can come again."""
    ours = {SIGN: LONG.replace("line 9", "nine"), CODE: "mine\n", "my own.txt": "x\n"}
    write(mine.path, ours)
    if committed:
        git("add", "-A")
        git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "Mine")
    before = everything(mine.path)
    theirs = {SIGN: LONG.replace("line 1\n", "one\n"), CODE: "theirs\n",
              f"{TOLL}/notes.md": None}  # fmt: skip
    first = brought(theirs)
    assert everything(mine.path) != before

    git("checkout", "workbook/before-1", "--", ":/")

    assert everything(mine.path) == before
    again, _ = update(mine, new)
    assert {row.name: row.word for row in again} == {
        name: word for name, (word, _) in first.items()
    }


def test_what_was_before_is_never_written_over(mine, new, brought):
    """Each update has a name of its own for it, also where an earlier one was deleted."""
    for text in ("one\n", "two\n"):
        brought({SIGN: text})
    git("update-ref", "-d", "refs/workbook/before-1")

    for text in ("three\n", "four\n"):
        brought({SIGN: text})

    found = [git("show", f"workbook/before-{n}:{SIGN}") for n in (1, 2, 3)]
    assert found == ["two\n", "one\n", "three\n"]
    with pytest.raises(CourseError, match="git cannot fast-import"):
        release.record(mine.path, "refs/workbook/before-2", {}, "Again")


def test_a_second_release_comes_after_the_first(mine, new, brought):
    """What was merged is the ground for the next merge."""
    one = LONG.replace("line 2\n", "two\n")
    brought({SIGN: one}, {SIGN: LONG.replace("line 18", "mine")})

    found = brought({SIGN: one.replace("line 10", "ten")})

    assert found == {SIGN: ("merged", "")}
    text = (mine.path / SIGN).read_text()
    assert all(word in text for word in ("two\n", "ten\n", "mine\n"))


def test_an_older_release_may_come_back(mine, old, brought):
    """Going from a release to the one before is an update like any other."""
    brought({SIGN: "new\n"})

    rows, _ = update(mine, old)

    assert [(row.name, row.word) for row in rows] == [(SIGN, "updated")]
    assert (mine.path / SIGN).read_text() == LONG


def test_a_conflict_is_told_until_it_is_settled(mine, new, brought, run):
    """The copy is the sign of it: there it is told again, removed it is settled."""
    conflict = (SIGN, "conflict")
    brought({SIGN: "theirs\n"}, {SIGN: "mine\n"})
    copy = mine.path / ".workbook/new" / SIGN

    again = run("update", str(new))
    assert again.exit_code == 1
    assert f"conflict  {SIGN}  it is not settled since the last update" in again.stdout
    assert "git checkout" not in again.stdout
    newer = brought({SIGN: LONG + "newer\n"})
    assert newer[SIGN][0] == "conflict"
    assert copy.read_text() == LONG + "newer\n"
    assert (mine.path / ".workbook/kept" / f"{SIGN}-1").read_text() == "theirs\n"

    copy.unlink()
    rows, _ = update(mine, new)
    assert conflict not in [row[:2] for row in rows]
    assert (mine.path / SIGN).read_text() == "mine\n"


def test_taking_the_courses_settles_a_conflict(mine, new, brought):
    """Where the learner's file is the course's, the copy goes; with it the last of its folder."""
    brought({SIGN: "theirs\n"}, {SIGN: "mine\n"})
    write(mine.path, {SIGN: "theirs\n"})

    assert brought({}) == {}

    assert not (mine.path / ".workbook/new").exists()
    assert update(mine, new) == ([], [])


def test_a_copy_that_was_worked_in_is_kept(mine, new, brought):
    """Whoever merges in the copy itself loses nothing at the next release."""
    brought({SIGN: "theirs\n"}, {SIGN: "mine\n"})
    write(mine.path, {f".workbook/new/{SIGN}": "theirs, and mine\n"})

    brought({SIGN: "theirs, newer\n"})

    assert (mine.path / f".workbook/kept/{SIGN}-1").read_text() == "theirs, and mine\n"
    assert (mine.path / f".workbook/new/{SIGN}").read_text() == "theirs, newer\n"


@pytest.mark.parametrize(
    ("name", "theirs", "ours", "told", "is_now"),
    [
        (SIGN, "theirs\n", None, ("conflict", "you removed it"), None),
        (SIGN, None, "mine\n", ("kept", "the course removed it, you changed it"), "mine\n"),
        (SIGN, LONG, None, ("kept", "you removed it"), None),
        (SIGN, "same\n", "same\n", None, "same\n"),
        (SIGN, LONG + "x\n", LONG.replace("line 1\n", "one\n") + "x\n",
         ("kept", "it has the course's change already"), LONG.replace("line 1\n", "one\n") + "x\n"),
        ("exercises/a.txt", "theirs\n", "mine\n",
         ("conflict", "you and the course each made one"), "mine\n"),
        (SIGN, "\0theirs", "\0mine", ("conflict", "you and the course changed the same place"),
         "\0mine"),
    ],
)  # fmt: skip
def test_of_three_files(name, theirs, ours, told, is_now, mine, brought):
    """Base, ours and theirs, each there or not, have one answer each."""
    found = brought({name: theirs, "exercises/b": "b\n"}, {name: ours})

    assert found.pop("exercises/b") == ("new", "")
    assert found.get(name) == told
    assert (mine.path / name).exists() == (is_now is not None)
    if is_now is not None:
        assert (mine.path / name).read_text() == is_now


def test_a_merge_that_breaks_the_language_is_a_conflict(mine, brought):
    """Lines that merge may still be no Python: then the file stays as the learner left it."""
    lines = [f"a{n} = {n}\n" for n in range(9)]
    write(mine.path, {CODE: "".join(lines)})
    brought({CODE: "".join(lines)})
    ours = "".join([*lines[:4], 'quotes = \'"""\'\n', *lines[4:]])

    found = brought({CODE: '"""\n' + "".join(lines) + '"""\n'}, {CODE: ours})

    assert found == {CODE: ("conflict", "you and the course changed the same place")}
    assert (mine.path / CODE).read_text() == ours


def test_a_notebook_that_was_run_is_merged(mine, brought):
    """Other outputs here and another text there are two places of one notebook."""
    name = "notebooks/m1_a.ipynb"

    found = brought({name: NOTEBOOK.replace("4", "40")}, {name: NOTEBOOK.replace("1", "10")})

    assert found == {name: ("merged", "")}
    assert (mine.path / name).read_text() == NOTEBOOK.replace("4", "40").replace("1", "10")


def test_other_line_endings_stay(mine, brought):
    """An editor that wrote CRLF changed no word: the course's changes come with CRLF."""
    ours = LONG.replace("line 18", "mine").replace("\n", "\r\n")

    found = brought({SIGN: LONG.replace("line 1\n", "one\n")}, {SIGN: ours})

    assert found == {SIGN: ("merged", "")}
    assert (mine.path / SIGN).read_bytes() == ours.replace("line 1\r", "one\r").encode()


def test_a_file_of_both_line_endings_is_not_made_one(mine, brought):
    """Where some lines alone end otherwise, those are the learner's and nothing is written."""
    ours = LONG.replace("line 1\n", "line 1\r\n")

    found = brought({SIGN: LONG.replace("line 1\n", "one\n")}, {SIGN: ours})

    assert found[SIGN][0] == "conflict"
    assert (mine.path / SIGN).read_bytes() == ours.encode()


@pytest.mark.parametrize(("whose", "is_now"), [("mine", 0o755), ("new", 0o755), ("", 0o644)])
def test_the_executable_bit_is_a_change_of_its_own(whose, is_now, mine, new, brought, request):
    """Who set it, it is kept beside the other's text; a learner's rights stay otherwise."""
    for root in {"mine": [mine.path], "new": [new], "": []}[whose]:
        (root / SIGN).chmod(0o755)
    (mine.path / f"{TOLL}/notes.md").chmod(0o600)

    brought({SIGN: "new\n", f"{TOLL}/notes.md": "new\n"})

    assert (mine.path / SIGN).stat().st_mode & 0o777 == is_now
    assert (mine.path / SIGN).read_text() == "new\n"
    assert (mine.path / f"{TOLL}/notes.md").stat().st_mode & 0o777 == 0o600


def test_the_executable_bit_alone(mine, new, brought):
    """A file that the course made executable is updated, though no word of it changed."""
    (new / SIGN).chmod(0o755)

    assert brought({}) == {SIGN: ("updated", "")}
    assert os.access(mine.path / SIGN, os.X_OK)
    assert update(mine, new) == ([], [])


def test_a_read_only_file_stays(mine, brought):
    """Whoever protects a file finds it as it was, and the course's beside it."""
    for name in (SIGN, "exercises/m1_crossing/gone/gone.py"):
        (mine.path / name).chmod(0o444)

    found = brought({SIGN: "new\n", "exercises/m1_crossing/gone/gone.py": None})

    assert found == {
        SIGN: ("conflict", "yours is read-only"),
        "exercises/m1_crossing/gone/gone.py": ("kept", "yours is read-only"),
    }
    assert (mine.path / SIGN).read_text() == LONG
    assert (mine.path / ".workbook/new" / SIGN).read_text() == "new\n"
    assert not list(mine.path.glob(".workbook/writing-*"))


def a_folder(path):
    path.unlink()
    (path / "inside").mkdir(parents=True)


def a_link(path):
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def a_loop(path):
    path.unlink()
    path.symlink_to(path.name)


@pytest.mark.parametrize("put", [a_folder, a_link, a_loop])
def test_what_is_in_the_way_of_a_file_stays(put, mine, brought):
    """A folder or a link where the course has a file is not written through."""
    put(mine.path / SIGN)
    before = everything(mine.path)

    found = brought({SIGN: "new\n", f"{TOLL}/notes.md": "new\n"})

    assert found[SIGN] == ("conflict", f"{SIGN} is in the way")
    after = everything(mine.path)
    assert {name for name in after if after[name] != before.get(name)} == {
        ".release", f"{TOLL}/notes.md"}  # fmt: skip
    assert (mine.path / ".workbook/new" / SIGN).read_text() == "new\n"


def test_a_file_in_the_way_of_a_folder_stays(mine, brought):
    """A file of the learner's where the course has a folder stays, and so does a link to one."""
    elsewhere = mine.path.parent / "elsewhere"
    (mine.path / "exercises/m1_crossing/sign").rename(elsewhere)
    (mine.path / "exercises/m1_crossing/sign").symlink_to(elsewhere)

    found = brought({"exercises/b/README.md": "new\n", SIGN: "new\n"}, {"exercises/b": "mine\n"})

    assert found["exercises/b/README.md"] == ("conflict", "exercises/b is in the way")
    assert found[SIGN] == ("conflict", "exercises/m1_crossing/sign is in the way")
    assert (elsewhere / "sign.txt").read_text() == LONG
    assert (mine.path / "exercises/b").read_text() == "mine\n"


def test_a_file_that_becomes_a_folder_and_back(mine, new, brought):
    """The course may put a folder where it had a file, and the other way round."""
    brought({"exercises/b": "b\n"})

    there = brought({"exercises/b": None, "exercises/b/c.txt": "c\n"})
    assert there == {"exercises/b": ("removed", ""), "exercises/b/c.txt": ("new", "")}

    shutil.rmtree(new / "exercises/b")
    back = brought({"exercises/b": "b\n"})
    assert back == {"exercises/b/c.txt": ("removed", ""), "exercises/b": ("new", "")}


def test_a_renamed_exercise_takes_the_work_along(mine, new, brought):
    """What a learner changed goes on under the new name, and stays under the old one."""
    (new / "exercises/m1_crossing/gone").rename(new / "exercises/m1_crossing/come")
    ours = LONG.replace("line 3\n", "mine\n")
    old, come = "exercises/m1_crossing/gone/gone.py", "exercises/m1_crossing/come/gone.py"

    found = brought({come: LONG + "theirs\n"}, {old: ours})

    assert found == {
        "exercises/m1_crossing/gone/README.md": ("removed", ""),
        "exercises/m1_crossing/come/README.md": ("new", ""),
        old: ("kept", "the course removed it, you changed it"),
        come: ("new", f"with what you changed in {old}"),
    }
    assert (mine.path / old).read_text() == ours
    assert (mine.path / come).read_text() == ours + "theirs\n"


def test_a_renamed_file_whose_changes_meet_is_the_courses(mine, new, brought):
    """Where both changed one place, the new name has the course's, the old one the learner's."""
    (new / "exercises/m1_crossing/gone").rename(new / "exercises/m1_crossing/come")
    old, come = "exercises/m1_crossing/gone/gone.py", "exercises/m1_crossing/come/gone.py"
    ours, theirs = LONG.replace("line 3", "mine"), LONG.replace("line 3", "theirs")

    found = brought({come: theirs}, {old: ours})

    assert found[come] == ("new", f"yours is {old}")
    assert (mine.path / come).read_text() == theirs
    assert (mine.path / old).read_text() == ours


def test_a_renamed_file_is_not_put_over_ones_own(mine, brought):
    """Who has a file under the new name already keeps that, and the old one too."""
    old, come = "exercises/m1_crossing/gone/gone.py", "exercises/m1_crossing/come.py"

    found = brought({old: None, come: LONG}, {old: LONG + "mine\n", come: "another\n"})

    assert found[come] == ("conflict", "you and the course each made one")
    assert (mine.path / come).read_text() == "another\n"
    assert (mine.path / old).read_text() == LONG + "mine\n"


@pytest.mark.parametrize("after", range(6))
def test_an_update_that_was_interrupted_goes_on(after, mine, new, brought, monkeypatch):
    """Stopped before any write, the second run ends where one alone would have."""
    tariff, come = f"{TOLL}/tariff.toml", "exercises/m1_crossing/come/gone.py"
    gone = "exercises/m1_crossing/gone/gone.py"
    theirs = {SIGN: LONG + "theirs\n", tariff: "pence = 3\n", CODE: "theirs\n",
              "exercises/b.txt": "new\n", gone: None, come: LONG + "theirs\n"}  # fmt: skip
    ours = {SIGN: "mine\n" + LONG, tariff: "pence = 2\n", gone: "mine\n" + LONG}
    left, put = [after], module.put

    def stops(root, name, file):
        if left[0] == 0:
            raise KeyboardInterrupt
        left[0] -= 1
        put(root, name, file)

    monkeypatch.setattr(module, "put", stops)
    with pytest.raises(KeyboardInterrupt):
        brought(theirs, ours)
    monkeypatch.setattr(module, "put", put)

    _, back = update(mine, new)

    assert back == ["workbook/before-1", "workbook/before-2"]
    write(new, {CODE: "still newer\n"})
    assert update(mine, new)[1] == ["workbook/before-3"]
    write(new, {CODE: theirs[CODE]})
    update(mine, new)

    there = {name: text.decode() for name, text in everything(mine.path).items()}
    both = "mine\n" + LONG + "theirs\n"
    expected = {**theirs, **ours, SIGN: both, come: both}
    assert {name: there.get(name) for name in theirs} == expected
    assert (mine.path / ".workbook/new" / TOLL / "tariff.toml").read_text() == "pence = 3\n"
    assert git("show", f"workbook/before-1:{SIGN}") == "mine\n" + LONG


def test_a_full_disk_is_told(mine, new, brought, monkeypatch, run):
    """What cannot be written ends the command in words, and the next run goes on."""
    write(new, {SIGN: "new\n"})
    write(mine.path, {".workbook/new": "no folder\n"})

    done = run("update", str(new))

    assert done.exit_code == 0, done.output  # nothing had to go there

    write(new, {SIGN: "newer\n"})
    write(mine.path, {SIGN: "mine\n"})
    done = run("update", str(new))
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
    (mine.path / ".workbook/new").unlink()
    assert run("update", str(new)).exit_code == 1


def no_git(path):
    shutil.rmtree(path / ".git")


def another_git(path):
    no_git(path)
    git("init", "-q", cwd=path)


def broken_git(path):
    (path / ".git" / "HEAD").unlink()


def a_git_above(path):
    no_git(path)
    git("init", "-q", cwd=path.parent)


def in_a_merge(path):
    git("checkout", "-qb", "other", cwd=path)
    for branch, text in (("other", "a\n"), ("main", "b\n")):
        git("checkout", "-q", branch, cwd=path)
        write(path, {SIGN: text})
        git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", text, cwd=path)
    git("-c", "user.name=a", "-c", "user.email=a@b", "merge", "other", cwd=path)


def in_a_settled_merge(path):
    in_a_merge(path)
    git("add", "-A", cwd=path)


def in_a_rebase(path):
    in_a_merge(path)
    git("merge", "--abort", cwd=path)
    git("-c", "user.name=a", "-c", "user.email=a@b", "rebase", "other", cwd=path)


def in_a_stash(path):
    write(path, {SIGN: "a\n"})
    git("-c", "user.name=a", "-c", "user.email=a@b", "stash", cwd=path)
    write(path, {SIGN: "b\n"})
    git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "b", cwd=path)
    git("stash", "pop", cwd=path)


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (no_git, "has no git repository any more"),
        (a_git_above, "has no git repository any more"),
        (another_git, "does not say any more what was handed out"),
        (broken_git, "not a git repository"),
        (in_a_merge, "git is in the middle of a merge or a rebase"),
        (in_a_settled_merge, "git is in the middle of a merge or a rebase"),
        (in_a_rebase, "git is in the middle of a merge or a rebase"),
        (in_a_stash, "git is in the middle of a merge or a rebase"),
    ],
)
def test_a_folder_that_is_not_ready_is_told(spoil, told, mine, new, run):
    """Where git cannot keep what was there, or is busy, nothing changes and the way on is said."""
    spoil(mine.path)
    write(new, {f"{TOLL}/notes.md": "new\n"})
    before = everything(mine.path)

    done = run("update", str(new))

    assert done.exit_code == 2
    assert told in done.stderr
    assert everything(mine.path) == before


def test_without_git_is_told(mine, new, monkeypatch):
    """The program itself may be gone."""
    monkeypatch.setenv("PATH", str(mine.path))

    with pytest.raises(CourseError, match="git is not installed here"):
        update(mine, new)


@pytest.mark.parametrize("which", ["nowhere", "mine", "next/exercises"])
def test_what_is_no_release_is_told(which, mine, new, run):
    """A folder that is not the course, another learner's among them, is not brought in."""
    done = run("update", str(mine.path.parent / which))

    assert done.exit_code == 2
    assert "is no release of the course." in done.stderr


def test_a_detached_head_is_no_matter(mine, brought):
    """Which commit is checked out does not say what was handed out."""
    git("checkout", "-q", "--detach")

    assert brought({SIGN: "new\n"}) == {SIGN: ("updated", "")}


@pytest.mark.parametrize("label", [None, "", "nonsense\n", "000000000000\n", "\xff\0"])
def test_a_lost_label_is_found_again(label, mine, new, brought):
    """Without what the folder says of itself, the newest release in its git is the ground."""
    brought({SIGN: LONG + "new\n"})
    write(mine.path, {".release": label})

    found = brought({SIGN: LONG + "newer\n"})

    assert found == {SIGN: ("updated", "")}
    assert update(mine, new) == ([], [])


def test_a_folder_of_before_there_were_updates(mine, brought):
    """Its first commit is what was handed out, whatever came after it."""
    git("update-ref", "-d", git("for-each-ref", "--format=%(refname)", "refs/workbook").strip())
    git("rm", "-q", "--cached", ".release")
    write(mine.path, {".release": None, CODE: "mine\n"})
    for message in ("Mine", "What I wrote as handed out"):
        git("-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", message)

    found = brought({SIGN: "new\n"})

    assert found == {SIGN: ("updated", ""), CODE: ("kept", "you changed it")}


def test_a_git_elsewhere_is_found(mine, new, brought):
    """The repository may have been moved out of the folder, with a file that says where."""
    git("init", "-q", "--separate-git-dir", str(mine.path.parent / "its.git"))

    assert brought({SIGN: "new\n"}) == {SIGN: ("updated", "")}


def test_no_setting_or_hook_says_what_happens(mine, brought, monkeypatch, tmp_path):
    """Settings of the user and the repository, hooks, attributes, variables: none is obeyed."""
    trap = tmp_path / "trap"
    script = f"#!/bin/sh\ntouch {trap}\nexit 1\n"
    write(tmp_path, {"script": script, "home/.gitconfig": "[commit]\ngpgsign = true\n["})
    (tmp_path / "script").chmod(0o755)
    for hook in ("reference-transaction", "post-checkout", "pre-commit", "post-index-change"):
        (mine.path / ".git/hooks").mkdir(exist_ok=True)
        shutil.copy(tmp_path / "script", mine.path / ".git/hooks" / hook)
    for key in ("core.fsmonitor", "core.editor", "gpg.program", "filter.x.clean", "filter.x.smudge",
                "merge.x.driver", "diff.external", "core.sshCommand"):  # fmt: skip
        git("config", key, str(tmp_path / "script"))
    git("config", "core.autocrlf", "true")
    git("config", "core.hooksPath", str(mine.path / ".git/hooks"))
    write(mine.path, {".gitattributes": "* filter=x merge=x text eol=crlf\n", ".gitignore": "*\n"})
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_EDITOR", str(tmp_path / "script"))
    trap.unlink(missing_ok=True)

    found = brought({SIGN: LONG + "new\n", CODE: "new\n"}, {SIGN: "mine\n" + LONG})

    assert found == {
        SIGN: ("merged", ""),
        CODE: ("updated", ""),
        ".gitignore": ("kept", "you changed it"),
    }
    assert (mine.path / SIGN).read_text() == "mine\n" + LONG + "new\n"
    assert not trap.exists()


def test_start_obeys_no_setting_either(small_course, tmp_path, monkeypatch):
    """What is handed out is kept to the byte, whatever the user ignores, converts or signs."""
    write(tmp_path, {
        "home/.gitconfig": "[core]\nautocrlf = true\nexcludesFile = ~/ignored\n"
                           "[commit]\ngpgsign = true\n[init]\ndefaultBranch = trunk\n",
        "home/ignored": "*.py\n*.toml\n",
    })  # fmt: skip
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    made = folder.start(tmp_path / "mine", small_course)

    kept = release.recorded(made.path, "main")
    assert {name: file.content for name, file in kept.items()} == everything(made.path)


def test_any_file_is_kept_to_the_byte(mine):
    """Bytes of all kinds, odd names and rights come back from git as they went in."""
    files = {"a b/ü [x].txt": File(b""), "c": File(bytes(range(256)), True), "d": File(b"\r\nx")}

    release.record(mine.path, "refs/workbook/tried", files, "Tried")

    assert release.recorded(mine.path, "refs/workbook/tried") == files
    assert release.name_of(files) != release.name_of({**files, "c": File(bytes(range(256)))})


def test_the_real_course_is_handed_out_whole(tmp_path):
    """What git keeps of the course is what `workbook start` laid out."""
    found = release.handed_out(course.ROOT)

    assert {name for name in found if name.endswith("README.md")} >= {
        f"exercises/{each.id}/README.md" for each in course.find_exercises()}  # fmt: skip
    assert not any("\n" in name or name.startswith('"') for name in found)
