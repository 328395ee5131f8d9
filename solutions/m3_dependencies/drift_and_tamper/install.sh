#!/bin/sh
# Sets up a sign: installs into the folder `installed`, from the folder wheels.
# Each entry must have a hash, and each wheel must have it. Nothing is tried after a refusal.
exec uv pip install --offline --no-index --find-links wheels --target installed \
    --require-hashes -r requirements.txt
