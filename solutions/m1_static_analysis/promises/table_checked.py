"""Read the closing times of a day, and believe nothing that was not looked at."""

import json
from pathlib import Path


def whole_minutes(entry: object) -> int:
    """Return *entry* if it is a whole number; raise ValueError if it is anything else."""
    if not isinstance(entry, int):
        raise ValueError(f"{entry!r} is no whole number of minutes.")
    return entry


def closings(file: str) -> list[int]:
    """Read the closing times, in minutes after midnight; raise ValueError for any other table."""
    table: object = json.loads(Path(file).read_text(encoding="utf-8"))
    if not isinstance(table, dict) or not isinstance(table.get("closes"), list):
        raise ValueError(f"{file} has no list called closes.")
    return [whole_minutes(entry) for entry in table["closes"]]


def first_closing(file: str) -> int:
    """Find the first closing time of the day."""
    return min(closings(file))


if __name__ == "__main__":
    try:
        print(repr(first_closing("tides.json")))
    except ValueError as error:
        raise SystemExit(f"tides.json: {error}") from None
