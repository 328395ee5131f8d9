"""Reading it takes all memory."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/hours.yaml"
    path.unlink()
    path.symlink_to("/dev/zero")
    return folder
