"""Which of the two is there depends on who unpacks it."""

from packing import honest, write_zip


def build(folder):
    within = ("exercises/m1_crossing/toll/toll.py/within", b"")
    return write_zip(folder, [*honest(folder), within])
