"""Whether the causeway can be crossed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta  # noqa: F401 - for the examples as well


def can_cross(
    windows: Sequence[tuple[datetime, datetime]], moment: datetime, margin: int = 0
) -> bool:
    """Whether a car may set out.

    Parameters
    ----------
    windows : sequence of (opens, closes)
        Aware datetimes. Intervals are closed on the left, open on the right: ``[opens, closes)``.
    moment : datetime
        Aware, in whichever zone.
    margin : int, optional
        Minutes that each interval loses at each end.

    Returns
    -------
    bool

    Raises
    ------
    ValueError
        If `moment` is naive.

    Examples
    --------
    >>> at = datetime.fromisoformat
    >>> tide = [(at("2026-05-01T06:10Z"), at("2026-05-01T09:30Z"))]
    >>> for text in ("06:09Z", "06:10Z", "09:29Z", "09:30Z", "10:10+01:00", "06:30-01:00"):
    ...     print(text, can_cross(tide, at("2026-05-01T" + text)))
    06:09Z False
    06:10Z True
    09:29Z True
    09:30Z False
    10:10+01:00 True
    06:30-01:00 True
    >>> [minutes for minutes in (0, 5, 10, 15) if can_cross(tide, at("2026-05-01T06:20Z"), minutes)]
    [0, 5, 10]
    >>> can_cross(tide, at("2026-05-01T08:00"))
    Traceback (most recent call last):
        ...
    ValueError: The moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("The moment has no time zone.")
    cut = timedelta(minutes=margin)
    return any(opens + cut <= moment < closes - cut for opens, closes in windows)
