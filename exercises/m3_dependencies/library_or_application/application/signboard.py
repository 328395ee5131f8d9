"""Show what the warden wrote on the signs at both ends of the causeway."""

import panel
import parchment


def show(text):
    """Give the sign's line for *text*."""
    return panel.draw(parchment.read(text)["sign"])
