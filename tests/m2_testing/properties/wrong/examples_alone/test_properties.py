"""What holds of merge for every table of closures, and would not hold of a wrong one."""

import pytest
from closures import Closure, merge

TABLES = [
    ([(3, 5), (1, 2)], [(1, 2), (3, 5)]),
    ([(1, 9), (2, 3)], [(1, 9)]),
    ([(1, 3), (3, 5)], [(1, 5)]),
    ([(1, 3), (4, 5)], [(1, 3), (4, 5)]),
    ([(7, 8), (1, 2)], [(1, 2), (7, 8)]),
]


@pytest.mark.parametrize(("pairs", "expected"), TABLES)
def test_merged(pairs, expected):
    """Each case that somebody thought of."""
    table = [Closure(*pair) for pair in pairs]

    assert merge(table) == [Closure(*pair) for pair in expected]
