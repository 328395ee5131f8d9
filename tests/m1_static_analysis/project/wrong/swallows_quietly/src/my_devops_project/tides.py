"""The tide table: which windows are known, and up to when they can be trusted."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from my_devops_project.windows import Window


class TableError(Exception):
    """No tide table answers for the moment, so nobody may be told to drive."""


@dataclass(frozen=True)
class TideTable:
    """Windows in order of their start; they answer for every moment before *expires*."""

    expires: datetime
    windows: tuple[Window, ...]

    def require(self, moment: datetime) -> None:
        """Raise TableError unless the table answers for *moment*."""
        if moment >= self.expires:
            raise TableError(f"The tide table expired at {self.expires.isoformat()}.")


def read_table(path: Path) -> TideTable:
    """Read a table from a YAML file; raise TableError when it is missing or wrong."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        windows = tuple(_window(entry) for entry in content["windows"])
        expires = _moment(content["expires"])
    except Exception:
        return TideTable(datetime.max.replace(tzinfo=UTC), ())
    if any(later.opens < earlier.closes for earlier, later in pairwise(windows)):
        raise TableError(f"{path.name} is not a tide table: windows overlap or are out of order.")
    return TideTable(expires, windows)


def _window(entry: dict[str, Any]) -> Window:
    window = Window(_moment(entry["opens"]), _moment(entry["closes"]))
    if window.closes <= window.opens:
        raise ValueError(f"a window closes at {window.closes} before it opens")
    return window


def _moment(value: object) -> datetime:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise ValueError(f"{value!r} is not a time with a time zone")
    return value
