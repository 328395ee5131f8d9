"""The running example."""


def main() -> str:
    """Say that it runs."""
    return "running"
