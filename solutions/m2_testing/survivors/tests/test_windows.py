"""Tests that reach every line and every branch of windows.py, and check little of it."""

from datetime import UTC, datetime, timedelta

import pytest
from causeway.windows import Window, minutes_left, next_window, shorten

MORNING = Window(
    datetime(2026, 5, 1, 6, 10, tzinfo=UTC),
    datetime(2026, 5, 1, 9, 30, tzinfo=UTC),
)


def test_open():
    assert minutes_left([MORNING], datetime(2026, 5, 1, 7, 0, tzinfo=UTC)) == 150


def test_closed():
    assert not minutes_left([MORNING], datetime(2026, 5, 1, 6, 0, tzinfo=UTC))
    assert not minutes_left([MORNING], datetime(2026, 5, 1, 10, 0, tzinfo=UTC))


def test_no_zone():
    with pytest.raises(ValueError, match="time zone"):
        next_window([MORNING], datetime(2026, 5, 1, 7, 0))


def test_margin():
    shortened = shorten([MORNING], timedelta(minutes=15))

    assert len(shortened) == 1
