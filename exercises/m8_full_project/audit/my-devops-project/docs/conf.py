"""How the documentation is built."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "src"))

project = "Causeway"
extensions = ["sphinx.ext.autodoc"]
autodoc_mock_imports = ["flask", "my_devops_project", "yaml"]
suppress_warnings = ["autodoc.mocked_object"]
html_theme = "sphinx_rtd_theme"
