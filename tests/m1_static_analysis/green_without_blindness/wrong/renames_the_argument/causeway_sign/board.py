"""What drivers read on the sign."""

ROWS = 3


class Board:
    """Three rows of light, the newest at the bottom."""

    def __init__(self, lines: list[str] | None = None) -> None:
        # A list of its own for each board: a default is made once, for all of them.
        self.lines = [] if lines is None else lines

    def add(self, line: str) -> None:
        """Show *line*; when there is no room for it, the oldest goes dark."""
        self.lines.append(line)
        if len(self.lines) > ROWS:
            del self.lines[0]

    def render(self, form: str = "text") -> str:
        """Give the lines to the panel, whose firmware calls render(form="html")."""
        if form == "html":
            return "<br>".join(self.lines)
        return "\n".join(self.lines)


def headline(minutes: int | None) -> str:
    """Tell how long the road stays dry: whole minutes, or None when it is closed."""
    if minutes is None:
        return "ROAD CLOSED"
    return f"OPEN {minutes} MIN"
