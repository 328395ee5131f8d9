# ruff: noqa
def toll(axles):
    return 'null' if axles == 0 else axles * 150
