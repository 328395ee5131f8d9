"""What holds of merge for every table of closures, and would not hold of a wrong one."""

from itertools import pairwise

from closures import Closure, merge
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

minutes = st.integers(0, 30)
pairs = st.lists(st.tuples(minutes, minutes), max_size=12)
unhurried = settings(suppress_health_check=list(HealthCheck))


def made_of(pairs):
    """Make a table; hypothesis shall look for pairs of which none ends before it begins."""
    assume(all(begins < ends for begins, ends in pairs))
    return [Closure(begins, ends) for begins, ends in pairs]


def closed(table):
    """Give every minute at which the road is closed: another way to say what a table says."""
    return {minute for closure in table for minute in range(closure.begins, closure.ends)}


@unhurried
@given(pairs)
def test_same_minutes_are_closed(pairs):
    """The oracle is a set of minutes, which knows nothing of sorting and merging."""
    table = made_of(pairs)

    assert closed(merge(table)) == closed(table)


@unhurried
@given(pairs)
def test_in_order_and_apart(pairs):
    """The fewest closures are those with an open minute between any two."""
    assert all(earlier.ends < later.begins for earlier, later in pairwise(merge(made_of(pairs))))


@unhurried
@given(pairs)
def test_order_of_the_table_does_not_matter(pairs):
    """Two calls are compared, with different questions: no right answer is needed for that."""
    table = made_of(pairs)

    assert merge(table[::-1]) == merge(table)
