"""Ask the wheel in dist/ what it can do."""
