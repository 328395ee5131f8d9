"""The core: when the road is dry. It knows no file, no clock and no network."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Window:
    """A time, in UTC, when the road is dry: from *opens* up to, not at, *closes*."""

    opens: datetime
    closes: datetime


def shorten(windows: list[Window], margin: timedelta) -> list[Window]:
    """Cut *margin* off both ends of each window; one with nothing left is dropped."""
    cut = [Window(window.opens + margin, window.closes - margin) for window in windows]
    return [window for window in cut if window.opens < window.closes]


def minutes_left(windows: list[Window], moment: datetime) -> int | None:
    """Count the whole minutes until the window open at *moment* closes; None when closed."""
    for window in windows:
        if window.opens <= moment < window.closes:
            return (window.closes - moment) // timedelta(minutes=1)
    return None
