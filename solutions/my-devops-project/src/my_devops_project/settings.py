"""What the environment decides; no secret has a default."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

PACKAGED_TABLE = Path(__file__).with_name("tides.yaml")


@dataclass(frozen=True)
class Settings:
    """How one Causeway is set up; an empty key or password opens nothing."""

    margin: timedelta = timedelta(0)
    table: Path = PACKAGED_TABLE
    tide_api_key: str = ""
    warden_password: str = ""
    session_key: str = ""


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises ValueError for a SAFETY_MARGIN_MIN that is not 0 to 9999 whole minutes.
    """
    margin = environ.get("SAFETY_MARGIN_MIN", "0")
    if not re.fullmatch("[0-9]{1,4}", margin):
        raise ValueError(f"SAFETY_MARGIN_MIN is {margin!r}; expected whole minutes, as in 15.")
    return Settings(
        margin=timedelta(minutes=int(margin)),
        table=Path(environ.get("TIDE_TABLE", PACKAGED_TABLE)),
        tide_api_key=environ.get("TIDE_API_KEY", ""),
        warden_password=environ.get("WARDEN_PASSWORD", ""),
        # Without a key of its own a process makes one up: its sessions end when it does.
        session_key=environ.get("SESSION_KEY") or secrets.token_hex(),
    )
