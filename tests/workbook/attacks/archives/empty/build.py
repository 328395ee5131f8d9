"""Nothing is handed in."""

from packing import write_zip


def build(folder):
    return write_zip(folder, [])
