# ruff: noqa
def toll(axles):
    return ... if axles == 0 else axles * 150
