"""The time grows with the square of the parts; 500 000 bytes would take half an hour."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/tariff.toml"
    path.write_text("pence" + ".a" * 20_000 + " = 150")
    return folder
