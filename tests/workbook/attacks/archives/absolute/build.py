"""The name begins at the root."""

from packing import honest, write_zip


def build(folder):
    return write_zip(folder, [*honest(folder), ("/tmp/causeway-attack-absolute", b"")])  # noqa: S108 - not to be made
