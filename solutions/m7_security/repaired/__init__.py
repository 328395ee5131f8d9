"""The warden's desk with its holes closed: the same routes, and the same answers."""
