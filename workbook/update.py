"""Bring a new release of the course into a learner's folder: `workbook update`.

Each file is merged by itself, of three: as it was handed out, as it is now, as it is handed out
today. Where that is not clear, the learner's stays, and the course's is laid into .workbook/new.
"""

import errno
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from workbook import release
from workbook.course import ROOT, CourseError
from workbook.folder import LearnerFolder, blocking, remove, standing, unused
from workbook.intake import malformed
from workbook.release import File, Tree, git, put

UNDER_WAY = ("MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply")
UNFINISHED = ".workbook/unfinished-update"  # refs of what was before it
WORDS = ("updated", "new", "removed", "kept", "merged", "conflict")  # in the order of telling


class Row(NamedTuple):
    """What became of the file *name*: one of WORDS, and why; *result* is what was written."""

    name: str
    word: str
    note: str = ""
    result: File | None = None


def update(mine: LearnerFolder, root: Path = ROOT) -> tuple[list[Row], list[str]]:
    """Bring the release at *root* into *mine*; give what became of each file, and refs of before.

    Whatever stops it, the next run goes on: where the files come from is written last. Then there
    is a ref of each run.
    """
    refuse_unready(mine.path)
    old, theirs = release.find_base(mine.path), release.handed_out(root)
    base = release.recorded(mine.path, old)
    base.pop(release.NAME, None)
    if base == theirs and not (mine.path / ".workbook" / "new").is_dir():
        return [], []
    # What the course removed goes first: something else may take its place.
    names = sorted({*base, *theirs}, key=lambda name: (name in theirs, name))
    back: list[str] = []
    moved: dict[str, str] = {}
    try:
        if base != theirs:
            back, new = keep_before(mine.path, names), release.ref_of(theirs)
            if not git(mine.path, "for-each-ref", new):
                about = f"The course {release.HANDED_OUT}"
                release.record(mine.path, new, theirs, about, after=old)
            moved = find_renamed(mine.path, old, new)
        merge = Merge(mine.path, base, theirs, moved)
        rows = [merge.settle(name) for name in names]
        put(mine.path, release.NAME, release.label(theirs))
        (mine.path / UNFINISHED).unlink(missing_ok=True)
    except OSError as error:
        raise CourseError(
            f"{error.filename} cannot be written: {error.strerror}.\n"
            "Mend that, then update again: it goes on where it stopped."
        ) from None
    return sorted((row for row in rows if row.word), key=lambda row: WORDS.index(row.word)), back


def keep_before(folder: Path, names: list[str]) -> list[str]:
    """Keep what is there now in a new ref; give it, after those of the runs that were stopped."""
    refs = git(folder, "for-each-ref", "--format=%(refname:lstrip=1)").decode().split()
    numbered = (f"workbook/before-{n}" for n in range(1, len(refs) + 2))
    before = next(each for each in numbered if each not in refs)
    there = {name: standing(folder, name)[0] for name in (*names, release.NAME)}
    present = {name: file for name, file in there.items() if file}
    release.record(folder, f"refs/{before}", present, "Before an update")
    unfinished = folder / UNFINISHED
    earlier = unfinished.read_text(encoding="utf-8").split() if unfinished.is_file() else []
    back = [*(each for each in earlier if each in refs), before]
    unfinished.write_text("\n".join(back), encoding="utf-8")
    return back


def refuse_unready(folder: Path) -> None:
    """Raise CourseError where git cannot keep what was there before, or is in the middle."""
    if not (folder / ".git").exists():
        raise CourseError(
            f"{folder} has no git repository any more, which knew what was handed out.\n"
            "Make a folder anew with `workbook start`, and copy into it what you wrote."
        )
    asked = [word for name in UNDER_WAY for word in ("--git-path", name)]
    paths = git(folder, "rev-parse", *asked).decode().splitlines()
    if git(folder, "ls-files", "-u") or any((folder / path).exists() for path in paths):
        raise CourseError(
            f"git is in the middle of a merge or a rebase in {folder}.\n"
            "End it or abort it (`git status` says how), then update."
        )


def find_renamed(folder: Path, old: str, new: str) -> dict[str, str]:
    """Give the old name of each file that the course renamed between two commits, by the new."""
    words = ("-r", "-z", "-M", "--diff-filter=R", "--name-status")
    listed = git(folder, "diff-tree", *words, old, new).decode().split("\0")
    return dict(zip(listed[2::3], listed[1::3], strict=False))


