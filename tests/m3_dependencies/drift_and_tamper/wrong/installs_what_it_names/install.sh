#!/bin/sh
exec uv pip install --offline --no-index --find-links wheels --target installed --no-deps \
    --require-hashes -r requirements.txt
