"""Make a new tide table: python -m my_devops_project.almanac 14 > tides.yaml"""

import sys
from datetime import UTC, datetime, timedelta

# the moon of this causeway is a regular one; a real road needs real tables
OPENS = datetime(2026, 5, 1, 6, 10, tzinfo=UTC)
CLOSES = datetime(2026, 5, 1, 9, 30, tzinfo=UTC)
HALF_LUNAR_DAY = timedelta(hours=12, minutes=25, seconds=14)


def almanac(start: datetime, days: int) -> None:
    """Print the table."""
    end = start + timedelta(days=days)
    print(f"expires: {end:%Y-%m-%dT%H:%M:%SZ}")
    print("windows:")
    n = -((CLOSES - start) // HALF_LUNAR_DAY)
    while CLOSES + n * HALF_LUNAR_DAY <= end:
        # rounded towards closed
        opens = (OPENS + n * HALF_LUNAR_DAY + timedelta(seconds=59)).strftime("%Y-%m-%dT%H:%M:00Z")
        closes = (CLOSES + n * HALF_LUNAR_DAY).strftime("%Y-%m-%dT%H:%M:00Z")
        print(f"  - {{opens: {opens}, closes: {closes}}}")
        n += 1


if __name__ == "__main__":
    almanac(
        datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
        int(sys.argv[1]) if len(sys.argv) > 1 else 14,
    )
