"""What a vehicle pays."""


def toll(axles: int) -> int:
    """Give the toll in pence: 150 an axle."""
    return axles * 150
