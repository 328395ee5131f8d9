"""Sphinx configuration. Its source directory is the repository root: one path everywhere."""

import sys
import warnings
from pathlib import Path

from sphinx.deprecation import RemovedInSphinx10Warning

# Said about sphinx-autodoc-typehints' own call of Sphinx, once for every page: not ours to mend.
warnings.filterwarnings("ignore", category=RemovedInSphinx10Warning)

ROOT = Path(__file__).parent
sys.path[:0] = [str(ROOT), str(ROOT / "solutions" / "my-devops-project" / "src")]

project = "Causeway"
author = "The Causeway course"
copyright = "The Causeway course"
html_title = "Causeway: DevOps for Python projects"
language = "en"

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.intersphinx",
    "sphinx_autodoc_typehints",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinxcontrib.jquery",  # what the theme's own script is written in
    "workbook.site",
]
include_patterns = [
    "index.md",
    "course/*.md",
    "notebooks/*.ipynb",
    "exercises/m[0-9]_*/*/README.md",
    "solutions/m[0-9]_*/README.md",
]
exclude_patterns = ["**/.ipynb_checkpoints"]
templates_path = ["course/_templates"]

# What a page shows of a tool was verified by nbval: the build itself runs nothing.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
myst_enable_extensions = ["attrs_block", "attrs_inline", "colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
typehints_use_rtype = False

nitpicky = True
# Inventories are kept here, so that a build needs no network.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "course/_inventories/python.inv"),
    "flask": ("https://flask.palletsprojects.com/en/stable", "course/_inventories/flask.inv"),
}

html_theme = "sphinx_rtd_theme"
html_theme_options = {"collapse_navigation": True, "navigation_depth": 2}
html_static_path = ["course/_static"]
html_css_files = ["course.css"]
html_extra_path = ["notebooks/verified.json"]
html_copy_source = False
html_show_sphinx = False
pygments_style = "a11y-high-contrast-light"
