"""Sphinx configuration of the small course: what the directives need, and no more."""

project = "A small course"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx_design", "workbook.site"]
include_patterns = [
    "index.md",
    "course/*.md",
    "exercises/m[0-9]_*/*/README.md",
    "solutions/m[0-9]_*/README.md",
]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 2
autodoc_default_options = {"members": True}
html_theme = "sphinx_rtd_theme"
