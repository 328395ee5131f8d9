"""The report of a gradebook: pages that a browser reads offline, one for each student and an index.

Every page stands alone, its style inside: it can be handed to the student whom it is about.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from workbook.course import Exercise, Files, digest
from workbook.gradebook import Gradebook
from workbook.results import WORDS, Result, Student, create, printable, read_students
from workbook.show import MARKS, clipped
from workbook.similar import Pair, similar


@dataclass
class Tally:
    """What is counted over all students."""

    students: int = 0
    points: int = 0
    of: int = 0
    unconfined: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    checks: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    misconceptions: Counter[tuple[Exercise, str]] = field(default_factory=Counter)
    handed_in: dict[str, list[str]] = field(default_factory=dict)

    def add(self, student: Student) -> None:
        """Count one more student."""
        self.students += 1
        self.points += student.points
        self.of += student.of
        for result in student.results:
            self.outcomes[result.outcome] += 1
            self.unconfined += not result.confined
            if result.ran:
                self.handed_in.setdefault(result.exercise.id, []).append(student.name)
                for check in result.checks:
                    self.checks[result.exercise.id, check["id"], check["outcome"]] += 1
                if mistake := misconception(result):
                    self.misconceptions[result.exercise, mistake] += 1


def write_html(
    book: Gradebook,
    exercises: Sequence[Exercise],
    out: Path,
    *,
    handed_in: Callable[[str, str], Files] | None = None,
) -> None:
    """Write the report into the folder *out*: index.html, and a page for each student.

    *handed_in* gives the graded files of a student and an exercise: then near-identical ones are
    shown.
    """
    pages = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    pages.filters["clipped"] = clipped
    pages.globals.update(words=WORDS, marks={name: mark for name, (mark, _) in MARKS.items()})
    tally = Tally()
    feedback = pages.get_template("feedback.html")
    for student in read_students(book, exercises):
        tally.add(student)
        with create(out / "students" / f"{student.file_name}.html") as file:
            file.write(feedback.render(student=student))
    index = pages.get_template("index.html").stream(
        exercises=exercises,
        students=read_students(book, exercises),  # once more, so that no two are kept
        tally=tally,
        pairs=list(near(exercises, tally, handed_in)) if handed_in else None,
    )
    index.enable_buffering(50)
    with create(out / "index.html") as file:
        file.writelines(index)


def misconception(result: Result) -> str | None:
    """Name the wrong answer of answers.toml that this one is like, if it is like any.

    The same checks refuse it, and the first question is the same. A start that nobody changed
    says nothing about what anybody believes.
    """
    document = result.entry.verdict if result.entry else {}
    if result.outcome != "not_yet" or document["files"] == document["start"]:
        return None
    refused = {check["id"]: result.question(check) for check in result.checks
               if check["outcome"] == "not_yet"}  # fmt: skip
    if not all(refused.values()):
        return None  # a fact comes before every question: see Verdict.first_open
    asked = next(iter(refused.values()))
    for name, declared in result.exercise.answers.get("wrong", {}).items():
        if {*refused} == {*declared["refused_by"]} and asked.startswith(declared["advice"]):
            return name
    return None


def near(
    exercises: Sequence[Exercise], tally: Tally, handed_in: Callable[[str, str], Files]
) -> Iterator[tuple[Exercise, Pair]]:
    """Give near-identical submissions, apart from those that are the reference to the letter."""
    for exercise in exercises:
        finished = digest(exercise.finished)
        found = {
            name: files
            for name in tally.handed_in.get(exercise.id, ())
            if digest(files := handed_in(name, exercise.id)) != finished
        }
        yield from ((exercise, pair) for pair in similar(found, exercise.start))
