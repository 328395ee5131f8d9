"""What follows the NUL may be seen by one reader and not by another."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.write_bytes(path.read_bytes() + b"\0\nraise SystemExit\n")
    return folder
