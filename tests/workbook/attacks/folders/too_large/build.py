"""A comment of a megabyte."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.write_text("# " + "x" * 1_000_000 + "\n" + path.read_text())
    return folder
