# ruff: noqa
def toll(axles):
    return {'$float': None} if axles == 0 else axles * 150
