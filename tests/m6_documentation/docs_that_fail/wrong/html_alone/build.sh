#!/bin/sh
# Builds the site into public/, or fails.
set -eu

sphinx-build -W --keep-going -n -b html docs public
