"""The signs at both ends of the causeway."""

import subprocess


def show(sign: str, text: str) -> None:
    """Show *text* on *sign*."""
    subprocess.run(["signctl", sign, text], check=True)
