"""The name says one thing, the content another."""

from packing import honest, write_tar


def build(folder):
    return write_tar(folder, honest(folder)).rename(folder / "handed-in.zip")
