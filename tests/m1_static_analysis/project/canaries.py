def canary_mutable_default(seen: list[int] = []) -> int:
    """Count what was seen."""
    return len(seen)


def canary_bare_except(text: str) -> int:
    """Read a number."""
    try:
        return int(text)
    except:
        return 0


def canary_shadowed_builtin(width: int) -> int:
    """Double a width and one more."""
    max = 2 * width
    return max + 1


def canary_time_without_zone() -> str:
    """Tell the time."""
    from datetime import UTC, datetime

    return datetime.now().isoformat() + str(UTC)


def canary_unchecked_none(names: dict[str, str]) -> int:
    """Measure a name."""
    return len(names.get("tide"))


def canary_missing_annotation(minutes):
    """Give the minutes back."""
    return minutes


def canary_unused_import() -> int:
    """Count letters."""
    import json

    return len("tide")


def twin_mutable_default(seen: tuple[int, ...] = ()) -> int:
    """Count what was seen."""
    return len(seen)


def twin_bare_except(text: str) -> int:
    """Read a number."""
    try:
        return int(text)
    except ValueError:
        return 0


def twin_shadowed_builtin(width: int) -> int:
    """Double a width and one more."""
    twice = 2 * width
    return twice + 1


def twin_time_without_zone() -> str:
    """Tell the time."""
    from datetime import UTC, datetime

    return datetime.now(UTC).isoformat() + str(UTC)


def twin_unchecked_none(names: dict[str, str]) -> int:
    """Measure a name."""
    return len(names.get("tide", ""))


def twin_missing_annotation(minutes: int) -> int:
    """Give the minutes back."""
    return minutes


def twin_unused_import() -> int:
    """Count letters."""
    import json

    return len(json.dumps("tide"))
