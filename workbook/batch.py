"""Grade a folder of submissions: `workbook grade`.

This process reads what students handed in and writes the gradebook. Judges behind the wall of
`workbook.sandbox` do the rest, one job at a time each; one that ends is replaced.
"""

import base64
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workbook import sandbox, tools
from workbook.archive import note_of, unpacked
from workbook.course import ROOT, CourseError, Exercise, Files, digest, find_exercises
from workbook.gradebook import Entry, Gradebook, grader_digest, grader_sources
from workbook.intake import Intake, find_folder, folded, take
from workbook.show import console
from workbook.verdict import Outcome, unanswered

ARCHIVES = (".zip", ".tar.gz", ".tgz")
ABSENT = "Nothing was handed in for this exercise."
ENDED = "The judge ended before it had a verdict."


@dataclass
class Job:
    """What a judge is asked; equal files of several *students* are judged once."""

    exercise: Exercise
    taken: Intake
    key: dict[str, Any]
    students: list[str]


class JudgeServer:
    """A judge behind the outer wall; started when it is first asked, and again where it ended."""

    def __init__(self, number: int, root: Path, trusted: bool) -> None:
        wall = [] if trusted else sandbox.outer(number, root)
        how = "trusted" if trusted else "confined"
        self.command = [*wall, sys.executable, "-I", "-m", "workbook.judge", str(root), how]
        self.number, self.trusted = number, trusted
        self.group: Path | None = None
        self.process: subprocess.Popen[bytes] | None = None
        self.closed = False

    def judge(self, exercise: Exercise, taken: Intake) -> Any:
        """Give the verdict document and the questions on what was taken, or None as `ask` does."""
        files = {name: base64.b64encode(text).decode() for name, text in taken.files.items()}
        told = {"problem": taken.problem, "detail": taken.detail}
        return self.ask({"exercise": exercise.id, "files": files, **told})

    def ask(self, asked: object) -> Any:
        """Give the answer to *asked*; None where the judge ended over it, twice."""
        for _ in range(2):
            with suppress(OSError, ValueError):  # gone, or gone in the middle of an answer
                asks, answers = self.pipes()
                asks.write(json.dumps(asked).encode() + b"\n")
                asks.flush()
                if found := answers.readline():
                    return json.loads(found)
            self.end()
        return None

    def pipes(self) -> tuple[Any, Any]:
        """Give the standard streams of the judge, which is started where there is none."""
        if self.process is None or self.process.poll() is not None:
            self.end()
            if self.closed:
                raise OSError("closed")
            start, self.group = ([], None) if self.trusted else sandbox.grouped(self.number)
            self.process = subprocess.Popen(  # noqa: S603 - our own command
                [*start, *self.command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env={"PATH": os.defpath}, start_new_session=True,
            )  # fmt: skip
        return self.process.stdin, self.process.stdout

    def end(self) -> None:
        """End the judge and all that it runs."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            for pipe in (self.process.stdin, self.process.stdout):
                if pipe:
                    with suppress(OSError):  # what it did not read any more
                        pipe.close()
            self.process = None
        if self.group:
            with suppress(OSError):  # something in it still ends; the next judge clears it away
                self.group.rmdir()

    def close(self) -> None:
        """End the judge for good."""
        self.closed = True
        self.end()


@dataclass
class Grading:
    """One run: where verdicts go, what they are keyed by, and how far it is."""

    book: Gradebook
    graders: Mapping[Exercise, str]
    confined: bool
    bar: Progress

    def key(self, exercise: Exercise, taken: Intake) -> dict[str, Any]:
        """Give all that a verdict depends on."""
        return {
            "exercise": exercise.id,
            "files": digest(taken.files) if taken.files else "",
            "grader": self.graders[exercise],
            "intake": taken.problem,
            "confined": int(self.confined),
        }

    def enter(self, job: Job, outcome: str, document: str, questions: str) -> None:
        """Enter a verdict for each student of *job*."""
        verdict = json.loads(document)
        for student in job.students:
            self.book.enter(Entry(
                student=student, **job.key, outcome=outcome or verdict["outcome"],
                points=verdict["points"], of=verdict["of"], document=document, questions=questions,
            ))  # fmt: skip
            self.bar.advance(self.bar.task_ids[0])

    def blank(self, job: Job, outcome: Outcome, message: str) -> str:
        """Give the document of a verdict that no judge reached."""
        verdict = unanswered(job.exercise, job.taken.files)
        for check in verdict.checks:
            check.outcome, check.message = outcome, message
        return verdict.to_json()


def grade_batch(
    submissions: Path,
    out: Path,
    root: Path = ROOT,
    workers: int = 0,
    only: str = "",
    shard: tuple[int, int] = (1, 1),
    trusted: bool = False,
) -> Counter[str]:
    """Grade every submission in the folder *submissions* into the gradebook in *out*.

    *only* names a module or an exercise; *shard* is which part of the students, from 1, of how
    many. Gives how often each outcome stands. Raises CourseError where the folder cannot be used
    or the judges cannot be confined.
    """
    if not submissions.is_dir():
        raise CourseError(f"There is no folder {submissions}.\nName one with a folder a student.")
    exercises = [
        each for each in find_exercises(root) if only in ("", each.module, each.module[:2], each.id)
    ]
    if not exercises:
        raise CourseError(f"{only} is no module or exercise of this course.")
    handed_in = [each for each in find_submissions(submissions) if is_of(shard, each[0])]
    servers = [JudgeServer(n, root, trusted) for n in range(workers or os.cpu_count() or 1)]
    with ExitStack() as stack:
        book = stack.enter_context(Gradebook(out, make=True))
        for server in servers:
            stack.callback(server.close)
        prepare()
        if not trusted:
            refuse_unconfined(servers[0])
        bar = stack.enter_context(Progress(
            TextColumn("Grading"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            console=console, transient=True,
        ))  # fmt: skip
        bar.add_task("", total=len(handed_in) * len(exercises))
        grading = Grading(book, graders_of(exercises), not trusted, bar)
        run(find_jobs(handed_in, exercises, grading), servers, grading)
        return Counter(entry.outcome for entry in book.standing())


def prepare() -> None:
    """Make what judges only read, while there is no wall yet: mypy's caches.

    Raises ModuleNotFoundError where the judges would lack what they are made of.
    """
    for module in ("pytest", "workbook.learner"):  # the bytecode of the second too
        importlib.import_module(module)
    if tools.is_installed("mypy"):
        for flags in tools.MYPY:
            tools.mypy_cache(*flags)


def refuse_unconfined(server: JudgeServer) -> None:
    """Let a judge try its own wall; raises CourseError unless that holds."""
    found = server.ask("breaches")
    if found is None:
        found = ["No judge could be started behind it."]
    if found:
        raise CourseError(
            "The sandbox does not hold here, so nothing was graded:\n"
            + "\n".join(f"  {what}" for what in found)
            + "\nThe instructor guide says what it needs. Only for people you trust: --trusted."
        )


def graders_of(exercises: Iterable[Exercise]) -> dict[Exercise, str]:
    """Give each exercise the digest of what grades it: this tool and its lock as well."""
    parts = [*sorted((ROOT / "workbook").glob("*.py")), ROOT / "requirements.txt"]
    tool = sha256(b"".join(sha256(path.read_bytes()).digest() for path in parts)).hexdigest()
    asked = list(exercises)
    own = {each: grader_digest(each, tool) for root in {each.root for each in asked}
           for each in find_exercises(root)}  # fmt: skip
    lent = {each: sorted(own[other] for other in lenders(each, [*own])) for each in asked}
    return {each: "sha256:" + sha256(" ".join([own[each], *lent[each]]).encode()).hexdigest()
            for each in asked}  # fmt: skip


def lenders(exercise: Exercise, known: list[Exercise]) -> set[Exercise]:
    """Give the others whose graders this one may load: those that it names, and those they name."""
    found, left = {exercise}, [exercise]
    while left:
        each = left.pop()
        text = "\n".join(content.decode() for content in grader_sources(each).values())
        named = {other for other in known if other.id in text
                 or (other.module == each.module and f'"{other.name}"' in text)
                 or (other.name == each.name and f'"{other.module}"' in text)}  # fmt: skip
        left += named - found
        found |= named
    return found - {exercise}


def find_submissions(folder: Path) -> list[tuple[str, Path]]:
    """List students and what they handed in: a folder or an archive each, the folder first."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir(), key=lambda path: (path.is_file(), path.name)):
        ending = next((each for each in ARCHIVES if path.name.endswith(each)), "")
        if not path.name.startswith(".") and (ending or not path.is_file()):
            found.setdefault(path.name.removesuffix(ending) if path.is_file() else path.name, path)
    return sorted(found.items())


def shard_of(text: str, variables: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """Read I/N; without *text* what GitLab or Kubernetes says of the job, else the whole.

    A Kubernetes Job tells its index, from 0, but not how many there are: JOB_COMPLETIONS does.
    """
    if not text and "CI_NODE_INDEX" in variables and "CI_NODE_TOTAL" in variables:
        text = f"{variables['CI_NODE_INDEX']}/{variables['CI_NODE_TOTAL']}"
    elif not text and "JOB_COMPLETION_INDEX" in variables:
        index, whole = variables["JOB_COMPLETION_INDEX"], variables.get("JOB_COMPLETIONS", "?")
        text = f"{int(index) + 1 if index.isdecimal() else index}/{whole}"
    part, _, parts = (text or "1/1").partition("/")
    if not (part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise CourseError(
            f"{text} is no shard: give I/N, the first is 1/N.\n"
            "In a Kubernetes Job set JOB_COMPLETIONS to the number of its completions."
        )
    return int(part), int(parts)


def files_of(submissions: Path) -> Callable[[str, str], Files]:
    """Give what reads the graded files again, of a student and an exercise."""
    handed_in = {book_name(name): path for name, path in find_submissions(submissions)}
    exercises = {each.id: each for each in find_exercises()}

    def read(student: str, exercise: str) -> Files:
        if student not in handed_in:
            return {}
        with unpacked(handed_in[student]) as (folder, _):
            return take(exercises[exercise], folder).files

    return read


def book_name(name: str) -> str:
    """Give a folder's name as the book holds it: what is not UTF-8 is spelt out."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def is_of(shard: tuple[int, int], student: str) -> bool:
    """Whether *student* is of that part: by the name, so that nobody moves when one is added."""
    number = int.from_bytes(sha256(os.fsencode(student)).digest()[:8], "big")
    return number % shard[1] == shard[0] - 1


def find_jobs(
    handed_in: Iterable[tuple[str, Path]], exercises: list[Exercise], grading: Grading
) -> Iterator[Job]:
    """Enter what needs no judge; give the rest as jobs."""
    for name, path in handed_in:
        student = book_name(name)
        with unpacked(path) as (folder, refused):
            there = {each for each in exercises if find_folder(each, folder).is_dir()}
            nothing = "" if there else "Nothing was handed in."
            grading.book.enter_student(student, note_of(refused) or nothing)
            for exercise in exercises:
                taken = (
                    take(exercise, folder) if exercise in there else Intake({}, nothing or ABSENT)
                )
                blamed = reason_for(exercise, refused)
                if blamed:
                    taken = replace(taken, problem=blamed)
                job = Job(exercise, taken, grading.key(exercise, taken), [student])
                if exercise not in there and not blamed:
                    grading.enter(job, "not_submitted", grading.blank(job, "not_yet", ABSENT), "{}")
                elif known := grading.book.known(job.key):
                    grading.enter(job, known.outcome, known.document, known.questions)
                else:
                    yield job


def reason_for(exercise: Exercise, refused: Mapping[str, str]) -> str:
    """Give why one of the exercise's files was refused, or nothing."""
    wanted = tuple(folded(f"/{exercise.files_at}/{name}") for name in exercise.graded)
    return next((why for name, why in refused.items() if folded(f"/{name}").endswith(wanted)), "")


def run(jobs: Iterator[Job], servers: list[JudgeServer], grading: Grading) -> None:
    """Let *servers* do *jobs*, and enter each verdict as it comes."""
    todo: queue.SimpleQueue[Job] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[Job, Any]] = queue.SimpleQueue()
    waiting: dict[tuple[Any, ...], Job] = {}

    def serve(server: JudgeServer) -> None:
        while not server.closed:
            job, found = todo.get(), None
            try:
                found = server.judge(job.exercise, job.taken)
            finally:  # whatever went wrong: nobody waits for ever
                done.put((job, found))

    def settle() -> None:
        job, found = done.get()
        del waiting[tuple(job.key.values())]
        if found is None:
            found = {"document": grading.blank(job, "broken", ENDED), "questions": {}}
        grading.enter(job, "", found["document"], json.dumps(found["questions"]))

    for server in servers:
        threading.Thread(target=serve, args=(server,), daemon=True).start()
    for job in jobs:
        same = waiting.setdefault(tuple(job.key.values()), job)
        if same is not job:
            same.students += job.students
            continue
        todo.put(job)
        while len(waiting) >= 2 * len(servers):
            settle()
    while waiting:
        settle()
