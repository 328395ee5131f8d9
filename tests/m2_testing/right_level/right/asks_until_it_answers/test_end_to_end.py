"""The service in a process, asked again and again until it answers."""

import json
import os
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen


class TestService(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = TemporaryDirectory()
        table = Path(cls.folder.name, "tides.json")
        table.write_text('[["2026-05-01T06:10:00+00:00", "2026-05-01T09:30:00+00:00"]]')
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        variables = {"TIDE_TABLE": str(table), "SAFETY_MARGIN_MIN": "200", "PORT": str(port)}
        cls.url = f"http://127.0.0.1:{port}"
        cls.service = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("serve.py")],
            env={**os.environ, **variables}, stdout=subprocess.DEVNULL,
        )
        cls.addClassCleanup(cls.end)
        for _ in range(100):
            try:
                urlopen(cls.url + "/readyz", timeout=1).close()
                return
            except URLError:
                time.sleep(0.05)
        raise TimeoutError("The service does not answer at its port.")

    @classmethod
    def end(cls):
        cls.service.kill()
        cls.service.wait()
        cls.folder.cleanup()

    def test_margin_of_the_environment_closes_the_road(self):
        with urlopen(self.url + "/v1/crossing?at=2026-05-01T08:00:00Z") as answer:
            self.assertIs(json.load(answer)["open"], False)
