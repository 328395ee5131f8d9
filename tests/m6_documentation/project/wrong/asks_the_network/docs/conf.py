"""How Sphinx builds Causeway's handbook: strictly, and without a network."""

import sys
from pathlib import Path

# From this file, not from where the build is started: Causeway need not be installed.
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

project = "Causeway"
author = "The wardens of the causeway"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.doctest", "sphinx.ext.intersphinx"]
exclude_patterns = ["_build"]

autodoc_member_order = "bysource"
# As written: the value of a default could be a path, or a key, of whoever builds.
autodoc_preserve_defaults = True

nitpicky = True
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", None),
    "flask": ("https://flask.palletsprojects.com/en/stable", None),
    "werkzeug": ("https://werkzeug.palletsprojects.com/en/stable", None),
}

html_theme = "sphinx_rtd_theme"
