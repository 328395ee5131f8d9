"""What the sign says in the last quarter of an hour."""


def headline(minutes: int) -> str:
    text = f"OPEN {minutes} MIN"
    if minutes < 15:
        text = f"LAST {minutes} MIN"
    return text
