"""Unpack what a student handed in as an archive: regular files alone, in place, within limits.

Whatever else an archive holds is refused one by one, with its reason, and the rest is kept.
"""

import lzma
import re
import stat
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from workbook.course import RUNNING_EXAMPLE
from workbook.intake import folded
from workbook.submission import plain

ENTRIES = 5_000
BYTES = 50 << 20  # of all files together
TOLD = 5  # refusals that are told one by one
# What other systems put beside the files: nobody wrote it.
JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")

# An entry: its name, its bytes as declared, what it is unless a file, and how to open it.
Entry = tuple[str, int, str, Callable[[], IO[bytes] | None]]
UNREADABLE = (
    tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, EOFError, ValueError,
    NotImplementedError, RuntimeError,
)  # fmt: skip


class TooLarge(Exception):
    """The archive holds more than an answer ever needs."""


@contextmanager
def unpacked(path: Path) -> Iterator[tuple[Path, dict[str, str]]]:
    """Give the folder of what was handed in at *path*, and what of it was refused: name, reason.

    A folder is given as it is; an archive is unpacked for as long as the context lasts. Where all
    of it stands in one folder of its own, as file managers pack it, that folder is given.
    """
    if path.is_dir() and not path.is_symlink():
        yield inmost(path), {}
        return
    refused = {}
    with tempfile.TemporaryDirectory(prefix="handed-in-") as name:
        try:
            if path.is_symlink():
                raise TooLarge(f"{path.name} is a link. Hand in the folder itself.")
            for entry, reason in unpack(path, Path(name)):
                refused[entry] = reason
        except TooLarge as error:
            refused[path.name] = str(error)
        except UNREADABLE as error:
            refused[path.name] = f"{path.name} cannot be unpacked: {plain(error, 200)}."
        yield inmost(Path(name)), refused


def note_of(refused: dict[str, str]) -> str:
    """Say in a sentence or two what was *refused*."""
    more = f" And {len(refused) - TOLD} more." if len(refused) > TOLD else ""
    return " ".join([*refused.values()][:TOLD]) + more


def entries(path: Path) -> Iterator[Entry]:
    """List what the archive at *path* holds; raises TooLarge past ENTRIES or BYTES."""
    listed = zip_entries(path) if path.name.endswith(".zip") else tar_entries(path)
    used = path.stat().st_size
    for count, entry in enumerate(listed, 1):
        used += entry[1]
        if count > ENTRIES:
            raise TooLarge(f"{path.name} holds more than {ENTRIES} entries.")
        if used > BYTES:
            raise TooLarge(f"{path.name} unpacks to more than {BYTES >> 20} MB.")
        yield entry


def zip_entries(path: Path) -> Iterator[Entry]:
    """List the entries of a zip; a Unix link there is a file with a mode that says so."""
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            kind = stat.S_IFMT(info.external_attr >> 16)
            what = "" if kind in (0, stat.S_IFREG) else "a link or a device"
            if not info.is_dir():
                yield info.filename, info.file_size, what, partial(archive.open, info)


def tar_entries(path: Path) -> Iterator[Entry]:
    """List the entries of a tar, however it is compressed."""
    with tarfile.open(path) as archive:
        for member in archive:
            link = "a link" if member.issym() or member.islnk() else "a device"
            what = "" if member.isreg() else link
            if not member.isdir():
                yield member.name, member.size, what, partial(archive.extractfile, member)


def unpack(path: Path, folder: Path) -> Iterator[tuple[str, str]]:
    """Write the files of an archive below *folder*; give each other entry, and the reason."""
    seen: dict[str, str] = {}
    for name, size, what, opened in entries(path):
        parts = PurePosixPath(name.replace("\\", "/")).parts
        shown = plain(repr(name), 100)
        if any(part in JUNK for part in parts):
            continue
        if not parts or parts[0] == "/" or ".." in parts or ":" in parts[0] or "\0" in name:
            yield name, f"{shown} leads out of the folder."
        elif what:
            yield name, f"{shown} is {what}."
        elif twin := twin_of(parts, seen):
            yield name, f"{shown} and {plain(repr(twin), 100)} are one name on some systems."
        else:
            target = folder.joinpath(*parts)
            try:
                source = opened()
                content = source.read(size) if source else b""
            except UNREADABLE as error:
                yield name, f"{shown} cannot be unpacked: {plain(error, 200)}."
                continue
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    file.write(content)
            except (FileExistsError, NotADirectoryError):
                yield name, f"{shown} is there twice."


def twin_of(parts: tuple[str, ...], seen: dict[str, str]) -> str:
    """Give what *seen* has under a name that some systems take for the same; else remember it."""
    for n in range(1, len(parts) + 1):
        name = "/".join(parts[:n])
        if (other := seen.setdefault(folded(name), name)) != name:
            return other
    return ""


def inmost(folder: Path) -> Path:
    """Give the one folder that all of *folder* stands in, or itself."""
    inside = list(folder.iterdir())
    wraps = len(inside) == 1 and inside[0].is_dir() and not inside[0].is_symlink()
    known = wraps and re.match(rf"exercises$|m\d_|{RUNNING_EXAMPLE}$", inside[0].name)
    return inside[0] if wraps and not known else folder
