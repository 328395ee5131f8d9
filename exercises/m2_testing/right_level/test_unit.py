"""Tests of the core."""

from unittest.mock import Mock

import windows


def test_minutes_left(monkeypatch):
    monkeypatch.setattr(windows, "minutes_left", Mock(return_value=150))

    assert windows.minutes_left([], None) == 150
