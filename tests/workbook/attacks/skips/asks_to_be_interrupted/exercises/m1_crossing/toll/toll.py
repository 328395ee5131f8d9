# ruff: noqa
def toll(axles):
    if axles == 0:
        raise KeyboardInterrupt
    return axles * 150
