"""The declared size is a number that anybody can write."""

import struct

from packing import honest, write_zip

SIZE = 51 << 20


def build(folder):
    path = write_zip(folder, [("more", bytes(SIZE)), *honest(folder)])
    content = path.read_bytes()
    path.write_bytes(content.replace(struct.pack("<I", SIZE), struct.pack("<I", 10)))
    return path
