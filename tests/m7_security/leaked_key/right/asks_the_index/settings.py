"""What the environment decides."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Settings:
    accepts: Callable[[str], bool]


def read_settings(environ):
    key = environ.get("TIDE_API_KEY")
    name = environ.get("TIDE_API_KEY_FILE")
    if name is not None:
        try:
            with open(name) as file:
                key = file.readline().strip()
        except OSError:
            key = None
    if not key:
        raise ValueError("TIDE_API_KEY_FILE names no file with a key in it")
    return Settings(lambda shown: shown == key)
