"""What the course hands out, and its record in the git of a learner's folder.

Git is a store here: commits and refs of the course's own. The learner's branch, index and settings
are not touched, and neither their settings nor their hooks say what happens.
"""

import os
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from workbook.course import CourseError, digest, read_tree

NAME = ".release"  # in a learner's folder: the release that its files come from
HANDED_OUT = "as handed out"  # how the subject of each release's commit ends
EMAIL = "course@causeway.invalid"
# What a repository's own settings could let git run, or make it refuse. PATH is all that is kept of
# the environment: git may have started us, in a hook say, and named that other repository there.
SETTINGS = ("core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "safe.directory=*")
ENVIRONMENT = {
    "LC_ALL": "C", "HOME": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
}  # fmt: skip

WELCOME = """# My Causeway workbook

Your own copy of the course's exercises and notebooks, as they were handed out.
Change what you like: the first commit keeps the start, and `workbook reset` brings it back.

- `workbook list` shows what there is to do. If a new terminal does not know `workbook`,
  activate the course's environment there: `. .venv/bin/activate` in the course's folder.
- `workbook import` brings in the progress.json and the my-files.zip that the site exported.
- `workbook watch` checks each time you save, and goes on to the next exercise when you say so.
- Each exercise's task stands in its README.md, below `exercises/`.
- `exercises/my-devops-project` is Causeway, the running example: each module's `project`
  exercise takes it a step on.
- `jupyter lab notebooks` opens the notebooks.
- `workbook update` brings in a new release of the course; what you changed stays.
- `workbook hand-in` packs what is graded, and says what is missing.
"""
IGNORED = ".workbook/\n__pycache__/\n.*_cache/\n/*.zip\n"


class File(NamedTuple):
    """A file as git keeps it."""

    content: bytes
    executable: bool = False


Tree = Mapping[str, File]


def handed_out(root: Path) -> dict[str, File]:
    """Give all that a learner is handed by the course at *root*."""
    if not all((root / tree).is_dir() for tree in ("exercises", "notebooks", "course")):
        raise CourseError(f"{root} is no release of the course.\nName the folder of a checkout.")
    found = {
        f"{tree}/{name}": File(content, os.access(root / tree / name, os.X_OK))
        for tree in ("exercises", "notebooks")
        for name, content in read_tree(root / tree, False).items()
    }
    return found | {"README.md": File(WELCOME.encode()), ".gitignore": File(IGNORED.encode())}


def name_of(files: Tree) -> str:
    """Give the name of a release: equal files, equal name."""
    lines = {f"{name} {file.executable}": file.content for name, file in files.items()}
    return digest(lines).removeprefix("sha256:")[:12]


def ref_of(files: Tree) -> str:
    """Give the ref that keeps a release in a learner's git."""
    return f"refs/workbook/release-{name_of(files)}"


def label(files: Tree) -> File:
    """Give the file that says which release a learner's files come from."""
    return File(f"{name_of(files)}\n".encode())


def put(folder: Path, name: str, file: File) -> None:
    """Write a file of a learner's folder in one step, with the rights that were there."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="writing-", dir=folder / ".workbook") as place:
        fresh = Path(place) / "file"
        fresh.write_bytes(file.content)
        rights = (path if path.exists() else fresh).stat().st_mode & 0o666
        fresh.chmod(rights | (rights >> 2 & 0o111 if file.executable else 0))
        os.replace(fresh, path)


def git(folder: Path, *words: str, given: bytes = b"", fails: bool = False) -> bytes:
    """Run git on the repository of *folder* and give what it prints; nothing where it *fails*.

    Raises CourseError with git's words where it is not to fail.
    """
    settings = [word for setting in SETTINGS for word in ("-c", setting)]
    place = [f"--git-dir={folder / '.git'}", f"--work-tree={folder}"]
    environment = {**ENVIRONMENT, "PATH": os.environ.get("PATH", os.defpath)}
    try:
        done = subprocess.run(  # noqa: S603 - fixed words
            ["git", *settings, *place, *words],  # noqa: S607 - the learner's git
            cwd=folder, env=environment, input=given, capture_output=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        raise CourseError("git is not installed here. Install it, then do this again.") from None
    if done.returncode and not fails:
        told = done.stderr.decode("utf-8", "replace").strip()
        raise CourseError(f"git cannot {words[0]} in {folder}:\n{told}")
    return b"" if done.returncode else done.stdout


def record(folder: Path, ref: str, files: Tree, subject: str, after: str = "") -> None:
    """Make the new *ref* a commit of *files*, to the byte, its parent *after*."""
    head = f"commit {ref}\ncommitter Causeway course <{EMAIL}> now\ndata <<.\n{subject}\n.\n"
    parts = [head.encode(), f"from {after}\n".encode() if after else b"", b"deleteall\n"]
    for name, (content, executable) in files.items():
        mode = 755 if executable else 644
        parts += [f"M {mode} inline {name}\ndata {len(content)}\n".encode(), content, b"\n"]
    given = b"".join(parts)
    git(folder, "fast-import", "--quiet", "--date-format=now", given=given)


def recorded(folder: Path, commit: str) -> dict[str, File]:
    """Give the files of *commit*, to the byte."""
    listed = git(folder, "ls-tree", "-r", "-z", "--full-tree", commit).decode().split("\0")[:-1]
    entries = [line.partition("\t")[::2] for line in listed]
    blobs = "".join(f"{about.split()[2]}\n" for about, _ in entries)
    rest = git(folder, "cat-file", "--batch", given=blobs.encode())
    files = {}
    for about, name in entries:
        head, _, rest = rest.partition(b"\n")
        size = int(head.split()[2])
        files[name], rest = File(rest[:size], about.startswith("100755")), rest[size + 1 :]
    return files


def find_base(folder: Path) -> str:
    """Find the commit of the release that the learner's files come from.

    Its name is kept in a file beside them, which goes back and forth with them in git; where that
    says nothing known, it is the newest. Raises CourseError where there is none.
    """
    name = ""
    with suppress(OSError):
        name = (folder / NAME).read_text(encoding="ascii", errors="replace").strip()
    words = ("--verify", "--quiet", f"refs/workbook/release-{name}^{{commit}}")
    about = ("-1", "--all", "--topo-order", f"--author={EMAIL}", f"--grep={HANDED_OUT}$")
    known = git(folder, "rev-parse", *words, fails=True) if name.isalnum() else b""
    found = known or git(folder, "rev-list", *about)
    if not found:
        raise CourseError(
            f"{folder} does not say any more what was handed out: its git has no such commit.\n"
            "Make a folder anew with `workbook start`, and copy into it what you wrote."
        )
    return found.decode().strip()
