"""The sign at the causeway: what drivers read, and who hears when it fails."""

from .alarm import Alarm
from .board import Board, headline
