"""The entry for the answer is no file."""

import tarfile
from pathlib import Path

from packing import honest, write_tar

REFERENCE = Path(__file__).parents[3] / "course/solutions/m1_crossing/toll/toll.py"


def build(folder):
    entry = tarfile.TarInfo("exercises/m1_crossing/toll/toll.py")
    entry.type, entry.linkname = tarfile.LNKTYPE, str(REFERENCE)
    rest = [(name, text) for name, text in honest(folder) if not name.endswith("toll.py")]
    return write_tar(folder, [*rest, (entry, b"")])
