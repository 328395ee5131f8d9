# ruff: noqa
def toll(axles):
    within = []
    within.append(within)
    return within if axles == 0 else axles * 150
