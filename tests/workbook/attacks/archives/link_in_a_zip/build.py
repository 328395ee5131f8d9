"""A zip holds a link as a file with a mode, whose content is where it leads."""

import stat
import zipfile
from pathlib import Path

from packing import honest, write_zip

REFERENCE = Path(__file__).parents[3] / "course/solutions/m1_crossing/toll/toll.py"


def build(folder):
    link = zipfile.ZipInfo("exercises/m1_crossing/toll/toll.py")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    rest = [(name, text) for name, text in honest(folder) if not name.endswith("toll.py")]
    return write_zip(folder, [*rest, (link, str(REFERENCE).encode())])
