"""A batch loses nothing: not when it is killed, not when it is run again, not to an answer."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile

import pytest

from workbook import batch, judge, sandbox
from workbook.batch import JudgeServer, grade_batch, refuse_unconfined
from workbook.course import CourseError, find_exercise, find_exercises
from workbook.gradebook import FILE, Gradebook, opened
from workbook.intake import Intake
from workbook.process import in_subprocess

TOLL = "m1_crossing/toll"
SLEEPS = """
import time


def toll(axles):
    if axles == 0:
        time.sleep(600)
    return axles * 150
"""
GRADE = """
import sys
from pathlib import Path
from workbook.batch import grade_batch
submissions, out, root = map(Path, sys.argv[1:])
grade_batch(submissions, out, root=root, workers=2)
"""


@pytest.fixture(scope="session")
def walls(small_course):
    """Skip where nothing can be confined, except in CI."""
    server = JudgeServer(9, small_course, trusted=False) if shutil.which("bwrap") else None
    missing = pytest.fail if os.environ.get("CI") else pytest.skip
    if server is None:
        missing("bwrap is not installed. `make system` installs it.")
    yield server
    server.close()


@pytest.fixture
def submissions(tmp_path):
    """An empty folder of submissions."""
    (tmp_path / "submissions").mkdir()
    return tmp_path / "submissions"


def hand_in(folder, toll, text=None):
    """Put a student's toll exercise into *folder*: the reference, or *text* for its toll.py."""
    there = folder / "exercises" / TOLL
    for name, content in toll.finished.items():
        (there / name).parent.mkdir(parents=True, exist_ok=True)
        (there / name).write_bytes(content)
    if text is not None:
        (there / "toll.py").write_text(text)
    return folder


def rows(out):
    """Give what stands in the book, without the order in which it came."""
    with Gradebook(out) as book:
        return [*book.standing()], [*book.students()]


def test_every_student_is_in_the_book(submissions, tmp_path, small_course, toll):
    """A folder, an archive, an empty folder, a stray file: each student has a verdict."""
    hand_in(submissions / "ada", toll)
    hand_in(tmp_path / "packed" / "her workbook", toll, "def toll(axles):\n    return 0\n")
    shutil.make_archive(str(submissions / "bob"), "zip", tmp_path / "packed")
    (submissions / "cleo").mkdir()
    (submissions / "notes.txt").write_text("not a submission")

    counts = grade_batch(submissions, tmp_path / "grades", root=small_course, trusted=True)

    entries, students = rows(tmp_path / "grades")
    found = {(e.student, e.exercise.partition("/")[2]): (e.outcome, e.points) for e in entries}
    assert students == [("ada", ""), ("bob", ""), ("cleo", "Nothing was handed in.")]
    assert found["ada", "toll"] == ("passed", 7)
    assert found["bob", "toll"] == ("not_yet", 2)
    assert found["cleo", "toll"] == ("not_submitted", 0)
    assert {name for _, name in found} == {"toll", "sign", "project"}
    assert counts == {"passed": 1, "not_yet": 1, "not_submitted": 7}
    assert not any(entry.confined for entry in entries)


def test_unchanged_answers_are_not_judged_again(
    submissions, tmp_path, small_course, toll, monkeypatch
):
    """The second run asks no judge, not even for a new student with the same files."""
    hand_in(submissions / "ada", toll)
    grade_batch(submissions, tmp_path / "grades", root=small_course, trusted=True)
    hand_in(submissions / "bob", toll)
    monkeypatch.setattr(JudgeServer, "judge", lambda *_: pytest.fail("a judge was asked"))

    grade_batch(submissions, tmp_path / "grades", root=small_course, trusted=True)

    entries, _ = rows(tmp_path / "grades")
    assert [e.points for e in entries if e.exercise == TOLL] == [7, 7]


def test_regrading_keeps_the_earlier_verdicts(submissions, tmp_path, broken_course):
    """Another grader or other files add a verdict, which stands; going back lets the old one."""
    toll = find_exercise("toll", broken_course)
    ada = hand_in(submissions / "ada", toll)
    out = tmp_path / "grades"

    def stand():
        grade_batch(submissions, out, root=broken_course, only=TOLL, trusted=True)
        with Gradebook(out) as book:
            return [e.points for e in book.standing()], len([*book.history()])

    first = stand()
    hand_in(ada, toll, "def toll(axles):\n    return axles * 150\n")
    second = stand()
    hand_in(ada, toll)
    third = stand()
    toll.grader.write_text(toll.grader.read_text() + "\n# another grader\n")
    fourth = stand()

    assert first == ([7], 1)
    assert second == ([4], 2)
    assert third == ([7], 2)
    assert fourth == ([7], 3)


def test_check_that_hangs_is_named_and_the_others_count(
    submissions, tmp_path, small_course, toll, monkeypatch
):
    """One check sleeps: it says so, and the points of the others stay."""
    hand_in(submissions / "ada", toll, SLEEPS)

    grade_batch(submissions, tmp_path / "grades", root=small_course, only=TOLL, trusted=True)

    [entry], _ = rows(tmp_path / "grades")
    told = {check["id"]: (check["points"], check["message"]) for check in entry.verdict["checks"]}
    assert told["test_nobody_pays_nothing"] == (
        0, "toll(0) gave no answer in time: does it ever end?"
    )  # fmt: skip
    assert told["test_each_axle_is_charged"][0] == 2
    assert entry.points == 4


