"""A tar, as a person packs it: this is to be graded."""

from packing import honest, write_tar


def build(folder):
    return write_tar(folder, honest(folder))
