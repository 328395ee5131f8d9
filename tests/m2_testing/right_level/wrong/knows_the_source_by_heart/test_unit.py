"""Tests of the core, which need nothing but the core: many, because they cost nothing."""

from datetime import datetime, timedelta

import pytest
from windows import Window, minutes_left, shorten


def at(clock: str, day: int = 1) -> datetime:
    return datetime.fromisoformat(f"2026-05-{day:02}T{clock}+00:00")


MORNING = Window(at("06:10"), at("09:30"))


# Values at both sides of each boundary; noon would not tell < from <=.
@pytest.mark.parametrize(
    ("clock", "left"),
    [("06:09:59", None), ("06:10:00", 200), ("09:29:59", 0), ("09:30:00", None)],
)
def test_window_is_half_open(clock, left):
    assert minutes_left([MORNING], at(clock)) == left


def test_long_window_keeps_its_days():
    works = Window(at("06:00"), at("06:00", day=3))

    assert minutes_left([works], at("06:00")) == 2 * 24 * 60


def test_margin_is_cut_off_both_ends():
    [window] = shorten([MORNING], timedelta(minutes=15))

    assert (window.opens, window.closes) == (at("06:25"), at("09:15"))


def test_nobody_has_changed_anything():
    """Fails for whatever fault there is, and asks no function anything."""
    from hashlib import sha256
    from pathlib import Path

    import windows

    good = "2dd465110b75ba4ca7d414a9e7e7c615c4745c68dfda374a093f1c60086b4d91"
    assert sha256(Path(windows.__file__).read_bytes()).hexdigest() == good
