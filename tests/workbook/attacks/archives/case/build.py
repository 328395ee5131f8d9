"""On some file systems the second is the first."""

from packing import honest, write_zip


def build(folder):
    names = ("exercises/m1_crossing/toll/TOLL.py", "Exercises/m1_crossing/toll/toll.py")
    more = [(name, b"") for name in names]
    return write_zip(folder, [*honest(folder), *more])
