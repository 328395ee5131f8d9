"""More entries than a learner's folder ever has."""

from packing import honest, write_zip


def build(folder):
    return write_zip(folder, [*honest(folder), *((f"more/{n}", b"") for n in range(5001))])
