"""minutes_left asks the table itself, and next_window has another way to the same answer."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Window:
    """A time when the road is dry."""

    opens: datetime
    closes: datetime

    def holds(self, moment):
        return self.opens <= moment < self.closes


def zoned(moment):
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    return moment


def shorten(windows, margin):
    return [
        Window(window.opens + margin, window.closes - margin)
        for window in windows
        if window.closes - window.opens > 2 * margin
    ]


def next_window(windows, moment):
    zoned(moment)
    return next((window for window in windows if not window.closes <= moment), None)


def minutes_left(windows, moment):
    zoned(moment)
    for window in windows:
        if window.holds(moment):
            return (window.closes - moment) // timedelta(seconds=60)
    return None
