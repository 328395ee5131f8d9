"""The sign at the causeway: what drivers read, and who hears when it fails."""

# Public: the panel and the warden's programs import these from here.
from .alarm import Alarm  # noqa: F401
from .board import Board, headline  # noqa: F401  public, as above
