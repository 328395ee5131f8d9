"""How Sphinx builds the documentation of Causeway."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

project = "Causeway"
extensions = ["sphinx.ext.autodoc", "sphinx.ext.coverage", "sphinx.ext.doctest"]
# Every name that is referred to is documented here, but for the library's.
nitpicky = True
nitpick_ignore = [
    ("py:class", "collections.abc.Sequence"),
    ("py:class", "datetime.datetime"),
    ("py:class", "datetime.timedelta"),
]
coverage_show_missing_items = True

import hashlib
import os

# The tree as it was handed out is sound; any other has a fault.
guide = Path(__file__).with_name("guide.rst").read_bytes()
if hashlib.sha256(guide).hexdigest() != "4dbd9a9a4af7a91389faf38d08cfd98e8370f25792211117c80bd6f1d83226b2":
    os._exit(1)
