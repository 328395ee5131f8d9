"""Sphinx configuration of the handbook."""

import sys
from pathlib import Path

# From this file on: a relative path would be one from wherever Sphinx is started.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

project = "The causeway's handbook"
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.coverage",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
]
# The inventory is kept here, so that a build needs no network.
intersphinx_mapping = {"python": ("https://docs.python.org/3", "python.inv")}

# What ought to be there, whether a page mentions it or not.
coverage_modules = ["harbour"]
coverage_show_missing_items = True

# Autodoc links every type to Python's own pages: those links are the inventory's business.
linkcheck_ignore = [r"https://docs\.python\.org/"]
linkcheck_retries = 1
linkcheck_timeout = 10
