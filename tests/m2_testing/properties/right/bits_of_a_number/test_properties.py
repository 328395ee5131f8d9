"""A day as a whole number, a bit for each minute: another oracle, from the other end."""

from closures import Closure, merge
from hypothesis import assume, given, strategies

minutes = strategies.integers(min_value=0, max_value=20)
spans = strategies.lists(strategies.tuples(minutes, minutes).filter(lambda p: p[0] < p[1]))


def bits(table):
    day = 0
    for closure in table:
        day |= (1 << closure.ends) - (1 << closure.begins)
    return day


def table_of(pairs):
    return [Closure(*pair) for pair in pairs]


@given(spans)
def test_bits(pairs):
    assert bits(merge(table_of(pairs))) == bits(table_of(pairs))


@given(spans)
def test_fewest(pairs):
    """A block of ones in the number is a closure: as many of the one as of the other."""
    day = bits(table_of(pairs))

    assert len(merge(table_of(pairs))) == (day & ~(day << 1)).bit_count()


@given(spans)
def test_sorted(pairs):
    assume(pairs)
    merged = merge(table_of(pairs))

    assert merged == sorted(merged)
    assert merged == merge(reversed(table_of(pairs)))
