#!/bin/sh
# Builds the site into public/.
sphinx-build -b html docs public
