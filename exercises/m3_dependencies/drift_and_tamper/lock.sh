#!/bin/sh
# Writes both files from pyproject.toml, for an index in the folder wheels.
set -e
compile="uv pip compile --quiet --offline --no-index --find-links wheels --generate-hashes --no-header --no-annotate"
$compile pyproject.toml --group dev --output-file requirements-dev.txt
$compile pyproject.toml --constraint requirements-dev.txt --output-file requirements.txt
