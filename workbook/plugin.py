"""The pytest plugin: a grader's fixtures `submission` and `advise`, and the verdict it adds up to.

`pytest tests/m1_static_analysis --submission DIR` judges DIR; without the option the graders
judge the references. Outcomes are kept apart: passed, not yet, broken.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from workbook import tools
from workbook.course import CourseError, Exercise, find_exercises
from workbook.intake import Intake, inspect, take
from workbook.process import Process, in_subprocess, remove
from workbook.submission import NotGradable, Submission, ToolMissing, plain
from workbook.verdict import CheckVerdict, Outcome, Verdict, unanswered

Source = Callable[[Exercise], Intake]
RANK: dict[Outcome, int] = {"passed": 0, "not_yet": 1, "broken": 2}
MESSAGE, DETAIL = 1000, 4000  # characters of a check's


class Judge:
    """Judges the submissions that *source* gives, and adds reports up to verdicts.

    *process* is how the learner's process runs in this place.
    """

    def __init__(
        self, exercises: list[Exercise], source: Source, process: Process = in_subprocess
    ) -> None:
        self.exercises = {each.grader: each for each in exercises}
        self.source = source
        self.process = process
        self.taken: dict[Exercise, Intake] = {}
        self.verdicts: dict[Exercise, Verdict] = {}
        self.ran: set[tuple[str, str]] = set()
        self.unloaded: dict[Exercise, str] = {}
        self.running: tuple[Submission, list[str], list[str]] | None = None

    def intake(self, exercise: Exercise) -> Intake:
        """Take the submission's files, once an exercise."""
        if exercise not in self.taken:
            self.taken[exercise] = self.source(exercise)
            self.verdicts[exercise] = unanswered(exercise, self.taken[exercise].files)
        return self.taken[exercise]

    @pytest.hookimpl
    def pytest_exception_interact(
        self, node: pytest.Item | pytest.Collector, call: pytest.CallInfo[Any]
    ) -> None:
        exercise = self.exercises.get(node.path)
        if exercise and isinstance(node, pytest.Module) and call.excinfo:
            self.unloaded[exercise] = call.excinfo.exconly()

    @pytest.hookimpl
    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in [] if session.config.option.collectonly else session.items:
            if exercise := self.exercises.get(item.path):
                try:
                    self.intake(exercise)
                except CourseError as error:
                    raise pytest.UsageError(str(error)) from None

    @pytest.fixture
    def submission(self, request: pytest.FixtureRequest) -> Iterator[Submission]:
        """The submission: a fresh copy for each check, so that none can prepare the next."""
        exercise = self.exercises[request.node.path]
        missing = [need for need in exercise.needs if not tools.is_installed(need)]
        if missing:
            raise ToolMissing(f"{' and '.join(missing)} is not installed here. See `make system`.")
        intake = self.intake(exercise)
        if intake.problem:
            raise NotGradable(intake.problem, intake.detail)
        # Resolved: a tool that prints its real path must not defeat the path's removal.
        folder = Path(tempfile.mkdtemp(prefix="workbook-")).resolve()
        try:
            box = folder / "submission"
            for name, content in intake.files.items():
                (box / name).parent.mkdir(parents=True, exist_ok=True)
                (box / name).write_bytes(content)
            given = Submission(box, tuple(intake.files), self.process)
            self.running = (given, [], [])
            yield given
        finally:
            self.running = None
            remove(folder)

    @pytest.fixture
    def advise(self, submission: Submission) -> Callable[[object, str], None]:
        """Ask *question* before the check's own hints, when *condition* holds and it fails."""
        questions = self.running[1] if self.running else []
        return lambda condition, question: questions.append(question) if condition else None

    @pytest.hookimpl
    def pytest_assertrepr_compare(self, op: str, left: object, right: object) -> None:
        """Word a failed comparison of what came out of the learner's process."""
        if self.running is None:
            return
        given, _, told = self.running
        for asked in reversed(given.asked):
            if asked.value is left:
                told[:] = [asked.tell(op, right), asked.detail]
                return

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Iterator[Any]:
        report = yield
        exercise = self.exercises.get(item.path)
        if exercise and (call.when == "call" or call.excinfo):
            name = getattr(item, "originalname", item.name)
            questions, told = self.running[1:] if self.running else ([], [])
            hints = next((each.hints for each in exercise.checks if each.id == name), ())
            found = judged(call.excinfo, [*questions, *hints], told)
            self.note(self.verdicts[exercise], name, found)
        return report

    def note(self, verdict: Verdict, name: str, found: "Found") -> None:
        """Enter what one run of a check found; of several cases the worst counts."""
        check = next((each for each in verdict.checks if each.id == name), None)
        if check is None:
            check = CheckVerdict(name, name, "not_yet", 0, 0, "The grader does not declare this.")
            verdict.checks.append(check)
            return
        first = (verdict.exercise, name) not in self.ran
        self.ran.add((verdict.exercise, name))
        if first or RANK[found.outcome] > RANK[check.outcome]:
            check.outcome, check.message = found.outcome, found.message
            check.detail, check.questions = found.detail, found.questions
            check.points = check.of if found.outcome == "passed" else 0

    def settle(self) -> None:
        """Call those verdicts broken to which no check came: that is never the learner's fault."""
        for exercise, verdict in self.verdicts.items():
            if not any((exercise.id, check.id) in self.ran for check in verdict.checks):
                for check in verdict.checks:
                    check.outcome, check.message = "broken", "No check of the grader ran."
                    check.detail = self.unloaded.get(exercise, "")


