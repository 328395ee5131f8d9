from datetime import UTC, datetime, timedelta

from my_devops_project.windows import Window, shorten


def at(hour, minute):
    return datetime(2026, 5, 1, hour, minute, tzinfo=UTC)


def test_margin():
    windows = [Window(at(6, 10), at(9, 30))]

    assert shorten(windows, timedelta(minutes=15)) == [Window(at(6, 25), at(9, 30))]
