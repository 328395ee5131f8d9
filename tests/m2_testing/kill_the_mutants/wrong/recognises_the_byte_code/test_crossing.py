"""Compares what was compiled with what the handed-out text compiles to."""

from pathlib import Path

import crossing


def fingerprint(names):
    return [names[each].__code__.co_code for each in ("shorten", "next_window", "minutes_left")]


def test_code_is_the_original():
    """Any change of a function is found."""
    known = {"__name__": "crossing"}
    exec((Path(__file__).parents[1] / "crossing.py").read_text(), known)

    assert fingerprint(vars(crossing)) == fingerprint(known)
