"""What a driver may rely on, and at which instant it changes."""

from datetime import datetime, timedelta

import pytest
from crossing import Window, minutes_left, next_window, shorten


def at(clock, day=1):
    return datetime.fromisoformat(f"2026-05-{day:02}T{clock}+00:00")


MORNING = Window(at("06:10"), at("09:30"))
EVENING = Window(at("18:40"), at("21:55"))
TABLE = [MORNING, EVENING]


# One table for what differs in nothing but the moment: a boundary is two lines of it,
# the last instant on this side and the first one on the other.
@pytest.mark.parametrize(
    ("moment", "left"),
    [
        ("06:09:59", None),
        ("06:10:00", 200),
        ("09:00:01", 29),  # a minute that has begun is not whole any more
        ("09:29:59", 0),
        ("09:30:00", None),
        ("14:00:00", None),
        ("22:30:00", None),
    ],
)
def test_whole_minutes_until_the_road_floods(moment, left):
    """Equality with None and with 0 are two things: a closed road has no minutes."""
    assert minutes_left(TABLE, at(moment)) == left


@pytest.mark.parametrize(
    ("moment", "window"), [("06:00", MORNING), ("12:00", EVENING), ("22:00", None)]
)
def test_next_window_to_open(moment, window):
    """Windows are compared as values: how one prints itself is nobody's contract."""
    assert next_window(TABLE, at(moment)) == window


def test_moment_without_zone_is_refused():
    """The documented exception, not any: a TypeError from a comparison is no refusal."""
    with pytest.raises(ValueError):  # noqa: PT011 - the contract names no words
        next_window(TABLE, datetime(2026, 5, 1, 7, 0))


def test_margin_is_cut_off_both_ends():
    """Both ends by value; a count of windows would not see which end moved."""
    assert shorten([MORNING], timedelta(minutes=15)) == [Window(at("06:25"), at("09:15"))]


def test_window_with_nothing_left_is_dropped():
    """Exactly nothing left is the boundary: 200 minutes less twice 100."""
    assert shorten([MORNING], timedelta(minutes=100)) == []
