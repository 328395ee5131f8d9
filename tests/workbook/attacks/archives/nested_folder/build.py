"""Everything in one folder, as a person packs it: this is to be graded."""

from packing import honest, write_zip


def build(folder):
    return write_zip(folder, [(f"my work/{name}", text) for name, text in honest(folder)])
