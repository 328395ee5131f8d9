"""The examples that somebody thought of."""

from datetime import UTC, datetime, timedelta

import pytest
from causeway.handed_out import Window, minutes_left

OPENS = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("length", [1, 15, 195, 200, 720, 1000])
def test_minutes_of_a_whole_window(length):
    window = Window(OPENS, OPENS + timedelta(minutes=length))

    assert minutes_left([window], OPENS) == length