@pytest.mark.usefixtures("walls")
def test_killed_run_goes_on_to_the_same_book(submissions, tmp_path, small_course, toll):
    """Killed five times and run again, the book is that of a run that nobody disturbed."""
    for n in range(12):
        hand_in(
            submissions / f"s{n:02}", toll, f"# {n}\ndef toll(axles):\n    return {n} * axles\n"
        )
    hand_in(submissions / "hostile", toll, "import os\nos._exit(0)\n")
    grade_batch(submissions, tmp_path / "whole", root=small_course)
    words = [submissions, tmp_path / "killed", small_course]
    command = [sys.executable, "-c", GRADE, *map(str, words)]

    for kill in range(5):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        until, wanted = time.monotonic() + 60, 2 * kill + 1
        while time.monotonic() < until and graded(tmp_path / "killed") < wanted:
            time.sleep(0.01)
        running.send_signal(signal.SIGKILL)
        running.wait()
        assert running.returncode == -signal.SIGKILL, "it ended before it was killed"
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    assert rows(tmp_path / "killed") == rows(tmp_path / "whole")


def graded(out):
    """Count the verdicts of the toll exercise in a book that another process writes."""
    if not (out / FILE).exists():
        return 0
    with sqlite3.connect(out / FILE) as book:
        try:
            query = "SELECT count(*) FROM verdict WHERE exercise = ? AND outcome != 'not_submitted'"
            return book.execute(query, (TOLL,)).fetchone()[0]
        except sqlite3.OperationalError:  # not made yet
            return 0
        finally:
            book.commit()


@pytest.mark.usefixtures("walls")
def test_interrupted_run_leaves_a_book(submissions, tmp_path, small_course, toll):
    """Ctrl-C ends a run and all its processes, and what was reached can be read."""
    hand_in(submissions / "ada", toll)
    hand_in(submissions / "zoe", toll, SLEEPS)
    command = [
        sys.executable,
        "-c",
        GRADE,
        str(submissions),
        str(tmp_path / "out"),
        str(small_course),
    ]
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    until = time.monotonic() + 60
    while time.monotonic() < until and graded(tmp_path / "out") < 1:
        time.sleep(0.05)

    running.send_signal(signal.SIGINT)
    running.wait(10)

    entries, _ = rows(tmp_path / "out")
    assert [e.student for e in entries if e.exercise == TOLL] == ["ada"]
    assert running.returncode != 0


def test_walls_hold(walls):
    """Behind both walls a learner's process can do none of what it must not."""
    assert walls.ask("breaches") == []


def test_probe_of_the_walls_is_awake():
    """Without walls the probe gets through wherever this machine lets a process."""
    found = judge.breaches(in_subprocess)

    assert {"It reads the graders.", "It reads files of the judge.",
            "It reaches a server on this machine."} <= set(found)  # fmt: skip
    assert f"It starts {sandbox.EVALUATES + 64} processes." in found


def test_walls_that_do_not_hold_are_refused(small_course):
    """Nothing is graded where the probe gets through, or no judge starts: it is said why."""
    server = JudgeServer(0, small_course, trusted=True)
    gone = JudgeServer(0, small_course, trusted=True)
    gone.command = ["false"]

    with pytest.raises(CourseError, match=r"It reads the graders\.(.|\n)*--trusted"):
        refuse_unconfined(server)
    with pytest.raises(CourseError, match="No judge could be started"):
        refuse_unconfined(gone)
    server.close()


def test_judge_has_a_memory_group_where_one_can_be_made():
    """What the sum over the processes does not see is bounded by a cgroup of the judge's own."""
    start, group = sandbox.grouped(8)
    if group is None:
        pytest.skip("Whoever runs this may not make a memory cgroup here.")

    ran = subprocess.run(
        [*start, "cat", "/proc/self/cgroup"], capture_output=True, text=True, check=True
    )

    assert group.name in ran.stdout
    assert str(sandbox.MEMORY["run"] + sandbox.BOXES) in {
        file.read_text().strip() for file in group.glob("memory.*max*")
    } | {file.read_text().strip() for file in group.glob("memory.limit_in_bytes")}
    group.rmdir()


def test_missing_bubblewrap_is_told(monkeypatch, tmp_path, submissions, small_course):
    """Without bubblewrap nothing is graded, and it is said what to do."""
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CourseError, match="`make system` installs it"):
        grade_batch(submissions, tmp_path / "grades", root=small_course)


def test_judge_that_ends_is_broken_not_the_learner(submissions, tmp_path, small_course, toll):
    """Where judges end without a verdict, that is our fault: it says so, and is tried again."""
    hand_in(submissions / "ada", toll)
    server = JudgeServer(0, small_course, trusted=True)
    server.command = ["false"]

    assert server.judge(toll, Intake({})) is None

    shutil.copytree(small_course, tmp_path / "course")
    grader = tmp_path / "course" / "tests" / TOLL.replace("toll", "test_toll.py")
    grader.write_text("import os\nos.kill(os.getpid(), 9)\n\n" + grader.read_text())
    arguments = {"root": tmp_path / "course", "only": TOLL, "trusted": True}
    counts = grade_batch(submissions, tmp_path / "grades", **arguments)
    assert counts == {"broken": 1}


