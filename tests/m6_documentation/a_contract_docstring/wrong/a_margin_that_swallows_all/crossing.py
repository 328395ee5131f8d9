"""Whether the causeway can be crossed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta  # noqa: F401 - for the examples as well


def can_cross(
    windows: Sequence[tuple[datetime, datetime]], moment: datetime, margin: int = 0
) -> bool:
    """Tell whether somebody who starts at *moment* finds the road dry.

    *windows* are pairs of aware times (opens, closes), in any order; without any, nobody crosses.
    A window is half-open: dry at *opens*, flooded at *closes*.
    *margin* is in whole minutes, and is cut off both ends of each window.
    Times of any zone are compared as instants.
    Raises ValueError for a *moment* without a time zone: it could be two instants.

    >>> opens = datetime(2026, 5, 1, 6, 10, tzinfo=UTC)
    >>> closes = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    >>> minute = timedelta(minutes=1)
    >>> today = [(opens, closes)]

    The first minute is dry, the last one is not:

    >>> [can_cross(today, moment) for moment in (opens - minute, opens, closes - minute, closes)]
    [False, True, True, False]

    A margin of a quarter of an hour ends all of it earlier:

    >>> can_cross(today, closes - minute, margin=100000)
    False

    Ten o'clock an hour east of Greenwich is nine o'clock there:

    >>> can_cross(today, datetime.fromisoformat("2026-05-01T10:00+01:00"))
    True
    >>> can_cross(today, datetime(2026, 5, 1, 9, 0))
    Traceback (most recent call last):
    ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    cut = timedelta(minutes=margin)
    return any(opens + cut <= moment < closes - cut for opens, closes in windows)
