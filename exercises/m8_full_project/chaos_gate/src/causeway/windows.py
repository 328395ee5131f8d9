"""Windows of safe crossing: half-open, in minutes since midnight, in order."""

from collections.abc import Iterable


def is_open(windows: Iterable[tuple[int, int]], minute: int) -> bool:
    """Say whether *minute* lies in a window; the closing minute does not."""
    return any(opens <= minute < closes for opens, closes in windows)


def next_opening(windows: Iterable[tuple[int, int]], minute: int) -> int | None:
    """Give when the next window opens after *minute*; None where none does today."""
    return next((opens for opens, _ in windows if opens > minute), None)
