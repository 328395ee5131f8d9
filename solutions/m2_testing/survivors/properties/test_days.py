"""A property of the counting in Causeway as it is handed out."""

from datetime import UTC, datetime, timedelta

from causeway.handed_out import Window, minutes_left
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

# The same inputs each time, nothing remembered between runs: a page must be able to repeat it.
settings.register_profile(
    "page", derandomize=True, database=None, phases=set(Phase) - {Phase.explain}
)
settings.load_profile("page")

OPENS = datetime(2026, 5, 1, tzinfo=UTC)


def window_of(length):
    return Window(OPENS, OPENS + timedelta(minutes=length))


@given(length=st.integers(1, 10_000), passed=st.integers(0, 10_000))
def test_what_has_passed_is_gone(length, passed):
    """Minutes left and minutes passed are the length of the window, while it is open."""
    window = window_of(length)
    moment = window.opens + timedelta(minutes=min(passed, length - 1))

    assert minutes_left([window], moment) + min(passed, length - 1) == length


@given(length=st.integers(1, 10_000))
def test_it_is_what_it_is(length):
    """A tautology: the oracle is the function."""
    window = window_of(length)
    expected = minutes_left([window], OPENS)

    assert minutes_left([window], OPENS) == expected
