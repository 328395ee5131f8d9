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
doctest_test_doctest_blocks = ""
