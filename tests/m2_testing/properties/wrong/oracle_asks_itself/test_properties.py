"""What holds of merge for every table of closures, and would not hold of a wrong one."""

from itertools import pairwise

from closures import Closure, merge
from hypothesis import given
from hypothesis import strategies as st

# A beginning and a length make a valid closure each time: nothing is thrown away. The numbers
# are small, so that closures touch, contain one another and miss one another by a minute.
closures = st.builds(
    lambda begins, length: Closure(begins, begins + length), st.integers(0, 30), st.integers(1, 8)
)
tables = st.lists(closures, max_size=8)


def closed(table):
    """Give every minute at which the road is closed: another way to say what a table says."""
    return {minute for closure in table for minute in range(closure.begins, closure.ends)}


@given(tables)
def test_same_minutes_are_closed(table):
    """The oracle is a set of minutes, which knows nothing of sorting and merging."""
    assert closed(merge(table)) == closed(table)


@given(tables)
def test_in_order_and_apart(table):
    """The fewest closures are those with an open minute between any two."""
    assert all(earlier.ends < later.begins for earlier, later in pairwise(merge(table)))


@given(tables)
def test_result_is_the_expected_one(table):
    """What comes back is what merge gives for this table."""
    expected = merge(table)

    assert merge(table) == expected
