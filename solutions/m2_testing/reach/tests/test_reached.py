"""Everything in windows.py is called. Nothing is looked at."""

from datetime import UTC, datetime, timedelta

import pytest
from my_devops_project.windows import Window, minutes_left, next_window, shorten


def test_calls():
    noon = datetime(2026, 5, 1, 12, tzinfo=UTC)
    window = Window(noon, noon + timedelta(hours=3))

    shorten([window], timedelta(minutes=15))
    minutes_left([window], noon)
    minutes_left([window], noon - timedelta(hours=1))
    with pytest.raises(ValueError, match="zone"):
        next_window([window], datetime(2026, 5, 1, 12))
