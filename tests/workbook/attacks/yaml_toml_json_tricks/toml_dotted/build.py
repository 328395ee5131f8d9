"""Dots nest without a call: it is read, and then somebody shows it."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/tariff.toml"
    path.write_text("pence" + ".a" * 2_000 + " = 150")
    return folder
