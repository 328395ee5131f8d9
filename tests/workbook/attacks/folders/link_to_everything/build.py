"""Whoever walks through the folder following links never ends."""


def build(folder):
    (folder / "everything").symlink_to("/")
    (folder / "exercises" / "again").symlink_to(".")
    (folder / "exercises" / "loop").symlink_to("loop")
    return folder
