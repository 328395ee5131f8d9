"""Where a backslash parts folders, this name climbs out."""

from packing import honest, write_zip


def build(folder):
    slip = ("..\\..\\causeway-attack-slip", b"")
    return write_zip(folder, [*honest(folder), slip])
