"""The ferry that runs while the road is closed."""

SEATS = 12


def crossings(passengers):
    """Count the crossings that the ferry needs; it does not sail empty."""
    if passengers < 0:
        raise ValueError("Nobody can be missing.")
    full, rest = divmod(passengers, SEATS)
    return full + 1 if rest else full


def sails(wind):
    """Whether the ferry sails in a wind of that many knots."""
    if wind is None:
        return False
    return wind < 25
