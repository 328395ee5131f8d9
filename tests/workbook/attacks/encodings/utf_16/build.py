"""The parser may read what the linter cannot."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/toll.py"
    path.write_bytes(path.read_text().encode("utf-16"))
    return folder
