"""The tide table."""

import os
from datetime import datetime

import yaml

from .windows import Window

TABLE = os.environ.get("TIDE_TABLE", os.path.join(os.path.dirname(__file__), "tides.yaml"))


class NoTable(Exception):
    """There is no table to answer from."""


def read_table(path: str = TABLE) -> tuple[datetime, list[Window]]:
    """Give expiry and windows."""
    try:
        with open(path) as file:
            data = yaml.safe_load(file)
    except OSError as error:
        raise NoTable(f"cannot read {path}") from error
    windows = [Window(entry["opens"], entry["closes"]) for entry in data["windows"]]
    return data["expires"], windows
