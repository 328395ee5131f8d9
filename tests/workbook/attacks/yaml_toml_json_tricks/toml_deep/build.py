"""Each bracket is a call."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/tariff.toml"
    path.write_text("pence = " + "[" * 100_000)
    return folder
