"""Causeway as it is handed out: the windows of a day."""

from datetime import date, datetime

from my_devops_project.windows import Window, windows_of_day

TABLE = [Window(datetime(2026, 5, day, 6), datetime(2026, 5, day, 9)) for day in (1, 2)]


def test_first_of_may():
    assert windows_of_day(TABLE, date(2026, 5, 1)) == TABLE[:1]


def test_second_of_may():
    assert TABLE[1] in windows_of_day(TABLE, date(2026, 5, 2))
