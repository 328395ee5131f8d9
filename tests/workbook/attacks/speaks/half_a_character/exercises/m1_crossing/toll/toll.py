# ruff: noqa
def toll(axles):
    if axles == 0:
        raise ValueError("\ud800 \x1b[2J \x00")
    return axles * 150
