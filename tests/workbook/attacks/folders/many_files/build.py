"""Whoever looks at each of them looks for long."""


def build(folder):
    more = folder / "exercises" / "more"
    more.mkdir()
    for number in range(20_000):
        (more / str(number)).touch()
    return folder
