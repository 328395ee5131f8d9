"""The sign at the causeway: what it shows, minute by minute."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

log = logging.getLogger("sign")


@dataclass(frozen=True)
class Window:
    """A time when the road is dry: from *opens* up to, not at, *closes*."""

    opens: datetime
    closes: datetime


def current(windows: list[Window], moment: datetime) -> Window | None:
    """Find the window that is open at *moment*."""
    return next((w for w in windows if w.opens <= moment < w.closes), None)


def headline(windows: list[Window], moment: datetime) -> str:
    """Say until when the road is dry."""
    window = current(windows, moment)
    return f"OPEN UNTIL {window.closes:%H:%M}"


# TODO: show the headline in Welsh too, once the council has sent its wording.
def panel(text: str, rows: int, columns: int, bold: bool, blink: bool, dim: int) -> str:
    """Lay *text* out for the panel, which takes its switches in this order."""
    switches = f"{bold:d}{blink:d}{dim:02d}"
    return "\n".join([switches, *[text.center(columns)] * rows])


def run(read: Callable[[], str], show: Callable[[str], None]) -> None:
    """Show what *read* says, for ever; whatever goes wrong, the sign says CLOSED."""
    while True:
        try:
            show(read())
        except Exception:
            log.exception("no headline at %s", datetime.now(UTC))
            show("CLOSED")
        time.sleep(60)
