"""Pack what is graded of a learner's folder into an archive: `workbook hand-in`."""

import io
import os
import stat
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from workbook import release
from workbook.course import LEFTOVERS, CourseError, Exercise, Files, digest
from workbook.folder import LearnerFolder
from workbook.intake import Intake, find_folder, read_file, take

OLDEST = (1980, 1, 1, 0, 0, 0)  # that a zip can tell
HISTORY = "history.diff"  # what every commit changed, for a judge who looks for secrets in it
LOG = ("log", "--all", "--patch", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv")


@dataclass(frozen=True)
class HandIn:
    """The files of an archive, what each exercise lacks, and which files stay out."""

    files: Files
    lacks: dict[str, str]
    left_out: list[str]


def collect(mine: LearnerFolder, exercises: Iterable[Exercise]) -> HandIn:
    """Take the graded files of *exercises* out of *mine*, as grading will take them."""
    files: dict[str, bytes] = {}
    lacks: dict[str, str] = {}
    known = {f"exercises/{each.id}/README.md" for each in exercises}
    checked = mine.progress()["exercises"]
    for each in exercises:
        taken, folder = take(each, mine.path), find_folder(each, mine.path)
        for name in taken.files:  # taken, they are no longer to the byte what stands there
            files[f"exercises/{each.files_at}/{name}"] = read_file(folder, name)[0] or b""
        if HISTORY in each.graded:  # last: what was committed since counts, not what lies there
            files[f"exercises/{each.files_at}/{HISTORY}"] = history(mine, each)
        lacks[each.id] = lack(each, taken, checked.get(each.id, {}))
    if not files:
        raise CourseError(f"There is nothing to hand in: {mine.path} has no file of an exercise.")
    top = mine.path / "exercises"
    there = {path.relative_to(mine.path) for path in top.rglob("*") if not path.is_dir()}
    apart = {os.fsencode(path).decode("utf-8", "backslashreplace") for path in there
             if not any(map(LEFTOVERS.search, path.parts))}  # fmt: skip
    return HandIn(files, lacks, sorted(apart - {*files} - known))


def history(mine: LearnerFolder, exercise: Exercise) -> bytes:
    """Give what the commits of an exercise's files changed; nothing where git has no answer.

    Locks stay out: they are long, and programs wrote them.
    """
    place = f"exercises/{exercise.files_at}"
    words = (*LOG, "--", place, f":!{place}/requirements*.txt")
    return release.git(mine.path, *words, fails=True).decode("utf-8", "replace").encode()


def lack(exercise: Exercise, taken: Intake, entry: dict[str, object]) -> str:
    """Say what an exercise lacks; nothing where its last check passed on these very files."""
    if taken.files == exercise.start:
        return "not begun"
    if taken.problem:
        return taken.problem
    if "outcome" not in entry:
        return "never checked"
    if entry.get("start") != digest(exercise.start):
        return "the exercise has changed since the last check"
    if entry.get("files") != digest(taken.files):
        return "changed since the last check"
    return "" if entry["outcome"] == "passed" else "not passed by the last check"


def named(lacks: dict[str, str], what: str) -> list[str]:
    """Name the exercises that lack *what*; a module as one where that is true of all of it."""
    module = {name: name.partition("/")[0] for name in lacks}
    rest = {module[name] for name, lack in lacks.items() if lack != what}
    counts = Counter(module.values())
    lacking = (name for name, lack in lacks.items() if lack == what)
    return list(dict.fromkeys(
        name if module[name] in rest or counts[module[name]] == 1
        else f"{module[name]}: all {counts[module[name]]}"
        for name in lacking
    ))  # fmt: skip


def archive(files: Files) -> bytes:
    """Give the zip of *files*: the same bytes for the same files, whenever and wherever."""
    stream = io.BytesIO()
    with ZipFile(stream, "w") as made:  # as they are: how well zlib packs differs by its release
        for name in sorted(files):
            entry = ZipInfo(name, OLDEST)
            entry.create_system, entry.external_attr = 3, (stat.S_IFREG | 0o644) << 16
            made.writestr(entry, files[name])
    return stream.getvalue()


def place(mine: LearnerFolder, out: Path | None, name: str) -> Path:
    """Give where the archive goes: grading takes its name, without .zip, as the student's."""
    path = Path(os.path.abspath(out or mine.path / f"{name.strip().removesuffix('.zip')}.zip"))
    if path.name.startswith(".") or path.suffix != ".zip" or not path.stem.isprintable():
        raise CourseError(f"{path.name} will not do: the archive is called like you, NAME.zip.")
    if not out and path.parent != mine.path:
        raise CourseError(f"{name} is a path. Name yourself, or the archive's file with --out.")
    if os.path.lexists(path) and not path.is_file():
        raise CourseError(f"{path} is there, and no file. Name another with --out.")
    return path


def write(path: Path, content: bytes) -> None:
    """Write the archive, and the folder it is to stand in."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise CourseError(
            f"{path} cannot be written: {error.strerror}.\nName another place with --out."
        ) from None
