"""The folder is a link to /tmp when the file is written below it."""

import tarfile

from packing import honest, write_tar


def build(folder):
    link = tarfile.TarInfo("exercises/way")
    link.type, link.linkname = tarfile.SYMTYPE, "/tmp"  # noqa: S108 - not to be reached
    through = ("exercises/way/causeway-attack-through", b"")
    return write_tar(folder, [*honest(folder), (link, b""), through])
