"""Tests of the service as it is started: one process for all of them."""

import json
import os
import socket
import subprocess
import sys
from http.client import HTTPConnection

import pytest

TABLE = [["2026-05-01T06:10+00:00", "2026-05-01T09:30+00:00"]]


# The start is what costs: once for the module, whatever the number of tests.
@pytest.fixture(scope="module")
def port():
    """Find a port that was free a moment ago, to see whether the service takes the one named."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def url(tmp_path_factory, port):
    table = tmp_path_factory.mktemp("tides") / "tides.json"
    table.write_text(json.dumps(TABLE), encoding="utf-8")
    variables = {"TIDE_TABLE": str(table), "SAFETY_MARGIN_MIN": "15", "PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "serve.py"], env={**os.environ, **variables}, stdout=subprocess.PIPE
    ) as server:
        # The line comes when the service listens, or ends when it does not: nobody need sleep.
        yield server.stdout.readline().decode().strip()
        server.kill()


def test_service_is_ready(url):
    asks = HTTPConnection(url.removeprefix("http://"), timeout=5)
    asks.request("GET", "/readyz")
    with asks.getresponse() as answer:
        assert json.load(answer) == {"status": "ready"}
