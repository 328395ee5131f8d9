"""One bit of the answer is another."""

from packing import honest, write_zip


def build(folder):
    path = write_zip(folder, honest(folder))
    content = bytearray(path.read_bytes())
    content[content.index(b"toll.py") + 20] ^= 1
    path.write_bytes(content)
    return path
