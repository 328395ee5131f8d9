# ruff: noqa
while True:
    pass


def toll(axles):
    return max(axles, 0) * 150
