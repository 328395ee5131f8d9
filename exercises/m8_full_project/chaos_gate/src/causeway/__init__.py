"""Can I drive across before the tide?"""

import tomllib
from importlib.resources import files

from causeway.windows import is_open, next_opening

__all__ = ["is_open", "next_opening", "table"]


def table() -> list[tuple[int, int]]:
    """Give today's windows, out of the table that comes with the package."""
    told = tomllib.loads(files("causeway").joinpath("tides.toml").read_text(encoding="utf-8"))
    return [(opens, closes) for opens, closes in told["windows"]]
