"""When the causeway can be crossed."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast


@dataclass(frozen=True)
class Window:
    """A time, in UTC, when the road is dry: from *opens* up to, not at, *closes*."""

    opens: datetime
    closes: datetime


def next_window(table: list[Window], moment: datetime) -> Window | None:
    """Find the window open at *moment*, or the next to open; None after the last."""
    for window in table:
        if moment < window.closes:
            return window
    return None


def minutes_left(table: list[Window], moment: datetime) -> int | None:
    """Count the whole minutes until the road floods."""
    window = cast(Window, next_window(table, moment))
    if moment < window.opens:
        return None
    return int((window.closes - moment).total_seconds()) // 60
