"""What holds of merge for every table of closures, and would not hold of a wrong one."""

from itertools import pairwise

from closures import Closure, merge
from hypothesis import strategies as st

def given(*_):
    """Stand in for hypothesis: call the property once, with one table."""
    table = [Closure(1, 9), Closure(2, 3), Closure(9, 12), Closure(13, 14)]
    return lambda test: lambda: test(table[::-1])


@given(st.nothing())
def test_same_minutes_are_closed(table):
    """One table that offends every fault is as good as fifty."""
    assert merge(table) == [Closure(1, 12), Closure(13, 14)]


@given(st.nothing())
def test_in_order_and_apart(table):
    assert all(earlier.ends < later.begins for earlier, later in pairwise(merge(table)))


@given(st.nothing())
def test_order_of_the_table_does_not_matter(table):
    assert merge(table[::-1]) == merge(table)
