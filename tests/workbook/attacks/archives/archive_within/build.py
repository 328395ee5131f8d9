"""Whoever unpacks all of it never ends; whoever unpacks once finds no answer."""

from packing import honest, write_zip


def build(folder):
    inner = write_zip(folder, honest(folder)).read_bytes()
    return write_zip(folder, [("inner.zip", inner)])
