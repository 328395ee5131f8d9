"""Tests of the service as it is started."""

import json
import os
import subprocess
import sys
import time
from urllib.request import urlopen

import pytest

TABLE = [["2026-05-01T06:10+00:00", "2026-05-01T09:30+00:00"]]


@pytest.fixture
def url(tmp_path):
    table = tmp_path / "tides.json"
    table.write_text(json.dumps(TABLE))
    variables = {**os.environ, "TIDE_TABLE": str(table), "PORT": "8765"}
    server = subprocess.Popen([sys.executable, "serve.py"], env=variables)
    time.sleep(2)
    yield "http://127.0.0.1:8765"
    server.kill()
    server.wait()


def is_open(url, at):
    with urlopen(f"{url}/v1/crossing?at=2026-05-01T{at}Z") as answer:
        return json.load(answer)["open"]


def test_open(url):
    assert is_open(url, "08:00")


def test_closed(url):
    assert not is_open(url, "12:00")


def test_closing_minute(url):
    assert not is_open(url, "09:30")
