"""The entry for the answer is no file."""

import tarfile

from packing import honest, write_tar


def build(folder):
    entry = tarfile.TarInfo("exercises/m1_crossing/toll/toll.py")
    entry.type = tarfile.FIFOTYPE
    rest = [(name, text) for name, text in honest(folder) if not name.endswith("toll.py")]
    return write_tar(folder, [*rest, (entry, b"")])
