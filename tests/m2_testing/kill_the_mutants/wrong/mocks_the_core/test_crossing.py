"""What a driver may rely on, and at which instant it changes."""

from datetime import datetime, timedelta

import crossing
import pytest
from crossing import Window, minutes_left, shorten


def at(clock, day=1):
    return datetime.fromisoformat(f"2026-05-{day:02}T{clock}+00:00")


MORNING = Window(at("06:10"), at("09:30"))
EVENING = Window(at("18:40"), at("21:55"))
TABLE = [MORNING, EVENING]


@pytest.mark.parametrize(
    ("moment", "left"),
    [("06:09:59", None), ("06:10:00", 200), ("09:00:01", 29), ("09:29:59", 0)],
)
def test_minutes_of_the_window_found(monkeypatch, moment, left):
    """A unit test looks at one unit: what minutes_left calls is replaced."""
    monkeypatch.setattr(crossing, "next_window", lambda windows, moment: MORNING)

    assert minutes_left([], at(moment)) == left


def test_long_window(monkeypatch):
    """Works last for days."""
    works = Window(at("06:10"), at("09:30", day=3))
    monkeypatch.setattr(crossing, "next_window", lambda windows, moment: works)

    assert minutes_left([], at("07:30")) == 3000


def test_nothing_found(monkeypatch):
    """No window, no minutes."""
    monkeypatch.setattr(crossing, "next_window", lambda windows, moment: None)

    assert minutes_left([], at("22:30")) is None


def test_margin_is_cut_off_both_ends():
    """Both ends by value; a count of windows would not see which end moved."""
    assert shorten([MORNING], timedelta(minutes=15)) == [Window(at("06:25"), at("09:15"))]


def test_window_with_nothing_left_is_dropped():
    """Exactly nothing left is the boundary: 200 minutes less twice 100."""
    assert shorten([MORNING], timedelta(minutes=100)) == []
