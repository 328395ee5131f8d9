# ruff: noqa
def 𝓉oll(axles):
    return max(axles, 0) * 150

# def toll
