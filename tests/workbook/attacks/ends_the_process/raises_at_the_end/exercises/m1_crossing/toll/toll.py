# ruff: noqa
def toll(axles):
    if axles == 0:
        raise GeneratorExit
    return axles * 150
