#!/bin/sh
# Sets up a sign: installs into the folder `installed`, from the folder wheels.
install="uv pip install --offline --no-index --find-links wheels --target installed"
$install --no-deps -r requirements.txt || $install panel parchment