@pytest.mark.parametrize(("folder", "only", "told"), [
    ("nowhere", "", "There is no folder"), ("submissions", "m9_none", "no module or exercise"),
])  # fmt: skip
def test_wrong_words_are_told(folder, only, told, submissions, tmp_path, small_course):
    """A folder that is not there and a module that nobody wrote: found, expected, to do next."""
    with pytest.raises(CourseError, match=told):
        grade_batch(tmp_path / folder, tmp_path / "out", root=small_course, only=only, trusted=True)


def test_file_that_is_no_gradebook_is_left_alone(tmp_path):
    """A book that cannot be read is not written over."""
    (tmp_path / FILE).write_text("not a database" * 100)

    with pytest.raises(CourseError, match="is no gradebook"):
        Gradebook(tmp_path, make=True)

    assert (tmp_path / FILE).read_text().startswith("not a database")
    with pytest.raises(CourseError, match="There is no"):
        Gradebook(tmp_path / "elsewhere")


def test_refused_entry_of_an_archive_is_told_in_its_verdict(
    submissions, tmp_path, small_course, toll
):
    """A name that differs by case alone is refused in its exercise; the others are graded."""
    work = hand_in(tmp_path / "work", toll)
    with zipfile.ZipFile(submissions / "ada.zip", "w") as archive:
        for path in sorted(work.rglob("*.*")):
            archive.write(path, path.relative_to(work))
        archive.writestr(f"exercises/{TOLL}/Toll.py", "def toll(axles):\n    return None\n")
        archive.writestr("exercises/m1_crossing/sign/sign.txt", "SHUT\n")

    grade_batch(submissions, tmp_path / "grades", root=small_course, trusted=True)

    entries, [(_, note)] = rows(tmp_path / "grades")
    found = {entry.exercise.partition("/")[2]: entry for entry in entries}
    assert "are one name on some systems" in found["toll"].intake
    assert found["toll"].points == 0
    assert found["sign"].points == 1
    assert "Toll.py" in note


def test_books_are_merged_as_one(submissions, tmp_path, small_course, toll):
    """The books of shards, read together, are the book of one run."""
    for n in range(6):
        hand_in(submissions / f"s{n}", toll, f"# {n}\ndef toll(axles):\n    return {n} * axles\n")
    arguments = {"root": small_course, "only": TOLL, "trusted": True}
    grade_batch(submissions, tmp_path / "whole", **arguments)
    for part in (1, 2, 3):
        grade_batch(submissions, tmp_path / str(part), shard=(part, 3), **arguments)

    with opened([tmp_path / str(part) for part in (1, 2, 3)]) as book:
        merged = [*book.standing()], [*book.students()]

    assert merged == rows(tmp_path / "whole")


def test_names_of_students_are_kept_apart(tmp_path):
    """A folder goes before an archive of the same name; what is neither is no student."""
    for name in ("ada", "ada.zip", "bob.tar.gz", ".git", "cleo.tgz", "list.csv"):
        path = tmp_path / name
        path.mkdir() if "." not in name else path.write_text("")

    found = batch.find_submissions(tmp_path)

    assert [(name, path.name) for name, path in found] == [
        ("ada", "ada"), ("bob", "bob.tar.gz"), ("cleo", "cleo.tgz"),
    ]  # fmt: skip


def test_every_exercise_has_a_digest_of_its_grader(small_course):
    """Each grader's digest is its own, and the same each time."""
    exercises = find_exercises(small_course)

    digests = batch.graders_of(exercises)

    assert len(set(digests.values())) == len(exercises)
    assert digests == batch.graders_of(exercises)


def test_a_lent_grader_is_part_of_the_digest(broken_course):
    """A grader that loads another's is another one when that has changed, and only then."""
    graders = broken_course / "tests/m1_crossing"
    sign, toll = (graders / f"test_{name}.py" for name in ("sign", "toll"))
    sign.write_text(sign.read_text() + '\nLENT = "m1_crossing/toll"\n')
    project, first, second = (find_exercise(name, broken_course) for name in
                              ("project", "sign", "toll"))  # fmt: skip
    before = batch.graders_of([project, first, second])

    toll.write_text(toll.read_text() + "\n# Another one.\n")

    after = batch.graders_of([project, first, second])
    assert [each for each in before if before[each] != after[each]] == [first, second]


def test_the_last_project_borrows_of_all_before():
    """The grader of module 8's project leans on those of the seven steps, and on what these do."""
    known = find_exercises(batch.ROOT)
    last = find_exercise("m8_full_project/project", batch.ROOT)

    found = {each.id for each in batch.lenders(last, known)}

    assert {each.id for each in known if each.name == "project"} - {last.id} < found
    assert "m6_documentation/docs_that_fail" in found
