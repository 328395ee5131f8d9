"""On some file systems it would be found."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.rename(path.with_name("Toll.py"))
    return folder
