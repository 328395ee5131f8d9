"""The running example."""


def main() -> None:
    """Say that it runs."""
    print("running")
