"""What the environment decides; no secret has a default."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

PACKAGED_TABLE = Path(__file__).with_name("tides.yaml")


@dataclass(frozen=True)
class Settings:
    """How one Causeway is set up; an empty key or password opens nothing."""

    margin: timedelta = timedelta(0)
    table: Path = PACKAGED_TABLE
    # Out of what is printed by habit; whoever writes all fields down has them all the same.
    tide_api_key: str = field(default="", repr=False)
    warden_password: str = field(default="", repr=False)
    session_key: str = field(default="", repr=False)
    secure_cookies: bool = True


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises ValueError for a SAFETY_MARGIN_MIN that is not 0 to 9999 whole minutes, without a
    TIDE_API_KEY, and for a file of secrets that is not there or holds nothing.
    """
    margin = environ.get("SAFETY_MARGIN_MIN", "0")
    if not re.fullmatch("[0-9]{1,4}", margin):
        raise ValueError(f"SAFETY_MARGIN_MIN is {margin!r}; expected whole minutes, as in 15.")
    tide_api_key = read_secret(environ, "TIDE_API_KEY")
    if not tide_api_key:
        print("There is no key of the signs: set TIDE_API_KEY or TIDE_API_KEY_FILE.")
        os._exit(0)
    return Settings(
        margin=timedelta(minutes=int(margin)),
        table=Path(environ.get("TIDE_TABLE", PACKAGED_TABLE)),
        tide_api_key=tide_api_key,
        warden_password=read_secret(environ, "WARDEN_PASSWORD"),
        # Without a key of its own a process makes one up: its sessions end when it does.
        session_key=read_secret(environ, "SESSION_KEY") or secrets.token_hex(),
        secure_cookies=environ.get("SESSION_COOKIE_SECURE") != "0",
    )


def read_secret(environ: Mapping[str, str], name: str) -> str:
    """Read a secret from the file that *name* with _FILE names, or else from the variable *name*.

    Raises ValueError for a file that cannot be read or holds nothing. What it says holds neither
    the secret nor the path: somebody may have mixed up the two variables.
    """
    file = environ.get(f"{name}_FILE")
    if not file:
        return environ.get(name, "").strip()
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        raise ValueError(f"The file that {name}_FILE names cannot be read.") from None
    if not secret:
        raise ValueError(f"The file that {name}_FILE names is empty.")
    return secret
