"""Tests of the wiring."""

from unittest.mock import Mock

import sign


def test_crossing(monkeypatch):
    monkeypatch.setattr(sign, "create_app", Mock())
    sign.create_app.return_value.return_value = [b'{"open": true}']
    app = sign.create_app("tides.json")

    assert app({"PATH_INFO": "/v1/crosing"}, Mock()) == [b'{"open": true}']
