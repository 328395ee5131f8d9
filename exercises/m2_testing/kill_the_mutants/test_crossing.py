"""Every line of crossing.py is covered, and every branch. What is checked?"""

from datetime import UTC, datetime, timedelta

import pytest

from crossing import Window, minutes_left, next_window, shorten


def at(clock):
    return datetime.fromisoformat(f"2026-05-01T{clock}+00:00")


TABLE = [Window(at("06:10"), at("09:30")), Window(at("18:40"), at("21:55"))]


def test_open():
    result = minutes_left(TABLE, at("07:00"))
    assert result


def test_closed():
    assert not minutes_left(TABLE, at("14:00"))


def test_now():
    now = datetime.now(UTC)
    table = [Window(now, now + timedelta(hours=2, seconds=30))]
    assert minutes_left(table, datetime.now(UTC)) == 120


def test_next():
    assert "2026, 5, 1, 18, 40" in str(next_window(TABLE, at("12:00")))
    assert next_window([], at("12:00")) is None


def test_margin():
    assert len(shorten(TABLE, timedelta(minutes=15))) == 2


def test_no_zone():
    with pytest.raises(Exception):
        next_window(TABLE, datetime(2026, 5, 1, 7, 0))
