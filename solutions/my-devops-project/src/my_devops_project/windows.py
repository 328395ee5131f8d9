"""When the causeway can be crossed: the pure core, which knows no clock, file or network."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Window:
    """A time, in UTC, when the road is dry: from *opens* up to, not at, *closes*."""

    opens: datetime
    closes: datetime


def shorten(windows: Iterable[Window], margin: timedelta) -> list[Window]:
    """Cut *margin* off both ends of each window; one with nothing left is dropped.

    >>> from datetime import datetime, timedelta
    >>> from my_devops_project.windows import Window, shorten
    >>> at = datetime.fromisoformat
    >>> tide = Window(at("2026-05-01T06:10Z"), at("2026-05-01T09:30Z"))
    >>> [(each.opens.hour, each.closes.hour) for each in shorten([tide], timedelta(hours=1))]
    [(7, 8)]
    >>> shorten([tide], (tide.closes - tide.opens) / 2)
    []
    """
    cut = [Window(window.opens + margin, window.closes - margin) for window in windows]
    return [window for window in cut if window.opens < window.closes]


def next_window(windows: Sequence[Window], moment: datetime) -> Window | None:
    """Find the window open at *moment*, or the next to open; None after the last.

    Windows come in order of their start. Raises ValueError for a *moment* without a time
    zone: near a change of clocks it names two instants, and one of them is under water.

    >>> from datetime import datetime
    >>> from my_devops_project.windows import Window, next_window
    >>> at = datetime.fromisoformat
    >>> first = Window(at("2026-05-01T06:10Z"), at("2026-05-01T09:30Z"))
    >>> last = Window(at("2026-05-01T18:36Z"), at("2026-05-01T21:55Z"))

    At its closing minute a window is over:

    >>> next_window([first, last], first.opens) == first
    True
    >>> next_window([first, last], first.closes) == last
    True
    >>> next_window([first, last], last.closes) is None
    True
    >>> next_window([first, last], at("2026-05-01T08:00"))
    Traceback (most recent call last):
    ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    return next((window for window in windows if moment < window.closes), None)


def minutes_left(windows: Sequence[Window], moment: datetime) -> int | None:
    """Count the whole minutes until the window open at *moment* closes.

    None when the road is closed then: a driver must not read "closed" as a number.

    >>> from datetime import datetime, timedelta
    >>> from my_devops_project.windows import Window, minutes_left
    >>> at = datetime.fromisoformat
    >>> tide = Window(at("2026-05-01T06:10Z"), at("2026-05-01T09:30Z"))
    >>> minutes_left([tide], tide.opens)
    200
    >>> minutes_left([tide], tide.closes - timedelta(seconds=1))
    0
    >>> minutes_left([tide], tide.closes) is None
    True
    """
    window = next_window(windows, moment)
    if window is None or moment < window.opens:
        return None
    return (window.closes - moment) // timedelta(minutes=1)
