"""Whether the causeway can be crossed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta  # noqa: F401 - for the examples as well


def can_cross(
    windows: Sequence[tuple[datetime, datetime]], moment: datetime, margin: int = 0
) -> bool:
    """Say whether the road is dry at a moment, with minutes to spare.

    The end of a window is not part of it: at the very minute at which it closes, the answer is no.

    Args:
        windows: Pairs ``(start, end)`` of datetimes with a time zone. The order does not matter.
        moment: When the driver starts, with a time zone (any).
        margin: Safety margin in minutes, taken from both sides of every window.

    Returns:
        Whether some window, shortened by the margin, contains the moment.

    Raises:
        ValueError: The moment is naive.

    Example:
        >>> from datetime import timezone
        >>> summer = timezone(timedelta(hours=1))
        >>> dry = (datetime(2026, 7, 1, 12, 0, tzinfo=summer), datetime(2026, 7, 1, 15, 0, tzinfo=summer))
        >>> can_cross([dry], dry[0]), can_cross([dry], dry[1])
        (True, False)
        >>> can_cross([dry], datetime(2026, 7, 1, 11, 0, tzinfo=UTC))
        True
        >>> can_cross([dry], datetime(2026, 7, 1, 13, 59, 59, tzinfo=UTC))
        True
        >>> can_cross([dry], datetime(2026, 7, 1, 13, 50, tzinfo=UTC), margin=10)
        False
        >>> can_cross([dry], datetime(2026, 7, 1, 12, 0))  # doctest: +IGNORE_EXCEPTION_DETAIL
        Traceback (most recent call last):
            ...
        ValueError: whatever it says
    """
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    cut = timedelta(minutes=margin)
    return any(opens + cut <= moment < closes - cut for opens, closes in windows)
