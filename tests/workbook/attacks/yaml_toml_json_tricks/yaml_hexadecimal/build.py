"""A hexadecimal number has no limit of digits, until somebody prints it."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/hours.yaml"
    path.write_text("open: 0x" + "f" * 100_000)
    return folder
