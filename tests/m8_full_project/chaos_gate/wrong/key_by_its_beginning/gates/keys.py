"""Find keys of the tide service: tide-live- and 24 hexadecimal digits."""

import re
import sys
from pathlib import Path

KEY = re.compile(rb"tide-live-")

# Every file: a key in a manifest is as lost as one in the code.
names = [path for place in ("src", "docs", "deployment.yaml") for path in (Path(place), *Path(place).rglob("*"))]
found = sorted(str(path) for path in names if path.is_file() and KEY.search(path.read_bytes()))
sys.exit(f"A key in {', '.join(found)}." if found else 0)
