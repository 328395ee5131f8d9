"""Zeros pack a thousandfold, and a tar says only entry by entry what is in it."""

import io
import tarfile

from packing import honest


class Zeros(io.RawIOBase):
    def read(self, size=-1):
        return bytes(size)


def build(folder):
    path = folder / "handed-in.tar.gz"
    with tarfile.open(path, "w:gz", compresslevel=1) as archive:
        entry = tarfile.TarInfo("first")
        entry.size = 512 << 20
        archive.addfile(entry, Zeros())
        for name, text in honest(folder):
            entry = tarfile.TarInfo(name)
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    return path
