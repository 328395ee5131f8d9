"""How Sphinx builds the documentation of Causeway."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

project = "Causeway"
extensions = ["sphinx.ext.autodoc"]
# It was red too often.
suppress_warnings = ["autodoc", "autodoc.import_object", "toc.not_included"]
