"""What the environment decides."""

import hmac
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """How a sign is set up."""

    tide_api_key: str = field(repr=False)

    def accepts(self, shown):
        """Whether *shown* is the key."""
        return hmac.compare_digest(shown.encode(), self.tide_api_key.encode())


def read_settings(environ):
    """Read the settings: the key from the file that TIDE_API_KEY_FILE names, or from TIDE_API_KEY.

    Raises ValueError where there is no key; what it says never holds one.
    """
    file, key = environ.get("TIDE_API_KEY_FILE"), environ.get("TIDE_API_KEY", "tide-live-0000-not-a-real-key")
    if file:
        try:
            key = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            raise ValueError("The file of TIDE_API_KEY_FILE cannot be read.") from None
    if not key.strip():
        raise ValueError("Set TIDE_API_KEY_FILE, or TIDE_API_KEY: there is no key.")
    return Settings(key)
