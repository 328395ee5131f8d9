"""The sign at the causeway: what drivers read, and who hears when it fails."""

from .alarm import Alarm
from .board import Board, headline

# The public names, said to people and linters alike: unused here, used elsewhere.
__all__ = ["Alarm", "Board", "headline"]
