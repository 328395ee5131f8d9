"""Find keys of the tide service: tide-live- and 24 hexadecimal digits."""

import os
import re
import sys
from pathlib import Path

KEY = re.compile(rb"tide-live-[0-9a-f]{24}")

# Every file: a key in a manifest is as lost as one in the code.
names = [Path(folder, name) for folder, _, names in os.walk(".") for name in names]
found = sorted(str(path) for path in names if path.is_file() and KEY.search(path.read_bytes()))
sys.exit(f"A key in {', '.join(found)}." if found else 0)
