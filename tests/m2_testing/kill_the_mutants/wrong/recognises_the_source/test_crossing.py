"""Compares crossing.py with the text that was handed out, in place of asking it anything."""

import inspect
from pathlib import Path

import crossing


def test_code_is_the_original():
    """Whatever changes in the file is found."""
    known = Path(__file__).parents[1] / "crossing.py"

    assert inspect.getsource(crossing) == known.read_text()
