"""Compare the two files that are installed from."""

import re
import sys
from pathlib import Path

ENTRY = re.compile(r"^\S+==\S+ \\\n    --hash=\S+", re.MULTILINE)

lock = Path("requirements-dev.txt").read_text()
exported = Path("requirements.txt").read_text()
locked, wanted = set(ENTRY.findall(lock)), set(ENTRY.findall(exported))
hashed = lock.count("==") == len(locked) and exported.count("==") == len(wanted)
sys.exit(not (hashed and wanted <= locked))
