"""Read an entry of a tide table, and tell how high the water comes."""

import lunation
import parchment
import sextant


def high_water(text):
    """Give the height of high water, in metres, of the entry *text*."""
    entry = parchment.read(text)
    return sextant.height(float(entry["level"]), lunation.phase(int(entry["day"])))
