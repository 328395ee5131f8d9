"""Whoever opens it to read waits for ever."""

import os


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.unlink()
    os.mkfifo(path)
    return folder
