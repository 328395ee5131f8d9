"""Bytes that are no UTF-8, a line feed, an escape: whoever prints or walks them stumbles."""

import os


def build(folder):
    for name in (b"\xff\xfe.py", b"a\nb.py", b"\x1b[2J.py", b"-rf", b"$(touch x).py"):
        path = os.path.join(os.fsencode(folder), b"exercises", name)
        with open(path, "wb"):
            pass
    return folder
