"""Tests of the core, as a driver meets it."""

import json
from datetime import timedelta

import pytest

from sign import create_app

TABLE = [["2026-05-01T06:10+00:00", "2026-05-01T09:30+00:00"],
         ["2026-05-04T06:00+00:00", "2026-05-06T06:00+00:00"]]


def minutes(tmp_path, at, margin=0):
    table = tmp_path / "tides.json"
    table.write_text(json.dumps(TABLE))
    app = create_app(table, timedelta(minutes=margin))
    environ = {"PATH_INFO": "/v1/crossing", "QUERY_STRING": f"at=2026-05-{at}Z"}
    return json.loads(b"".join(app(environ, lambda *_: None)))["minutes_left"]


@pytest.mark.parametrize(
    ("at", "left"),
    [("01T06:09:59", None), ("01T06:10:00", 200), ("01T09:29:59", 0), ("01T09:30:00", None),
     ("04T06:00:00", 2880)],
)
def test_minutes_left(tmp_path, at, left):
    assert minutes(tmp_path, at) == left


def test_margin(tmp_path):
    assert minutes(tmp_path, "01T09:20:00", margin=15) is None
    assert minutes(tmp_path, "01T06:20:00", margin=15) is None
