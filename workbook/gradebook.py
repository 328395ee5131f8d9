"""The gradebook: every verdict ever reached, in one SQLite file that survives whatever ends a run.

A verdict is one transaction, keyed by the digests of submission and grader. Which verdict stands
for a student and an exercise is a row of its own: regrading adds, and takes nothing away.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from workbook.course import CourseError, Exercise, Files, read_tree

FILE = "gradebook.sqlite"
SCHEMA = """
PRAGMA user_version = 1;
CREATE TABLE IF NOT EXISTS student (
  name TEXT PRIMARY KEY,
  note TEXT NOT NULL DEFAULT ''  -- what is wrong with the whole submission, if anything
);
CREATE TABLE IF NOT EXISTS verdict (
  id INTEGER PRIMARY KEY,
  student TEXT NOT NULL REFERENCES student (name),
  exercise TEXT NOT NULL,
  files TEXT NOT NULL,           -- the digest of what was graded, '' where nothing was
  grader TEXT NOT NULL,          -- the digest of what it was graded by
  intake TEXT NOT NULL,          -- what kept the files from being asked, if anything
  confined INTEGER NOT NULL,     -- 0 where --trusted was given
  outcome TEXT NOT NULL,
  points INTEGER NOT NULL,
  of INTEGER NOT NULL,
  document TEXT NOT NULL,        -- the verdict document
  questions TEXT NOT NULL,       -- of each check that is not passed, by its id, as JSON
  UNIQUE (student, exercise, files, grader, intake, confined)
);
CREATE INDEX IF NOT EXISTS same ON verdict (exercise, files, grader, intake, confined);
CREATE TABLE IF NOT EXISTS standing (
  student TEXT NOT NULL,
  exercise TEXT NOT NULL,
  verdict INTEGER NOT NULL REFERENCES verdict (id),
  PRIMARY KEY (student, exercise)
) WITHOUT ROWID;
"""
KEY = ("exercise", "files", "grader", "intake", "confined")
FIELDS = ("student", *KEY, "outcome", "points", "of", "document", "questions")
RESULT = ", ".join(f"{name} = excluded.{name}" for name in FIELDS[6:])
WHERE_SAME = " AND ".join(f"{name} = ?" for name in KEY)


@dataclass(frozen=True)
class Entry:
    """One verdict in the book. *outcome* is a verdict's, or not_submitted.

    *document* is the verdict document, *questions* what is asked about each check that is open.
    """

    student: str
    exercise: str
    files: str
    grader: str
    intake: str
    confined: bool
    outcome: str
    points: int
    of: int
    document: str
    questions: str

    @property
    def verdict(self) -> dict[str, Any]:
        """The verdict document, parsed."""
        found: dict[str, Any] = json.loads(self.document)
        return found

    @property
    def asked(self) -> Mapping[str, list[str]]:
        """The questions of each open check, parsed."""
        found: dict[str, list[str]] = json.loads(self.questions)
        return found


class Gradebook:
    """The gradebook in a folder: `with Gradebook(folder) as book`."""

    def __init__(self, folder: Path, make: bool = False) -> None:
        self.path = folder / FILE
        if not make and not self.path.is_file():
            raise CourseError(
                f"There is no {self.path}.\nMake one: workbook grade … --out {folder}"
            )
        folder.mkdir(parents=True, exist_ok=True)
        self.rows = sqlite3.connect(self.path, timeout=30)
        try:
            self.rows.execute("PRAGMA journal_mode = WAL")
            self.rows.execute("PRAGMA synchronous = NORMAL")
            [version] = self.rows.execute("PRAGMA user_version").fetchone()
            if version not in (0, 1):
                raise CourseError(f"{self.path} has schema {version}, this release reads schema 1.")
            self.rows.executescript(SCHEMA)
        except sqlite3.DatabaseError as error:
            self.rows.close()
            raise CourseError(
                f"{self.path} is no gradebook: {error}.\nName another folder with --out."
            ) from None

    def __enter__(self) -> "Gradebook":
        return self

    def __exit__(self, *_: object) -> None:
        self.rows.close()

    def enter_student(self, name: str, note: str = "") -> None:
        """Enter a student, with what is wrong with the submission as a whole."""
        with self.rows:
            self.rows.execute(
                "INSERT INTO student VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET note = ?",
                (name, note, note),
            )

    def enter(self, entry: Entry) -> None:
        """Enter a verdict in one transaction, and let it stand; one that is there is kept."""
        values = [getattr(entry, name) for name in FIELDS]
        marks = ", ".join("?" * len(FIELDS))
        with self.rows:
            self.rows.execute(
                f"INSERT INTO verdict ({', '.join(FIELDS)}) VALUES ({marks}) ON CONFLICT DO UPDATE "
                f"SET {RESULT} WHERE outcome = 'broken'",
                values,
            )
            key = [getattr(entry, name) for name in KEY]
            self.rows.execute(
                "INSERT OR REPLACE INTO standing SELECT student, exercise, id FROM verdict "
                f"WHERE student = ? AND {WHERE_SAME}",
                [entry.student, *key],
            )

    def known(self, key: Mapping[str, Any]) -> Entry | None:
        """Give the verdict on equal files by an equal grader, whosever they were."""
        found = self.rows.execute(
            f"SELECT {', '.join(FIELDS)} FROM verdict WHERE {WHERE_SAME} "
            "AND outcome != 'broken' LIMIT 1",
            [key[name] for name in KEY],
        ).fetchone()
        return Entry(*found) if found else None

    def students(self) -> Iterator[tuple[str, str]]:
        """Give each student's name and note, by name."""
        with closing(self.rows.execute("SELECT name, note FROM student ORDER BY name")) as rows:
            yield from rows

    def standing(self, student: str | None = None) -> Iterator[Entry]:
        """Give the verdicts that stand, by student and exercise, one at a time."""
        names = ", ".join(f"verdict.{name}" for name in FIELDS)
        query = (
            f"SELECT {names} FROM standing JOIN verdict ON verdict.id = standing.verdict "
            "WHERE ?1 IS NULL OR standing.student = ?1 "
            "ORDER BY standing.student, standing.exercise"
        )
        with closing(self.rows.execute(query, (student,))) as rows:
            for row in rows:
                yield Entry(*row)

    def history(self) -> Iterator[Entry]:
        """Give every verdict ever entered, the earliest first."""
        query = f"SELECT {', '.join(FIELDS)} FROM verdict ORDER BY id"
        with closing(self.rows.execute(query)) as rows:
            for row in rows:
                yield Entry(*row)

    def merge(self, other: "Gradebook") -> None:
        """Take in all of *other*: what stands there stands here where nothing stood, or anew."""
        for name, note in other.students():
            self.enter_student(name, note)
        for entry in chain(other.history(), other.standing()):
            self.enter(entry)


