"""The routes that a driver may take, in the order of a set."""


def routes():
    return {"causeway", "ferry", "bridge"}


def test_first_route():
    assert next(iter(routes())) == "causeway"
