"""Write a fresh tide table: `python -m my_devops_project.almanac 14 > tides.yaml`.

The moon of this causeway is a regular one: every window follows the last by half a mean
lunar day. A real road needs the tables of its hydrographic office.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from my_devops_project.windows import Window

FIRST = Window(datetime(2026, 5, 1, 6, 10, tzinfo=UTC), datetime(2026, 5, 1, 9, 30, tzinfo=UTC))
HALF_LUNAR_DAY = timedelta(hours=12, minutes=25, seconds=14)
MINUTE = timedelta(minutes=1)


def predict(start: datetime, days: int) -> Iterator[Window]:
    count = -((FIRST.closes - start) // HALF_LUNAR_DAY)
    while (closes := FIRST.closes + count * HALF_LUNAR_DAY) <= start + timedelta(days=days):
        opens = FIRST.opens + count * HALF_LUNAR_DAY
        yield Window(_whole(opens + MINUTE - timedelta(seconds=1)), _whole(closes))
        count += 1


def as_yaml(start: datetime, days: int) -> str:
    """Write the table of *days* days from *start* on, as tides.yaml has it.

    >>> from datetime import UTC, datetime
    >>> from my_devops_project.almanac import as_yaml
    >>> print(as_yaml(datetime(2026, 5, 1, tzinfo=UTC), 1), end="")
    expires: 2026-05-02T00:00:00Z
    windows:
      - {opens: 2026-05-01T06:10:00Z, closes: 2026-05-01T09:30:00Z}
      - {opens: 2026-05-01T18:36:00Z, closes: 2026-05-01T21:55:00Z}
    """
    expires = start + timedelta(days=days)
    lines = [f"expires: {_stamp(expires)}", "windows:"]
    for window in predict(start, days):
        lines.append(f"  - {{opens: {_stamp(window.opens)}, closes: {_stamp(window.closes)}}}")
    return "\n".join(lines) + "\n"


def _whole(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _stamp(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    sys.stdout.write(as_yaml(midnight, int(sys.argv[1]) if sys.argv[1:] else 14))
