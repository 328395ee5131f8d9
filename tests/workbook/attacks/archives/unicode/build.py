"""Composed and decomposed: on some file systems the second is the first."""

import unicodedata

from packing import honest, write_zip


def build(folder):
    more = [(unicodedata.normalize(form, "h\u00f6here.py"), b"") for form in ("NFC", "NFD")]
    return write_zip(folder, [*honest(folder), *more])
