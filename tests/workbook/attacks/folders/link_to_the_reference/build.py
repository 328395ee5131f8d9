"""A judge that follows links grades its own reference."""

from pathlib import Path

REFERENCE = Path(__file__).parents[3] / "course/solutions/m1_crossing/toll/toll.py"


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.unlink()
    path.symlink_to(REFERENCE)
    return folder
