"""Pack what is handed in, for the attacks that are archives."""

import io
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

Content = tuple[str, bytes]


def honest(folder: Path) -> list[Content]:
    """List the files that are laid out in *folder*, by their relative names."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(path.relative_to(folder).as_posix(), path.read_bytes()) for path in files]


def write_zip(folder: Path, entries: Iterable[tuple[str | zipfile.ZipInfo, bytes]]) -> Path:
    """Write *entries* as they are, in this order, to a zip in *folder*."""
    path = folder / "handed-in.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content)
    return path


def write_tar(folder: Path, entries: Iterable[tuple[str | tarfile.TarInfo, bytes]]) -> Path:
    """Write *entries* as they are, in this order, to a compressed tar in *folder*."""
    path = folder / "handed-in.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        for name, content in entries:
            entry = tarfile.TarInfo(name) if isinstance(name, str) else name
            entry.size = len(content) if entry.isreg() else 0
            archive.addfile(entry, io.BytesIO(content))
    return path
