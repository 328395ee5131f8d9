# ruff: noqa
def toll(axles):
    return NotImplemented if axles == 0 else axles * 150
