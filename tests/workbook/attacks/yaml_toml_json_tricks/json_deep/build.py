"""Each bracket is a call."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/sign.json"
    path.write_text("[" * 400_000)
    return folder
