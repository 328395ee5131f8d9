# ruff: noqa
def toll(axles):
    return "\ud800\udfff\x1b[2J\x00" if axles == 0 else axles * 150
