"""When the causeway can be crossed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import List, Optional


@dataclass(frozen=True)
class Window:
    """A time, in UTC, when the road is dry: from *opens* up to, not at, *closes*."""

    opens: datetime
    closes: datetime


def shorten(windows, margin):
    return [Window(w.opens+margin, w.closes-margin) for w in windows if w.closes-w.opens > 2*margin]


def windows_of_day(windows, day, found=[]):
    """The windows that touch the day."""
    for w in windows:
        if day in (w.opens.date(), w.closes.date()):
            found.append(w)
    return found


def next_window(table: List[Window], moment: datetime) -> Optional[Window]:
    """Find the window open at *moment*, or the next to open; None after the last."""
    for window in table:
        if moment < window.closes:
            return window
    return None


def minutes_left(table: List[Window], moment: datetime) -> int:
    """Count the whole minutes until the road floods."""
    window = next_window(table, moment)
    return (window.closes - moment).seconds // 60
