"""The names climb out of the folder that they are unpacked in."""

from packing import honest, write_tar


def build(folder):
    slips = [("../causeway-attack-slip", b""), ("/tmp/causeway-attack-absolute", b"")]  # noqa: S108 - not to be made
    return write_tar(folder, [*honest(folder), *slips])
