"""The tide table."""

import os
import yaml  # type: ignore
from .windows import Window

TABLE = os.environ.get('TIDE_TABLE', os.path.join(os.path.dirname(__file__), 'tides.yaml'))

def read_table(path=TABLE):
    """expires and windows; times are UTC, tzinfo dropped so they can be compared with now()"""
    try:
        data = yaml.load(open(path), Loader=yaml.Loader)
        windows = []
        for entry in data['windows']:
            windows.append(Window(entry['opens'].replace(tzinfo=None), entry['closes'].replace(tzinfo=None)))  # noqa
        return data['expires'].replace(tzinfo=None), windows
    except:
        # no table yet on a fresh machine
        return None, []
