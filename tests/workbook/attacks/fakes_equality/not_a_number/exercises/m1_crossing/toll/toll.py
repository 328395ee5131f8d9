# ruff: noqa
def toll(axles):
    return float('nan') if axles == 0 else axles * 150
