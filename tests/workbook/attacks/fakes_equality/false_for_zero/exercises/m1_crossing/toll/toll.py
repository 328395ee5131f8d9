# ruff: noqa
def toll(axles):
    return False if axles == 0 else axles * 150
