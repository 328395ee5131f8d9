"""When to set out."""

from datetime import datetime, timedelta


def latest_start(closes: datetime, metres: int, kmh: int) -> datetime:
    """Give the last whole minute at which a vehicle may set out over the causeway.

    The road is *metres* long, and the vehicle keeps to *kmh* kilometres an hour. It is ashore
    before *closes*, never at it: at its closing minute the road is closed.

    >>> from datetime import UTC, datetime
    >>> from harbour.times import latest_start
    >>> closes = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
    >>> latest_start(closes, metres=3000, kmh=30).strftime("%H:%M")
    '09:23'

    Raises ValueError for a time without a zone, and for a speed that leads nowhere.

    >>> latest_start(closes.replace(tzinfo=None), metres=3000, kmh=30)
    Traceback (most recent call last):
    ValueError: The closing time has no time zone.
    >>> latest_start(closes, metres=3000, kmh=0)
    Traceback (most recent call last):
    ValueError: At 0 km/h nobody arrives.
    """
    if closes.tzinfo is None:
        raise ValueError("The closing time has no time zone.")
    if kmh <= 0:
        raise ValueError(f"At {kmh} km/h nobody arrives.")
    on_the_way = timedelta(hours=metres / 1000 / kmh)
    start = (closes - on_the_way).replace(second=0, microsecond=0)
    return start if start + on_the_way < closes else start - timedelta(minutes=1)
