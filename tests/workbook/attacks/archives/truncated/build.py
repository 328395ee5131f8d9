"""An upload that broke off."""

from packing import honest, write_zip


def build(folder):
    path = write_zip(folder, honest(folder))
    path.write_bytes(path.read_bytes()[:300])
    return path
