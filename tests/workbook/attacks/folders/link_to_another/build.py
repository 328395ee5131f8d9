"""The submissions lie beside one another."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.unlink()
    path.symlink_to("../../../../reference/exercises/m1_crossing/toll/toll.py")
    return folder
