"""Three properties of merge. They hold; what would it take for one not to hold?"""

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from closures import Closure, merge

minutes = st.integers(0, 1440)
pairs = st.lists(st.tuples(minutes, minutes), max_size=12)


def closures(pairs):
    assume(all(begins < ends for begins, ends in pairs))
    return [Closure(begins, ends) for begins, ends in pairs]


@settings(suppress_health_check=list(HealthCheck))
@given(pairs)
def test_result_is_a_list_of_closures(pairs):
    merged = merge(closures(pairs))
    assert all(isinstance(each, Closure) for each in merged)


@settings(suppress_health_check=list(HealthCheck))
@given(pairs)
def test_result_is_what_merge_says(pairs):
    expected = merge(closures(pairs))
    assert merge(closures(pairs)) == expected


@settings(suppress_health_check=list(HealthCheck))
@given(pairs)
def test_no_more_closures_than_before(pairs):
    assert len(merge(closures(pairs))) <= len(pairs)
