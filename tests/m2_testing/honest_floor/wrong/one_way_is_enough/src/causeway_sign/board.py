"""What the sign shows."""

WIDTH = 20


def headline(minutes):
    """Say how long the road stays open; None is a closed one."""
    if minutes is None:
        return "ROAD CLOSED"
    text = f"OPEN {minutes} MIN"
    if minutes < 15:  # pragma: no branch
        text = f"LAST {minutes} MIN"
    return text


def panel(lines):
    """Fit lines to the panel."""
    shown = []
    for line in lines:
        if len(line) > WIDTH:  # pragma: no branch
            line = line[: WIDTH - 1] + "~"
        shown.append(line)
    return "\n".join(shown)
