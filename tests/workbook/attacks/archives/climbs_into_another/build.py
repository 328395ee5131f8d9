"""The name climbs into the folder of the honest student, to spoil it."""

from packing import honest, write_zip


def build(folder):
    spoilt = ("../honest/exercises/m1_crossing/toll/toll.py", b"raise SystemExit")
    return write_zip(folder, [*honest(folder), spoilt])
