# ruff: noqa
def toll(axles):
    return 1 << 100_000 if axles == 0 else axles * 150
