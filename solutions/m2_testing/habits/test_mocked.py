"""How many minutes are left: with the search for the window mocked, and with the real one."""

from datetime import UTC, datetime
from unittest.mock import Mock, create_autospec

from my_devops_project import windows
from my_devops_project.windows import Window, minutes_left


def at(hour, minute):
    return datetime(2026, 5, 1, hour, minute, tzinfo=UTC)


MORNING = Window(at(6, 10), at(9, 30))


def test_with_a_mock(monkeypatch):
    monkeypatch.setattr(windows, "next_window", Mock(return_value=MORNING))

    assert minutes_left([MORNING], at(9, 0)) == 30


def test_with_a_mock_of_the_same_signature(monkeypatch):
    monkeypatch.setattr(windows, "next_window", create_autospec(windows.next_window))
    windows.next_window.return_value = MORNING

    assert minutes_left([MORNING], at(9, 0)) == 30


def test_with_the_real_one():
    assert minutes_left([MORNING], at(9, 0)) == 30
