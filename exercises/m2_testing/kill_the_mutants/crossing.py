"""When the causeway can be crossed. Not yours to change here: the tests are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Window:
    """A time, in UTC, when the road is dry: from *opens* up to, not at, *closes*."""

    opens: datetime
    closes: datetime


def shorten(windows: Iterable[Window], margin: timedelta) -> list[Window]:
    """Cut *margin* off both ends of each window; one with nothing left is dropped."""
    cut = [Window(window.opens + margin, window.closes - margin) for window in windows]
    return [window for window in cut if window.opens < window.closes]


def next_window(windows: Sequence[Window], moment: datetime) -> Window | None:
    """Find the window open at *moment*, or the next to open; None after the last.

    Windows come in order of their start and do not overlap.
    Raises ValueError for a *moment* without a time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    for window in windows:
        if moment < window.closes:
            return window
    return None


def minutes_left(windows: Sequence[Window], moment: datetime) -> int | None:
    """Count the whole minutes until the window open at *moment* closes; None when closed."""
    window = next_window(windows, moment)
    if window is None or moment < window.opens:
        return None
    return (window.closes - moment) // timedelta(minutes=1)
