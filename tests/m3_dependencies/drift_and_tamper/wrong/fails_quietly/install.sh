#!/bin/sh
uv pip install --offline --no-index --find-links wheels --target installed \
    --require-hashes -r requirements.txt || true
