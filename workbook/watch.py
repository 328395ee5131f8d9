"""Check an exercise each time its files are saved, with keys for hint, reset and next."""

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress_bar import ProgressBar
from rich.text import Text
from watchfiles import watch as watch_files

from workbook.cli import ask, judge, next_hint
from workbook.course import CourseError, Exercise, digest
from workbook.folder import LearnerFolder
from workbook.intake import find_folder
from workbook.show import console, verdict_view
from workbook.verdict import Verdict

KEYS = "h hint   r reset   n next   q quit"


def watch(mine: LearnerFolder, exercises: list[Exercise], first: Exercise | None) -> None:
    """Watch the exercise *first*, by default the first that is not passed, until *q*."""
    if not sys.stdin.isatty():
        raise CourseError("watch needs a terminal to read keys from. Use `workbook check` here.")
    exercise = first or next_open(mine, exercises, None)
    with single_keys():
        while exercise:
            exercise = stay(mine, exercises, exercise)


def stay(mine: LearnerFolder, exercises: list[Exercise], exercise: Exercise) -> Exercise | None:
    """Check *exercise* on each save; give the exercise to go on with, or None to stop."""
    folder = find_folder(exercise, mine.path)
    if not folder.is_dir():
        raise CourseError(f"{folder} is not there. `workbook reset {exercise.id}` brings it back.")
    verdict = None
    for changes in watch_files(folder, yield_on_timeout=True, rust_timeout=200, debounce=200):
        # The first time only now, when the folder is watched: a save meanwhile is not missed.
        if changes or not verdict:
            verdict = check(mine, exercises, exercise)
        for key in pressed():
            if key == "q":
                return None
            if key == "h":
                console.print(next_hint(exercise, verdict, mine))
            elif key == "n":
                return next_open(mine, exercises, exercise)
            elif key == "r":
                console.print("Put the start back (yours is kept)? y for yes", style="yellow")
                if next(iter(pressed(wait=30)), "") == "y":
                    mine.reset(exercise)
    return None


def check(mine: LearnerFolder, exercises: list[Exercise], exercise: Exercise) -> Verdict:
    """Check *exercise* and show how far the learner is in all."""
    [verdict] = judge([exercise], mine)
    console.clear()
    passed = [each for each in exercises if mine.state(each, digest(each.start)) == "passed"]
    bar = ProgressBar(total=len(exercises), completed=len(passed), width=40)
    console.print(bar, Text(f"{len(passed)} of {len(exercises)} exercises passed\n"), sep="  ")
    console.print(verdict_view(exercise, verdict))
    ask(exercise, verdict, mine)
    console.print(f"\n{KEYS}", style="dim")
    return verdict


def next_open(
    mine: LearnerFolder, exercises: list[Exercise], after: Exercise | None
) -> Exercise | None:
    """Give the next exercise after *after*, around the end, that is not passed; None if none."""
    place = exercises.index(after) + 1 if after else 0
    for each in [*exercises[place:], *exercises[:place]]:
        if mine.state(each, digest(each.start)) != "passed":
            return each
    console.print("All exercises are passed.", style="green")
    return None


@contextmanager
def single_keys() -> Iterator[None]:
    """Read keys without Enter; the terminal is as before afterwards, whatever happens."""
    before = termios.tcgetattr(sys.stdin)
    try:
        tty.setcbreak(sys.stdin)
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def pressed(wait: float = 0) -> list[str]:
    """Give the keys pressed meanwhile; *wait* that many seconds for the first."""
    ready, _, _ = select.select([sys.stdin], [], [], wait)
    return list(os.read(sys.stdin.fileno(), 64).decode(errors="ignore").lower()) if ready else []
