"""Ask Causeway what it can do."""

import sys

sys.path.insert(0, "src")

import causeway  # noqa: E402 - src had to be on the path first

causeway.is_open(causeway.table(), 300)
