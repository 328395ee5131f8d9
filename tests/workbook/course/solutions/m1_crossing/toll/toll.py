"""What a vehicle pays."""


def toll(axles: int) -> int | None:
    """Give the toll in pence, 150 an axle; None where there is no vehicle."""
    if axles <= 0:
        return None
    return axles * 150
