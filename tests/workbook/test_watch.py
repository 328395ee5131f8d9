"""`workbook watch` in a real terminal: checks on each save, answers keys, leaves no trace."""

import os
import pty
import select
import shutil
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from workbook import course, watch
from workbook.course import CourseError

TOLL = "exercises/m1_crossing/toll/toll.py"
LOCAL = 3  # where termios keeps the flags of a line: echo, canonical input


class Terminal:
    """A program in a pseudo-terminal: what it shows is read, keys are pressed."""

    def __init__(self, command: list[str], folder: Path) -> None:
        self.screen, self.line = pty.openpty()
        self.before = termios.tcgetattr(self.line)
        self.shown = ""
        calm = {**os.environ, "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "100"}
        self.process = subprocess.Popen(
            command, cwd=folder, env=calm, stdin=self.line, stdout=self.line, stderr=self.line
        )

    def shows(self, text: str, within: float = 60) -> str:
        """Wait until *text* is shown; what came before it is forgotten."""
        until = time.monotonic() + within
        while text not in self.shown:
            left = until - time.monotonic()
            assert left > 0, f"{text!r} was not shown, but this:\n{self.shown}"
            ready, _, _ = select.select([self.screen], [], [], min(left, 0.5))
            if ready:
                self.shown += os.read(self.screen, 65536).decode(errors="replace")
        before, _, self.shown = self.shown.partition(text)
        return before

    def press(self, keys: str) -> None:
        """Press *keys*."""
        os.write(self.screen, keys.encode())

    def attributes(self) -> list:
        """Give how the terminal is set now."""
        return termios.tcgetattr(self.line)

    def close(self) -> None:
        """End the program where it has not ended."""
        self.process.kill()
        self.process.wait()
        os.close(self.screen)
        os.close(self.line)


@pytest.fixture
def watching(mine, small_course, measured):
    """`workbook watch toll` of the small course, in a terminal."""
    script = str(Path(__file__).with_name("commands.py"))
    command = [sys.executable, *measured, script, str(small_course), "watch", "toll"]
    terminal = Terminal(command, mine.path)
    yield terminal
    terminal.close()


def test_watch_checks_on_each_save_and_answers_keys(watching, mine):
    """The verdict is shown at once and after a save; h, r, n and q do what they say."""
    watching.shows("0 of 3 exercises passed")
    watching.shows("not yet, 3 of 7 points")
    watching.shows("hint 1 of 3: Is a toll of 0 pence")
    watching.shows(watch.KEYS)
    assert not watching.attributes()[LOCAL] & (termios.ICANON | termios.ECHO)

    watching.press("h")
    watching.shows("hint 2 of 3: Whom does the booth charge")

    (mine.path / TOLL).write_text("def toll(axles):\n    return axles * 150 or None\n")
    watching.shows("not yet, 6 of 7 points")
    watching.shows("hint 1 of 1: Which of the four files")

    watching.press("r")
    watching.shows("Put the start back (yours is kept)? y for yes")
    watching.press("y")
    watching.shows("not yet, 3 of 7 points")
    assert "-> int" in (mine.path / TOLL).read_text()

    watching.press("n")
    watching.shows("Say that the road is shut")
    watching.shows(watch.KEYS)

    watching.press("q")
    assert watching.process.wait(30) == 0
    assert watching.attributes() == watching.before


def test_interrupted_watch_restores_the_terminal(watching):
    """Ctrl-C ends it without a traceback, and the terminal echoes again."""
    watching.shows(watch.KEYS)

    watching.process.send_signal(signal.SIGINT)

    assert "Traceback" not in watching.shows("Aborted!")
    assert watching.process.wait(30) == 1
    assert watching.attributes() == watching.before


def test_next_goes_around_to_what_is_open(mine):
    """After the last exercise comes the first that is not passed; in the end there is none."""
    toll, sign, project = exercises = course.find_exercises()

    def passed(*names):
        done = {
            each.id: {"outcome": "passed", "start": course.digest(each.start)} for each in names
        }
        mine.save({"schema": 1, "exercises": done})

    passed(sign)
    assert watch.next_open(mine, exercises, None) == toll
    assert watch.next_open(mine, exercises, toll) == project
    assert watch.next_open(mine, exercises, project) == toll

    passed(*exercises)
    assert watch.next_open(mine, exercises, toll) is None


def test_folder_that_is_gone_is_told(mine):
    """What cannot be watched is named, with what brings it back."""
    toll, *_ = exercises = course.find_exercises()
    shutil.rmtree((mine.path / TOLL).parent)

    with pytest.raises(CourseError, match="`workbook reset m1_crossing/toll` brings it back"):
        watch.stay(mine, exercises, toll)
