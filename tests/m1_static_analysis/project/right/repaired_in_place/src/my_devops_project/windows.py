"""When the causeway can be crossed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True)
class Window:
    """A time, in UTC, when the road is dry: from *opens* up to, not at, *closes*."""

    opens: datetime
    closes: datetime


def shorten(windows: list[Window], margin: timedelta) -> list[Window]:
    """Cut the margin off both ends."""
    return [
        Window(w.opens + margin, w.closes - margin)
        for w in windows
        if w.closes - w.opens > 2 * margin
    ]


def windows_of_day(windows: list[Window], day: date) -> list[Window]:
    """The windows that touch the day."""
    return [w for w in windows if day in (w.opens.date(), w.closes.date())]


def next_window(table: list[Window], moment: datetime) -> Window | None:
    """Find the window open at *moment*, or the next to open; None after the last."""
    for window in table:
        if moment < window.closes:
            return window
    return None


def minutes_left(table: list[Window], moment: datetime) -> int | None:
    """Count the whole minutes until the road floods."""
    window = next_window(table, moment)
    if window is None or moment < window.opens:
        return None
    return int((window.closes - moment).total_seconds() // 60)
