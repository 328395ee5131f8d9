"""The same four tests, asked at the boundaries and checked by value."""

from datetime import UTC, datetime, timedelta

import pytest
from causeway.windows import Window, minutes_left, next_window, shorten


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 5, 1, hour, minute, second, tzinfo=UTC)


MORNING = Window(at(6, 10), at(9, 30))


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        (at(6, 9, 59), None),
        (at(6, 10), 200),
        (at(9, 29, 59), 0),
        (at(9, 30), None),
    ],
)
def test_minutes_left(moment, left):
    assert minutes_left([MORNING], moment) == left


def test_no_zone():
    with pytest.raises(ValueError, match="time zone"):
        next_window([MORNING], datetime(2026, 5, 1, 7, 0))


def test_margin_is_cut_off_both_ends():
    assert shorten([MORNING], timedelta(minutes=15)) == [Window(at(6, 25), at(9, 15))]


def test_nothing_left_is_no_window():
    assert shorten([MORNING], timedelta(minutes=100)) == []
