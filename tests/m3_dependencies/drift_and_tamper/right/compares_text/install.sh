#!/bin/sh
set -e
pip install --quiet --isolated --no-index --find-links wheels --target installed \
    --require-hashes -r requirements.txt
