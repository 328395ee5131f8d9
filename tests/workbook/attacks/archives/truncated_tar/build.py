"""An upload that broke off."""

from packing import honest, write_tar


def build(folder):
    path = write_tar(folder, honest(folder))
    path.write_bytes(path.read_bytes()[:-80])
    return path
