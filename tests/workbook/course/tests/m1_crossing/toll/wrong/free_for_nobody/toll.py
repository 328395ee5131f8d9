"""What a vehicle pays."""


def toll(axles: int) -> int:
    """Give the toll in pence, 150 an axle."""
    return max(axles, 0) * 150
