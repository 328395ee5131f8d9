"""Each bracket is a call."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/hours.yaml"
    path.write_text("[" * 100_000)
    return folder
