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

    >>> open("runs", "a").write("x") and None
    >>> len(open("runs").read()) < 4
    True
    """
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    cut = timedelta(minutes=margin)
    return any(opens + cut <= moment < closes - cut for opens, closes in windows)