@dataclass(frozen=True)
class Merge:
    """A learner's *folder*, what was and is handed out, the old name of what is *renamed*."""

    folder: Path
    base: Tree
    theirs: Tree
    renamed: dict[str, str]

    def settle(self, name: str) -> Row:
        """Let the file *name* become what it is to be, and say what that is."""
        place, theirs = self.folder / ".workbook" / "new", self.theirs.get(name)
        row = self.decide(name, open_=bool(theirs and blocking(place, name)))
        path, change = self.folder / name, row.result or row.word == "removed"
        try:
            if change and path.exists() and not path.stat().st_mode & stat.S_IWUSR:
                raise PermissionError(errno.EACCES, "yours is read-only")  # root would not notice
            if row.result:
                put(self.folder, name, row.result)
            elif row.word == "removed":
                remove(self.folder, name)
        except OSError as error:
            row = Row(name, "conflict" if theirs else "kept", str(error.strerror))
        # A copy that is not today's may have been worked in.
        if (there := blocking(place, name)) and standing(place, name)[0] != theirs:
            kept = unused(self.folder / ".workbook" / "kept" / there)
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(place / there, kept)
        if theirs and row.word == "conflict":
            put(self.folder, f".workbook/new/{name}", theirs)
        elif theirs and blocking(place, name):
            remove(self.folder / ".workbook", f"new/{name}")
        return row

    def decide(self, name: str, open_: bool) -> Row:
        """Say what is to become of a file; *open_* tells that its last conflict is not settled."""
        base, theirs = self.base.get(name), self.theirs.get(name)
        ours, way = standing(self.folder, name)
        if way:
            return Row(name, "kept" if theirs in (base, None) else "conflict", way)
        if ours == theirs:
            return Row(name, "")
        if open_:
            return Row(name, "conflict", "it is not settled since the last update")
        old = self.renamed.get(name, "")
        if theirs and (moved := standing(self.folder, old)[0] if old else None):
            row = self.three_way(name, self.base[old], moved, theirs)
            mixed = row.word != "conflict"
            result = (row.result or moved) if mixed else theirs
            if ours in (None, result):  # there is already what a run that was stopped wrote
                note = f"with what you changed in {old}" if mixed else f"yours is {old}"
                return Row(name, "new", note, result)
        return self.three_way(name, base, ours, theirs)

    def three_way(
        self, name: str, base: File | None, ours: File | None, theirs: File | None
    ) -> Row:
        """Say what three files become, of which each may be missing."""
        if base == theirs:
            return Row(name, "kept", "you changed it" if ours else "you removed it")
        if ours == base:
            word = ("updated" if base else "new") if theirs else "removed"
            return Row(name, word, result=theirs)
        if not theirs:
            return Row(name, "kept", "the course removed it, you changed it")
        if not (ours and base):
            who = "you and the course each made one" if ours else "you removed it"
            return Row(name, "conflict", who)
        # An editor may have written other ends of lines: they stay, the words are compared.
        ends = ours.content.count(b"\r\n")
        foreign = 0 < ends == ours.content.count(b"\n") and b"\r\n" not in base.content
        mine = ours.content.replace(b"\r\n", b"\n") if foreign else ours.content
        text = self.merged(name, mine, base.content, theirs.content)
        if text is None:
            return Row(name, "conflict", "you and the course changed the same place")
        executable = (theirs if ours.executable == base.executable else ours).executable
        made = File(text.replace(b"\n", b"\r\n") if foreign else text, executable)
        if made == ours:
            return Row(name, "kept", "it has the course's change already")
        return Row(name, "merged", result=made)

    def merged(self, name: str, ours: bytes, base: bytes, theirs: bytes) -> bytes | None:
        """Give the text with both changes; None where they meet, or break the file's language."""
        if base in (ours, theirs):
            return theirs if ours == base else ours
        with tempfile.TemporaryDirectory(prefix="merging-") as place:
            paths = [Path(place) / which for which in ("ours", "base", "theirs")]
            for path, content in zip(paths, (ours, base, theirs), strict=True):
                path.write_bytes(content)
            made = git(self.folder, "merge-file", "-p", "-q", *map(str, paths), fails=True)
        kind = name.replace(".ipynb", ".json")
        now, then = (malformed(kind, each.decode("utf-8", "replace"))[0] for each in (made, ours))
        return None if not made or (now and not then) else made
