#!/bin/sh
# Builds the site into public/, or fails.
set -eu

export SPHINXOPTS="-W -q --keep-going"
mkdir -p .build
sphinx-build -M doctest docs .build $SPHINXOPTS
sphinx-build -M coverage docs .build $SPHINXOPTS
sphinx-build -M linkcheck docs .build $SPHINXOPTS
sphinx-build -M html docs .build $SPHINXOPTS
mv .build/html public
