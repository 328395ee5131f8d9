"""The earliest of the windows that are not over, in whichever order they come."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, order=True)
class Window:
    """A time when the road is dry."""

    opens: datetime
    closes: datetime


def shorten(windows, margin):
    cut = (Window(window.opens + margin, window.closes - margin) for window in windows)
    return list(filter(lambda window: window.opens < window.closes, cut))


def next_window(windows, moment):
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    return min((window for window in windows if moment < window.closes), default=None)


def minutes_left(windows, moment):
    found = next_window(windows, moment)
    if found is None:
        return None
    return divmod(found.closes - moment, timedelta(minutes=1))[0] if found.opens <= moment else None
