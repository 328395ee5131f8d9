# ruff: noqa
def toll(axles):
    return max(axles, 0) * 150
