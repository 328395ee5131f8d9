"""The sign at the causeway: what drivers read, and who hears when it fails."""

from .alarm import Alarm  # noqa: F401
from .board import Board, headline  # noqa: F401
