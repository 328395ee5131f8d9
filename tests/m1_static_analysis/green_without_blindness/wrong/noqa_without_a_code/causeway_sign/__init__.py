"""The sign at the causeway: what drivers read, and who hears when it fails."""

from .alarm import Alarm  # noqa
from .board import Board, headline  # noqa
