"""Moments that know their offset from UTC, told apart from those that do not."""

from datetime import UTC, datetime
from typing import NewType

Instant = NewType("Instant", datetime)


def instant(text: str) -> Instant:
    """Read an ISO 8601 moment; raise ValueError if it names no offset from UTC."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text} has no offset; {text}+01:00 would have one.")
    return Instant(moment.astimezone(UTC))


def is_dry(moment: Instant, closes: Instant) -> bool:
    """Tell whether the road is still dry at *moment*."""
    return moment < closes
