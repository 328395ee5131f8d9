"""What holds of merge for every table of closures, and would not hold of a wrong one."""

from itertools import pairwise

from closures import Closure, merge
from hypothesis import given
from hypothesis import strategies as st

# A beginning and a length make a valid closure each time: nothing is thrown away. The numbers
# are large, since nobody knows how long a day may get.
closures = st.builds(
    lambda begins, length: Closure(begins, begins + length), st.integers(0, 10**9), st.integers(10, 10**8)
)
tables = st.lists(closures, max_size=8)


def is_closed(table, minute):
    """Whether the road is closed at *minute*."""
    return any(closure.begins <= minute < closure.ends for closure in table)


@given(tables)
def test_same_minutes_are_closed(table):
    """Asked at each beginning and each end, the merged table says the same."""
    merged = merge(table)
    asked = [minute for each in [*table, *merged] for minute in (each.begins, each.ends)]

    assert all(is_closed(merged, minute) == is_closed(table, minute) for minute in asked)


@given(tables)
def test_in_order_and_apart(table):
    """The fewest closures are those with an open minute between any two."""
    assert all(earlier.ends < later.begins for earlier, later in pairwise(merge(table)))


@given(tables.flatmap(lambda table: st.tuples(st.just(table), st.permutations(table))))
def test_order_of_the_table_does_not_matter(tables):
    """Two calls are compared, with different questions: no right answer is needed for that."""
    table, shuffled = tables

    assert merge(shuffled) == merge(table)
