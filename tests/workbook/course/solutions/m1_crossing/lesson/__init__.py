"""Code of a notebook."""


def shout(word: str) -> str:
    """Say it louder."""
    return word.upper()
