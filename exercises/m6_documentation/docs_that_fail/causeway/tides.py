"""How high the water stands."""


def is_dry(metres: float) -> bool:
    """Tell whether the road is above *metres* of water.

    >>> from causeway.tides import is_dry
    >>> is_dry(1.5)
    True
    """
    return metres < 2
