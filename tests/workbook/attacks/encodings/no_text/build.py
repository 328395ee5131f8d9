"""A byte that is no character, after the honest answer."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.write_bytes(path.read_bytes() + b"# \xff\n")
    return folder
