"""A learner's own folder: made by `workbook start`, found from inside, with its progress."""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbook import release
from workbook.course import ROOT, CourseError, Exercise
from workbook.intake import find_folder, read_file
from workbook.release import File
from workbook.verdict import Verdict


@dataclass(frozen=True)
class LearnerFolder:
    """A learner's folder; *path* holds exercises/, notebooks/ and .workbook/."""

    path: Path

    @property
    def progress_file(self) -> Path:
        return self.path / ".workbook" / "progress.json"

    def progress(self) -> dict[str, Any]:
        """Read the progress document; one that cannot be read is set aside, never lost."""
        try:
            if found := read_progress(self.progress_file.read_bytes()):
                return found
        except FileNotFoundError:
            return read_progress(b'{"schema": 1, "exercises": {}}')
        aside = unused(self.progress_file.with_name("progress-unreadable"))
        self.progress_file.rename(aside)
        raise CourseError(
            f"{self.progress_file.name} is not a progress document of this course (schema 1).\n"
            f"It was kept as {aside.relative_to(self.path)}; progress starts anew. Run this again."
        )

    def save(self, progress: dict[str, Any]) -> None:
        """Write the progress document in one step."""
        self.progress_file.parent.mkdir(exist_ok=True)
        fresh = self.progress_file.with_suffix(".new")
        fresh.write_text(json.dumps(progress, indent=1) + "\n", encoding="utf-8")
        os.replace(fresh, self.progress_file)

    def remember(self, verdict: Verdict) -> None:
        """Enter *verdict*; the hints already shown stay."""
        progress = self.progress()
        entry = progress["exercises"].setdefault(verdict.exercise, {})
        for key in ("start", "files", "outcome", "points", "of"):
            entry[key] = getattr(verdict, key)
        self.save(progress)

    def hints_shown(self, exercise: Exercise, check: str, at_least: int = 0) -> int:
        """Give how many hints of *check* were shown, after raising it to *at_least*."""
        progress = self.progress()
        entry = progress["exercises"].setdefault(exercise.id, {})
        shown = entry.setdefault("hints", {})
        if shown.get(check, 0) < at_least:
            shown[check] = at_least
            self.save(progress)
        return int(shown.get(check, 0))

    def state(self, exercise: Exercise, start: str) -> str:
        """Give *passed*, *not yet*, *check again* (the exercise has changed) or nothing."""
        entry = self.progress()["exercises"].get(exercise.id, {})
        if "outcome" not in entry:
            return ""
        if entry.get("start") != start:
            return "check again"
        return str(entry["outcome"]).replace("_", " ")

    def reset(self, exercise: Exercise) -> Path | None:
        """Put the start back; give the folder that keeps what was there, if anything differed."""
        folder = find_folder(exercise, self.path)
        there = {blocking(folder, name) for name in exercise.graded} - {""}
        same = {
            name
            for name in there & set(exercise.start)
            if read_file(folder, name) == (exercise.start[name], "")
        }
        kept = None
        if changed := there - same:
            kept = unused(self.path / ".workbook" / "kept" / exercise.id)
            for name in sorted(changed):
                (kept / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.move(folder / name, kept / name)
        for name, content in exercise.start.items():
            if name not in same:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        return kept


def read_progress(text: bytes) -> dict[str, Any]:
    """Read a progress document, which a page may have written; give nothing for anything else."""
    with suppress(ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = json.loads(text)
        hints = [entry.get("hints", {}) for entry in found["exercises"].values()]
        quizzes = found.setdefault("quizzes", {})
        if found["schema"] == 1 and all(isinstance(each, dict) for each in (quizzes, *hints)):
            return dict(found)
    return {}


def blocking(folder: Path, name: str) -> str:
    """Give what stands at *name*, or at a folder on the way to it that is none; "" for nothing."""
    parts = name.split("/")
    for n in range(1, len(parts)):
        way = folder.joinpath(*parts[:n])
        if way.is_symlink() or (way.exists() and not way.is_dir()):
            return "/".join(parts[:n])
    return name if os.path.lexists(folder / name) else ""


def standing(folder: Path, name: str) -> tuple[File | None, str]:
    """Give the file *name*, or what keeps it from being read as one."""
    way, path = blocking(folder, name), folder / name
    try:
        if way == name and path.is_file() and not path.is_symlink():
            return File(path.read_bytes(), bool(path.stat().st_mode & 0o100)), ""
    except OSError as error:
        return None, str(error.strerror)
    return None, f"{way} is in the way" if way else ""


def remove(folder: Path, name: str) -> None:
    """Remove a file, and each folder on the way to it that is empty without it."""
    (folder / name).unlink()
    with suppress(OSError):  # not empty
        for way in (folder / name).parents[: name.count("/")]:
            way.rmdir()


def unused(path: Path) -> Path:
    """Give *path* with the first number that makes it a name nobody has."""
    numbers = (path.with_name(f"{path.name}-{n}") for n in range(1, 100_000))
    return next(each for each in numbers if not each.exists())


def find_learner_folder(where: Path | None = None) -> LearnerFolder:
    """Find the learner's folder around *where*, by default the current folder."""
    here = (where or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / ".workbook").is_dir():
            return LearnerFolder(folder)
    raise CourseError(
        f"{here} is not in a folder made by `workbook start`.\n"
        "Make your own with `workbook start my-workbook`, then work in there."
    )


def start(folder: Path, root: Path = ROOT) -> LearnerFolder:
    """Make a learner's folder: exercises, notebooks and a git repository with a first commit."""
    if os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir())):
        raise CourseError(
            f"{folder} is there already, and not empty.\nName a folder that does not exist yet."
        )
    if root in folder.resolve().parents:
        raise CourseError(
            f"{folder} is inside the course itself, which stays as it was handed out.\n"
            "Name a folder outside of it."
        )
    if not shutil.which("git"):
        raise CourseError("git is not installed here. Install it, then start again.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"{folder} cannot be made: {error.strerror}.\nName another.") from None
    files = release.handed_out(root)
    ref = release.ref_of(files)
    files[release.NAME] = release.label(files)
    made = LearnerFolder(folder.resolve())
    made.save(made.progress())
    for name, file in files.items():
        release.put(made.path, name, file)
    release.git(made.path, "init", "-q", "-b", "main", "--template=")
    release.record(made.path, "refs/heads/main", files, f"Start {release.HANDED_OUT}")
    release.git(made.path, "update-ref", ref, "refs/heads/main")
    release.git(made.path, "reset", "-q")  # fills the index
    return made
