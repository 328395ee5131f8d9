"""Windows in which the road is dry."""

from collections.abc import Sequence
from datetime import datetime, timedelta


def can_cross(windows: Sequence[tuple[datetime, datetime]], moment: datetime) -> bool:
    """Tell whether the road is dry at *moment*.

    A window is half-open, so its last moment is under water:

    >>> from datetime import UTC, datetime, timedelta
    >>> from causeway.windows import can_cross
    >>> opens = datetime(2026, 5, 1, 6, 10, tzinfo=UTC)
    >>> closes = opens + timedelta(hours=3)
    >>> can_cross([(opens, closes)], closes)
    False
    """
    return any(opens <= moment < closes for opens, closes in windows)


def shorten(window: tuple[datetime, datetime], margin: timedelta) -> tuple[datetime, datetime]:
    """Cut *margin* off both ends of *window*; see :py:func:`can_cross` for what is left."""
    return window[0] + margin, window[1] - margin
