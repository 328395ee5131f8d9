"""Grade a class of three hundred in module 1, twenty of them hostile, and lose no verdict.

The class is graded three times into books of their own: undisturbed; killed with SIGKILL five
times at random moments and run again; in four shards whose books are merged. All three must say the
same, row by row, or this stops with the first difference. What it prints is how long it took.

Two exercises are answered by each student in other words (a comment), so that each is judged; the
costly ones are shared out from few answers, as equal files are judged once. The hostile hand in an
attack of the test suite, which starts as their module is imported.
"""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import cycle
from pathlib import Path

from workbook.course import Exercise, Files, find_exercises, read_tree
from workbook.gradebook import Entry, opened

ROOT = Path(__file__).resolve().parents[2]
MODULE = "m1_static_analysis"
STUDENTS, HOSTILE, KILLS, SHARDS = 300, 20, 5, 4
EVERY = STUDENTS // HOSTILE  # so many students are one that is hostile
OWN_WORDS = ("none_on_the_causeway", "triage")
FEW = 4  # answers that are shared out of each other exercise
ATTACKED = "none_on_the_causeway"
Rows = dict[tuple[str, str], Entry]  # by student and exercise
WORKBOOK = str(Path(sys.executable).with_name("workbook"))


def answers(exercise: Exercise) -> list[Files]:
    """Give complete answers to *exercise*: the start, the reference, wrong ones and right ones."""
    found = [dict(exercise.start), dict(exercise.finished)]
    for kind in ("wrong", "right"):
        for name in sorted(exercise.answers[kind]):
            files = read_tree(exercise.fixtures / kind / name, False)
            found.append({**exercise.finished, **files})
    return found if exercise.name in OWN_WORDS else found[:FEW]


def attacks() -> list[str]:
    """Give attacks of the test suite, each from another corner of it."""
    place = ROOT / "tests" / "workbook" / "attacks"
    found = sorted(place.glob("*/*/exercises/m1_crossing/toll/toll.py"))
    return [path.read_text(encoding="utf-8") for path in found[:: len(found) // HOSTILE][:HOSTILE]]


def hand_in(folder: Path) -> None:
    """Write what the class hands in below *folder*."""
    exercises = [each for each in find_exercises(ROOT) if each.module == MODULE]
    hostile = iter(attacks())
    shared = {each: cycle(answers(each)) for each in exercises}
    for number in range(STUDENTS):
        student = folder / f"student{number:03}"
        for exercise in exercises:
            files = dict(next(shared[exercise]))
            if exercise.name in OWN_WORDS:
                name = next(name for name in files if name.endswith((".py", ".toml")))
                files[name] += f"# {student.name}\n".encode()
            if exercise.name == ATTACKED and number % EVERY == 0:
                name = next(name for name in exercise.start if name.endswith(".py"))
                text = f"{exercise.start[name].decode()}\n\n{next(hostile)}\n\ntoll(0)\n"
                files[name] = text.encode()
            for name, content in files.items():
                path = student / "exercises" / exercise.files_at / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


def grade(submissions: Path, out: Path, *options: str, kill_after: float = 0) -> float:
    """Grade into *out*, or kill that after so many seconds; give the seconds it took."""
    words = [WORKBOOK, "grade", str(submissions), "--out", str(out), "--only", MODULE, *options]
    start = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        _, said = process.communicate(timeout=kill_after or None)
        if process.returncode != 0:
            sys.exit(f"{' '.join(words)} ended with {process.returncode}:\n{said.decode()}")
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    return time.perf_counter() - start


def rows(*books: Path) -> Rows:
    """Give what stands in *books*, by student and exercise."""
    with opened(books) as book:
        return {(entry.student, entry.exercise): entry for entry in book.standing()}


def compare(name: str, found: Rows, expected: Rows) -> None:
    """Stop at the first row that is not as *expected*."""
    for key in sorted({*found, *expected}):
        if found.get(key) != expected.get(key):
            sys.exit(f"{name}, {key}:\n{found.get(key)}\nis not\n{expected.get(key)}")
    print(f"{name}: {len(found)} rows, each as in the undisturbed run", flush=True)


def main() -> None:
    chance = random.Random(int.from_bytes(os.urandom(4), "big"))  # noqa: S311 - moments, no secret
    with tempfile.TemporaryDirectory(prefix="class-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        submissions = folder / "submissions"
        hand_in(submissions)
        attacked = next(each for each in find_exercises(ROOT) if each.name == ATTACKED)
        hostile = {(f"student{each:03}", attacked.id) for each in range(0, STUDENTS, EVERY)}

        took = grade(submissions, folder / "once")
        once = rows(folder / "once")
        outcomes = Counter(entry.outcome for entry in once.values())
        print(f"Undisturbed: {len(once)} verdicts in {took:.0f} s, {dict(outcomes)}", flush=True)
        if outcomes["broken"] or len(once) != STUDENTS * len({key[1] for key in once}):
            sys.exit("A verdict is broken or lost.")
        worth = once[f"student{len(answers(attacked)):03}", attacked.id].points  # of the start
        gained = [key for key, entry in once.items() if key in hostile and entry.points > worth]
        if gained:
            sys.exit(f"An attack gained points: {gained}.")
        print(f"{HOSTILE} hostile answers gained no point", flush=True)

        moments = []
        for _ in range(KILLS):
            moments.append(
                grade(submissions, folder / "killed", kill_after=chance.uniform(2, took / 4))
            )
        grade(submissions, folder / "killed")
        print(f"Killed after {', '.join(f'{each:.0f}' for each in moments)} s, and run again")
        compare("Killed", rows(folder / "killed"), once)

        parts = [folder / f"shard{number}" for number in range(1, SHARDS + 1)]
        for number, part in enumerate(parts, 1):
            grade(submissions, part, "--shard", f"{number}/{SHARDS}")
        compare(f"{SHARDS} shards merged", rows(*parts), once)


if __name__ == "__main__":
    main()
