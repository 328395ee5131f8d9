#!/bin/sh
# Builds the site into public/, or fails: each fault of the documentation is an error.
set -eu

sphinx-build -b html docs public
sphinx-build -b doctest docs .build/doctest
# Only a quiet run makes a warning, and so an error, of what is not documented.
sphinx-build -q -b coverage docs .build/coverage
sphinx-build -b linkcheck docs .build/linkcheck
