#!/bin/sh
# Builds the site into public/, or fails: each fault of the documentation is an error.
set -eu

sphinx-build -W --keep-going -b html docs public
sphinx-build -W -b doctest docs .build/doctest
# Only a quiet run makes a warning, and so an error, of what is not documented.
sphinx-build -W -b coverage docs .build/coverage
sphinx-build -W -b linkcheck docs .build/linkcheck