@contextmanager
def opened(folders: Sequence[Path]) -> Iterator[Gradebook]:
    """Open the book in one folder, or all of several as one that is gone afterwards."""
    with ExitStack() as stack:
        books = [stack.enter_context(Gradebook(folder)) for folder in folders]
        if len(books) > 1:
            place = Path(stack.enter_context(TemporaryDirectory()))
            whole = stack.enter_context(Gradebook(place, make=True))
            for book in books:
                whole.merge(book)
            books = [whole]
        yield books[0]


def grader_digest(exercise: Exercise, tool: str) -> str:
    """Give one digest of all that decides a verdict: grader, its data, start, the *tool* itself."""
    found = hashlib.sha256(tool.encode())
    data = grader_data(exercise)
    for part in (exercise.grader.read_bytes(), exercise.id.encode()):
        found.update(hashlib.sha256(part).digest())
    for files in (data, exercise.start, exercise.reference):
        for name, content in sorted(files.items()):
            found.update(hashlib.sha256(name.encode() + b"\0" + content).digest())
    return "sha256:" + found.hexdigest()


def grader_data(exercise: Exercise) -> Files:
    """Give what a grader has beside it, without the answers that prove it."""
    fixtures = read_tree(exercise.fixtures, False) if exercise.fixtures.is_dir() else {}
    return {
        name: content
        for name, content in fixtures.items()
        if name.partition("/")[0] not in ("wrong", "right", "answers.toml")
    }


def grader_sources(exercise: Exercise) -> Files:
    """Give the Python of a grader: its own file, and what stands beside it."""
    beside = {name: text for name, text in grader_data(exercise).items() if name.endswith(".py")}
    return {**beside, exercise.grader.name: exercise.grader.read_bytes()}
