"""A model, and two relations between what merge says of a table and of a changed one."""

from closures import Closure, merge
from hypothesis import example, given, settings
from hypothesis import strategies as st


@st.composite
def closures(draw):
    begins, ends = sorted(draw(st.sets(st.integers(0, 25), min_size=2, max_size=2)))
    return Closure(begins, ends)


TABLES = st.lists(closures(), min_size=1, max_size=6)


def model(table):
    """Walk through the day with a pencil."""
    found, begins = [], None
    for minute in range(27):
        closed = any(closure.begins <= minute < closure.ends for closure in table)
        if closed and begins is None:
            begins = minute
        if not closed and begins is not None:
            found.append(Closure(begins, minute))
            begins = None
    return found


class TestMerge:
    @settings(max_examples=200, deadline=None)
    @example(table=[])
    @given(table=TABLES)
    def test_is_the_model(self, table):
        assert merge(table) == model(table)

    @given(table=TABLES, more=closures())
    def test_more_closures_never_open_the_road(self, table, more):
        longer = merge([*table, more])

        for each in merge(table):
            assert any(new.begins <= each.begins and each.ends <= new.ends for new in longer)

    @given(table=TABLES)
    def test_merging_by_parts_is_merging_the_whole(self, table):
        half = len(table) // 2

        assert merge(merge(table[half:]) + merge(table[:half])) == merge(table)
