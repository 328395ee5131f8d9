"""A hexadecimal number has no limit of digits, until somebody prints it."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/tariff.toml"
    path.write_text("pence = 0x" + "f" * 100_000)
    return folder
