"""Tests of the wiring: a real file, the real core, the real routes, and no process or port."""

import json
from datetime import timedelta

import pytest
from sign import create_app

TABLE = [["2026-05-01T06:10+00:00", "2026-05-01T09:30+00:00"]]


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "tides.json"
    path.write_text(json.dumps(TABLE), encoding="utf-8")
    return path


def ask(app, path, query=""):
    """Call the application as its server would; give the status and the answer."""
    told = []
    body = app({"PATH_INFO": path, "QUERY_STRING": query}, lambda *given: told.append(given[0]))
    return told[0], json.loads(b"".join(body))


# One question through everything: the route, the query, the file, the core, the answer.
def test_crossing_is_answered_from_the_table(table):
    status, answer = ask(create_app(table), "/v1/crossing", "at=2026-05-01T08:00:00Z")

    assert status.startswith("200")
    assert answer == {"open": True, "minutes_left": 90}


@pytest.mark.parametrize("path", ["/v1/crossing", "/readyz"])
def test_missing_table_is_told(table, path):
    table.unlink()

    status, _ = ask(create_app(table), path, "at=2026-05-01T08:00:00Z")

    assert status.startswith("503")


# Which margin is right the core knows; here only that it gets there.
def test_margin_reaches_the_core(table):
    app = create_app(table, timedelta(minutes=15))

    _, answer = ask(app, "/v1/crossing", "at=2026-05-01T08:00:00Z")

    assert answer["minutes_left"] == 75
