"""Bring what a learner did on the site into their own folder: `workbook import`.

A page exports two files: the progress, and an archive of what was changed there. Nothing that the
learner changed in their folder is replaced.
"""

from pathlib import Path
from typing import Any
from zipfile import is_zipfile

from workbook.archive import note_of, unpacked
from workbook.course import CourseError, Exercise, Files, digest
from workbook.folder import LearnerFolder, read_progress, standing
from workbook.intake import find_folder, read_file, take
from workbook.release import File, put

# Of an entry: whether it is of today's exercise, passed, checked at all; then its points.
Worth = tuple[bool, bool, bool, float]


def bring(mine: LearnerFolder, path: Path, exercises: list[Exercise]) -> dict[str, list[str]]:
    """Bring the progress or the archive at *path* into *mine*; give what to tell, with its names.

    Raises CourseError for what is neither, and then nothing is changed.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path} cannot be read: {error.strerror}.") from None
    if theirs := read_progress(content):
        starts = {each.id: digest(each.start) for each in exercises}
        mine.save(join(mine.progress(), theirs, starts))
        return {}
    found, why = {}, ""
    if is_zipfile(path):
        with unpacked(path) as (there, refused):
            why = note_of(refused)
            found = {
                f"exercises/{each.files_at}/{name}": (text, each.start.get(name))
                for each in exercises
                for name, text in files_of(each, there).items()
            }
    if not found:
        raise CourseError(
            f"{path} holds neither progress nor a file of an exercise. {why}".strip()
            + "\nName the progress.json or the my-files.zip that the site exported."
        )
    told: dict[str, list[str]] = {}
    for name, (text, start) in found.items():
        told.setdefault(settle(mine.path, name, text, start), []).append(name)
    return told


def files_of(exercise: Exercise, there: Path) -> Files:
    """Give the graded files of an exercise, as far as they are in what was unpacked."""
    folder = find_folder(exercise, there)
    taken = {name: read_file(folder, name)[0] for name in exercise.graded}
    return {name: text for name, text in taken.items() if text is not None}


def settle(folder: Path, name: str, text: bytes, start: bytes | None) -> str:
    """Write a file, unless the learner has one of their own there; say what became of it."""
    ours, way = standing(folder, name)
    if ours and ours.content == text:
        return "there already"
    if way or (ours and ours.content != start):
        return "kept"
    put(folder, name, File(text, bool(ours and ours.executable)))
    return "imported"


def join(mine: dict[str, Any], theirs: dict[str, Any], starts: dict[str, str]) -> dict[str, Any]:
    """Join two progress documents as a page does: of each exercise the better entry stays."""

    def worth(name: str, entry: dict[str, Any]) -> Worth:
        points = entry.get("points")
        return (entry.get("start") == starts.get(name), entry.get("outcome") == "passed",
                "outcome" in entry, points if isinstance(points, int) else 0)  # fmt: skip

    entries = dict(mine["exercises"])
    for name, their in theirs["exercises"].items():
        our = entries.get(name, their)
        better = their if worth(name, their) > worth(name, our) else our
        shown = [*our.get("hints", {}).items(), *their.get("hints", {}).items()]
        hints: dict[str, int] = {}
        for check, number in shown:
            hints[check] = max(hints.get(check, 0), number if isinstance(number, int) else 0)
        entries[name] = {**better, **({"hints": hints} if hints else {})}
    # Only a page answers questions: what it says of them is the newer.
    return {**mine, **theirs, "exercises": entries, "quizzes": mine["quizzes"] | theirs["quizzes"]}


def passed_elsewhere(mine: LearnerFolder, exercises: list[Exercise]) -> list[str]:
    """Name the exercises that passed with other files than those that stand here."""
    known = mine.progress()["exercises"]
    return [
        each.id
        for each in exercises
        if mine.state(each, digest(each.start)) == "passed"
        and known[each.id].get("files") != digest(take(each, mine.path).files)
    ]
