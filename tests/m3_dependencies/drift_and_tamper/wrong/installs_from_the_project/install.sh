#!/bin/sh
exec uv pip install --offline --no-index --find-links wheels --target installed -r pyproject.toml
