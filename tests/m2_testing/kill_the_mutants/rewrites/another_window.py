"""Windows that print themselves in words, and a margin cut in a loop."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, repr=False)
class Window:
    """A time when the road is dry."""

    opens: datetime
    closes: datetime

    def __repr__(self):
        return f"dry from {self.opens:%d %b, %I.%M %p} on"


def shorten(windows, margin):
    kept = []
    for window in windows:
        opens, closes = window.opens + margin, window.closes - margin
        if closes > opens:
            kept.append(Window(opens, closes))
    return kept


def next_window(windows, moment):
    if not moment.tzinfo:
        raise ValueError("The moment has no time zone.")
    later = [window for window in windows if window.closes > moment]
    return later[0] if later else None


def minutes_left(windows, moment):
    window = next_window(windows, moment)
    if window and window.opens <= moment:
        return int((window.closes - moment).total_seconds() // 60)
    return None
