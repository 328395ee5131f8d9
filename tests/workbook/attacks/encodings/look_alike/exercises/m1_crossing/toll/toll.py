# ruff: noqa
def tоll(axles):
    return max(axles, 0) * 150
