def toll(axles):
    return axles * 150 if axles else None
