"""Tests of the wiring."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest

import sign


def test_crossing_is_answered(monkeypatch):
    monkeypatch.setattr(sign, "create_app", Mock(return_value=lambda path: {"open": True}))

    assert sign.create_app(Path("tides.json"))("/v1/crossing") == {"open": True}


def test_core_is_asked_with_the_margin(monkeypatch):
    shorten = Mock(return_value=[])
    monkeypatch.setattr(sign, "shorten", shorten)

    sign.shorten([], timedelta(minutes=15))

    shorten.assert_called_once_with([], timedelta(minutes=15))
    assert sign.minutes_left(shorten([]), datetime(2026, 5, 1, tzinfo=UTC)) is None


def test_missing_table_cannot_be_read():
    with pytest.raises(OSError):
        sign.read_table(Path("none.json"))
