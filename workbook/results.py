"""What a gradebook says of each student and each exercise of the course, one student at a time."""

import hashlib
import heapq
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TextIO

from workbook import show
from workbook.course import CourseError, Exercise
from workbook.gradebook import Entry, Gradebook
from workbook.verdict import unanswered

WORDS = {**show.WORDS, "not_submitted": "not handed in", "not_graded": "not graded"}
# What is not to stand in XML 1.0 (section 2.2) or in HTML: controls, surrogates, noncharacters.
ILLEGAL = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")
# What every file system keeps apart and allows, and is not what `file_name` makes of another name.
PLAIN = re.compile(
    r"(?!(?:con|prn|aux|nul|com\d|lpt\d)$)(?!.*-[0-9a-f]{16}$)[a-z0-9][a-z0-9_-]{0,59}"
)


@dataclass(frozen=True)
class Result:
    """What stands for one exercise; without an *entry* nobody has graded it yet."""

    exercise: Exercise
    entry: Entry | None

    @property
    def outcome(self) -> str:
        """The verdict's outcome, not_submitted or not_graded."""
        return self.entry.outcome if self.entry else "not_graded"

    @property
    def points(self) -> int:
        return self.entry.points if self.entry else 0

    @property
    def of(self) -> int:
        return self.entry.of if self.entry else sum(each.points for each in self.exercise.checks)

    @property
    def ran(self) -> bool:
        """Whether there is a verdict on something that was handed in."""
        return self.outcome in show.WORDS

    @property
    def confined(self) -> bool:
        """False where what was handed in ran with all the rights of whoever graded it."""
        return not self.ran or self.entry is None or bool(self.entry.confined)

    @property
    def checks(self) -> list[dict[str, Any]]:
        """The checks as the verdict document has them; without one, as the grader has them."""
        if self.entry and self.ran:
            return list(self.entry.verdict["checks"])
        checks = unanswered(self.exercise, {}).checks
        return [{**each.document(), "message": ""} for each in checks]

    def outcome_of(self, check: Mapping[str, Any]) -> str:
        """Give the outcome of one of the checks: the whole result's where none was reached."""
        return str(check["outcome"]) if self.ran else self.outcome

    def question(self, check: Mapping[str, Any]) -> str:
        """Give what is asked first about *check*; nothing where it passed."""
        asked = self.entry.asked.get(check["id"]) if self.entry and self.ran else None
        return asked[0] if asked and check["outcome"] != "passed" else ""


@dataclass(frozen=True)
class Student:
    """One student: *note* is about the whole submission, *results* are in the course's order."""

    name: str
    note: str
    results: tuple[Result, ...]

    @property
    def points(self) -> int:
        return sum(each.points for each in self.results)

    @property
    def of(self) -> int:
        return sum(each.of for each in self.results)

    @property
    def file_name(self) -> str:
        """A name for this student's file: another one for every other student.

        A name that is not plain gets a digest, so that no two meet when what is unsafe is gone,
        in any case of letters; a name that looks as if it had one gets one as well.
        """
        if PLAIN.fullmatch(self.name):
            return self.name
        words = re.sub(r"[^a-z0-9]+", "-", self.name.lower())[:40].strip("-") or "student"
        return f"{words}-{hashlib.sha256(self.name.encode()).hexdigest()[:16]}"


def read_students(book: Gradebook, exercises: Sequence[Exercise]) -> Iterator[Student]:
    """Give each student of *book*, by name, with a result for each of *exercises*.

    Two ordered readings are merged: no more than one student is in memory at a time.
    """
    notes: Iterator[tuple[str, str | Entry]] = book.students()
    entries: Iterator[tuple[str, str | Entry]] = ((each.student, each) for each in book.standing())
    by_name = itemgetter(0)
    for name, rows in groupby(heapq.merge(notes, entries, key=by_name), key=by_name):
        note, standing = "", {}
        for _, found in rows:
            if isinstance(found, Entry):
                standing[found.exercise] = found
            else:
                note = found
        yield Student(name, note, tuple(Result(each, standing.get(each.id)) for each in exercises))


def printable(text: str) -> str:
    """Put U+FFFD in the place of each character that is not to stand in XML or HTML."""
    return ILLEGAL.sub("\ufffd", text)


def create(path: Path) -> TextIO:
    """Open *path* to be written anew, with the folders that it stands in."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w", encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror}.\nName another place with --out."
        ) from None
