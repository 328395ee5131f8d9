# ruff: noqa
def toll(axles):
    return 'None' if axles == 0 else axles * 150
