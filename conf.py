"""Sphinx configuration. Its source directory is the repository root: one path everywhere."""

import os
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

# As written: the value of a default could be the environment of whoever builds, secrets and all.
autodoc_preserve_defaults = True
autodoc_member_order = "bysource"
autodoc_default_options = {"members": True, "show-inheritance": True}
typehints_use_rtype = False
# Flask's aliases name types that Flask imports only while a checker looks: autodoc cannot.
suppress_warnings = ["sphinx_autodoc_typehints.forward_reference"]

nitpicky = True
nitpick_ignore = [("py:class", "werkzeug.wrappers.response.Response")]  # Flask's is one
# Inventories are kept here, so that a build needs no network.
intersphinx_mapping = {
    "python": ("https://docs.python.org/3", "course/_inventories/python.inv"),
    "flask": ("https://flask.palletsprojects.com/en/stable", "course/_inventories/flask.inv"),
}

# The dashes of `--strict` stay two, also where no backquotes protect them.
smartquotes_action = "qe"
copybutton_prompt_text = "$ "

html_theme = "sphinx_rtd_theme"
html_theme_options = {"collapse_navigation": True, "navigation_depth": 2, "titles_only": True}
html_static_path = ["course/_static"]
html_css_files = ["course.css"]
html_favicon = "course/_static/favicon.svg"
html_extra_path = ["notebooks/verified.json"]
html_additional_pages = {"404": "404.html"}
# Where the site will stand, and where it came from: GitLab says so in the job that publishes it.
html_baseurl = os.environ.get("CI_PAGES_URL", "")
html_context = {"repository": os.environ.get("CI_PROJECT_URL", "")}
html_copy_source = False
