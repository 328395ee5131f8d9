"""A package by the name of the file."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.unlink()
    path.mkdir()
    (path / "__init__.py").write_text("")
    return folder
