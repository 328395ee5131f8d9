"""Python refuses more than 4300 digits."""


def build(folder):
    path = folder / "exercises/m1_crossing/toll/sign.json"
    path.write_text('{"sign": 1' + "0" * 100_000 + "}")
    return folder
