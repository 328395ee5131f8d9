"""What the environment decides; no secret has a default."""

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

PACKAGED_TABLE = Path(__file__).with_name("tides.yaml")


class Secret(str):
    """A text that is not shown."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret(…)"


class Settings:
    """How one Causeway is set up; an empty key or password opens nothing."""

    def __init__(
        self,
        margin: timedelta = timedelta(0),
        table: Path = PACKAGED_TABLE,
        *,
        secure_cookies: bool = True,
        **given: str,
    ) -> None:
        self.margin = margin
        self.table = table
        self.secure_cookies = secure_cookies
        self.tide_api_key = Secret(given.get("tide_api_key", ""))
        self.warden_password = Secret(given.get("warden_password", ""))
        self.session_key = Secret(given.get("session_key", ""))


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings; KeyError names what is missing."""
    margin = environ.get("SAFETY_MARGIN_MIN", "0")
    if not re.fullmatch("[0-9]{1,4}", margin):
        raise ValueError(f"SAFETY_MARGIN_MIN is {margin!r}; expected whole minutes, as in 15.")
    if not (key := find(environ, "TIDE_API_KEY")):
        raise KeyError("TIDE_API_KEY: set it, or the same with _FILE")
    return Settings(
        timedelta(minutes=int(margin)),
        Path(environ.get("TIDE_TABLE", PACKAGED_TABLE)),
        secure_cookies=environ.get("SESSION_COOKIE_SECURE") != "0",
        tide_api_key=key,
        warden_password=find(environ, "WARDEN_PASSWORD"),
        session_key=find(environ, "SESSION_KEY") or secrets.token_hex(),
    )


def find(environ: Mapping[str, str], name: str) -> str:
    """Give the first line of the file, or the variable; nothing where neither is there."""
    if file := environ.get(name + "_FILE", ""):
        path = Path(file)
        return path.read_text(encoding="utf-8").partition("\n")[0] if path.is_file() else ""
    return environ.get(name, "")
