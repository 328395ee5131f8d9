"""It comes back in the message of a check."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/tariff.toml"
    path.write_text('pence = "' + "7 passed " * 44_000 + '"')
    return folder
