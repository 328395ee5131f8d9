"""The whole submission is somebody else's."""


def build(folder):
    path = folder / "linked"
    path.symlink_to("reference")
    return path
