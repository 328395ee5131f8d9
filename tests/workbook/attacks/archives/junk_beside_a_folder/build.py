"""One folder round everything, and the desktop's own beside it: this is to be graded."""

from packing import honest, write_zip


def build(folder):
    inside = [(f"my work/{name}", text) for name, text in honest(folder)]
    return write_zip(folder, [*inside, ("__MACOSX/my work/._exercises", b"")])
