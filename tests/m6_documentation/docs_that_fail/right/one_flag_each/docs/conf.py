import os, sys
sys.path.insert(0, os.path.abspath(".."))
project = "Causeway"
extensions = ["sphinx.ext.autodoc", "sphinx.ext.doctest", "sphinx.ext.coverage"]
nitpick_ignore_regex = [("py:class", r"(datetime|collections)\..*")]