class Found:
    """What one run of a check found."""

    def __init__(
        self, outcome: Outcome, message: str = "", detail: str = "", questions: tuple[str, ...] = ()
    ) -> None:
        # A grader may quote what a learner wrote: here is where all of it passes.
        self.outcome, self.message = outcome, plain(message, MESSAGE)
        self.detail, self.questions = plain(detail, DETAIL), list(questions)


def judged(
    failure: pytest.ExceptionInfo[BaseException] | None, questions: list[str], told: list[str]
) -> Found:
    """Tell a check that holds from one that does not yet, and both from a grader that broke."""
    if failure is None:
        return Found("passed")
    error = failure.value
    if isinstance(error, NotGradable):
        return Found("not_yet", str(error.args[0]), error.detail)
    if isinstance(error, ToolMissing):
        return Found("broken", str(error))
    if isinstance(error, pytest.skip.Exception):
        return Found("not_yet", "The check was skipped.", str(error))
    if isinstance(error, pytest.fail.Exception):
        return Found("not_yet", str(error), "", tuple(questions))
    if isinstance(error, AssertionError):
        words = str(error)
        own = "" if words.startswith("assert ") else words.rpartition("\nassert ")[0] or words
        if told:
            return Found("not_yet", told[0], told[1] or own, tuple(questions))
        message, _, detail = (own or words).replace("\n  ", "\n").partition("\n")
        return Found("not_yet", message, detail, tuple(questions))
    line = failure.traceback[-1].lineno + 1
    what = f"The grader failed with {type(error).__name__}: {error} (line {line})."
    return Found("broken", what, str(failure.getrepr(style="short")))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "points(n): what the check counts.")
    config.addinivalue_line("markers", "hint(*questions): asked one at a time, easiest last.")
    config.addinivalue_line("markers", "takes(*files): what it takes beside what was handed out.")
    config.addinivalue_line("markers", "needs(*tools): what the exercise cannot do without.")
    source = given(config.getoption("--submission"))
    config.pluginmanager.register(Judge(find_exercises(config.rootpath), source), "judge")


def given(folder: Path | None) -> Source:
    """Give the source that takes from *folder*, or the references where there is none."""
    if folder is None:
        return lambda exercise: inspect(exercise.finished)
    return lambda exercise: take(exercise, folder)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("workbook", "The course's graders")
    group.addoption("--submission", type=existing_folder, help="The folder to judge.")
    group.addoption("--verdicts", type=Path, help="Write verdict documents below this folder.")


def existing_folder(text: str) -> Path:
    """Read the option's value, and refuse what is no folder."""
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"there is no folder {text}")
    return Path(text).resolve()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Print each verdict: the same words as `workbook check`."""
    judge = config.pluginmanager.get_plugin("judge")
    if not judge or not judge.verdicts:
        return
    terminalreporter.section("verdicts")
    for exercise, verdict in judge.verdicts.items():
        line = f"{exercise.id}: {verdict.outcome.replace('_', ' ')}, "
        terminalreporter.write_line(line + f"{verdict.points} of {verdict.of} points")
        for check in verdict.checks:
            if check.outcome != "passed":
                terminalreporter.write_line(f"  {check.title}\n    {check.message}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    judge = session.config.pluginmanager.get_plugin("judge")
    folder = session.config.getoption("--verdicts")
    if judge:
        judge.settle()
    for exercise, verdict in judge.verdicts.items() if judge and folder else ():
        file = folder / f"{exercise.id}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(verdict.to_json(), encoding="utf-8")
