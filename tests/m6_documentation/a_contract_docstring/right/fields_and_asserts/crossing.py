"""Whether the causeway can be crossed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta  # noqa: F401 - for the examples as well


def can_cross(
    windows: Sequence[tuple[datetime, datetime]], moment: datetime, margin: int = 0
) -> bool:
    """Answer the driver's question.

    :param windows: tuples of two instants; the first is inclusive, the second exclusive
    :param moment: an instant, that is a datetime with tzinfo
    :param margin: min. kept clear at both ends of each window
    :raises ValueError: when ``moment`` names no instant
    :returns: True where the road is dry

    >>> o = datetime(2026, 5, 1, 6, 10, tzinfo=UTC)
    >>> c = o + timedelta(hours=3)
    >>> assert can_cross([(o, c)], o)
    >>> assert not can_cross([(o, c)], c)
    >>> assert not can_cross([(o, c)], o, 1)
    >>> assert can_cross([(o, c)], o + timedelta(minutes=30), 30)
    >>> assert not can_cross([(o, c)], o + timedelta(minutes=29), 30)
    >>> assert can_cross([(o, c)], c - timedelta(minutes=31), 30)
    >>> assert not can_cross([], o)
    >>> from datetime import timezone
    >>> assert not can_cross([(o, c)], o.replace(tzinfo=timezone(timedelta(hours=9))))
    >>> try:
    ...     can_cross([(o, c)], o.replace(tzinfo=None))
    ... except ValueError:
    ...     print("refused")
    refused
    """
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    cut = timedelta(minutes=margin)
    return any(opens + cut <= moment < closes - cut for opens, closes in windows)
