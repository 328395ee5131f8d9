"""Sixty to the power of a hundred thousand, one step at a time; 500 000 bytes take a minute."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/hours.yaml"
    path.write_text("open: 1" + ":1" * 100_000)
    return folder
