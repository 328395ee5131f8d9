"""The declaration is true, and the file is still not what is asked for."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.write_bytes(b"# coding: latin-1\n" + path.read_bytes() + b"# \xe9\n")
    return folder
