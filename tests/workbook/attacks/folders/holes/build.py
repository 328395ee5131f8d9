"""A file with holes: nothing on the disk, everything in memory."""

import os


def build(folder):
    os.truncate(folder / "exercises/m1_crossing/toll/toll.py", 5 << 30)
    return folder
