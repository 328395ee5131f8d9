"""One reader takes the first entry, another the last."""

import warnings

from packing import honest, write_zip


def build(folder):
    with warnings.catch_warnings(action="ignore"):
        return write_zip(folder, [*honest(folder), *honest(folder)])
