"""What the environment decides, kept in a class that shows nothing."""

from hmac import compare_digest
from pathlib import Path


class Settings:
    __slots__ = ("__key",)

    def __init__(self, key):
        self.__key = key.encode()

    def accepts(self, shown):
        return compare_digest(self.__key, shown.encode())


def read_settings(environ):
    if "TIDE_API_KEY_FILE" in environ:
        path = Path(environ["TIDE_API_KEY_FILE"])
        key = path.read_text().rstrip("\n") if path.is_file() else ""
    else:
        key = environ.get("TIDE_API_KEY", "")
    if not key:
        raise ValueError("no key")
    return Settings(key)
