"""What a desktop's packer adds unasked: this is to be graded."""

from packing import honest, write_zip

JUNK = [
    ("__MACOSX/exercises/m1_crossing/toll/._toll.py", b"\x00\x05\x16\x07"),
    (".DS_Store", b"\x00\x00\x00\x01Bud1"),
    ("exercises/.DS_Store", b"\x00\x00\x00\x01Bud1"),
    ("Thumbs.db", b""),
]


def build(folder):
    return write_zip(folder, [*honest(folder), *JUNK])
