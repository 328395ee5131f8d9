"""The verdict document: one JSON shape for the terminal, the page, CI and the batch."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from workbook.course import Exercise, Files, digest

Outcome = Literal["passed", "not_yet", "broken"]


@dataclass
class CheckVerdict:
    """One check's part: *message* compares between places, *detail* is a tool's own words.

    *questions* are what to ask the learner, in order: the document carries only their number.
    """

    id: str
    title: str
    outcome: Outcome
    points: int
    of: int
    message: str = ""
    questions: list[str] = field(default_factory=list)
    detail: str = ""

    def document(self) -> dict[str, Any]:
        """Give the check as it stands in the document."""
        parts = asdict(self)
        parts["hints"] = len(parts.pop("questions"))
        parts["detail"] = parts.pop("detail")
        return parts


@dataclass
class Verdict:
    """What the judge found: totals follow from the checks, whose set is known before the run."""

    exercise: str
    start: str
    files: str
    checks: list[CheckVerdict]

    @property
    def outcome(self) -> Outcome:
        outcomes = {check.outcome for check in self.checks}
        if not outcomes or "broken" in outcomes:
            return "broken"
        return "passed" if outcomes == {"passed"} else "not_yet"

    @property
    def points(self) -> int:
        return sum(check.points for check in self.checks)

    @property
    def of(self) -> int:
        return sum(check.of for check in self.checks)

    def first_open(self) -> CheckVerdict | None:
        """Give the check to work on: the first that is not passed, before all those with a fact.

        What no question belongs to, a file that is missing or a loop without an end, is mended
        before anybody thinks about concepts.
        """
        open_ = [check for check in self.checks if check.outcome != "passed"]
        return next((check for check in open_ if not check.questions), next(iter(open_), None))

    def document(self) -> dict[str, Any]:
        """Give the versioned document; equal submissions give equal documents."""
        return {
            "schema": 1,
            "exercise": self.exercise,
            "start": self.start,
            "files": self.files,
            "outcome": self.outcome,
            "points": self.points,
            "of": self.of,
            "checks": [check.document() for check in self.checks],
        }

    @classmethod
    def from_json(cls, text: str, questions: Mapping[str, list[str]]) -> "Verdict":
        """Give the verdict that to_json wrote, with the *questions* of each open check."""
        found = json.loads(text)
        names = ("id", "title", "outcome", "points", "of", "message", "detail")
        checks = [
            CheckVerdict(**{name: check[name] for name in names},
                         questions=questions.get(check["id"], []))
            for check in found["checks"]
        ]  # fmt: skip
        return cls(found["exercise"], found["start"], found["files"], checks)

    def to_json(self) -> str:
        """Give the document's bytes as text, one way only."""
        return json.dumps(self.document(), indent=1, ensure_ascii=False) + "\n"


def unanswered(exercise: Exercise, files: Files) -> Verdict:
    """Give the verdict before any check has run: each one is *not yet*."""
    checks = [
        CheckVerdict(check.id, check.title, "not_yet", 0, check.points, "The check did not run.")
        for check in exercise.checks
    ]
    graded = {name: files[name] for name in exercise.graded if name in files}
    return Verdict(exercise.id, digest(exercise.start), digest(graded), checks)
