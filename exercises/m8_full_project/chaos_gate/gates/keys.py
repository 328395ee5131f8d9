"""Find keys of the tide service: tide-live- and 24 hexadecimal digits."""

import re
import sys
from pathlib import Path

KEY = re.compile(r"^TIDE_API_KEY = ")

found = [str(path) for path in Path("src").glob("*.py") if KEY.search(path.read_text())]
sys.exit(f"A key in {', '.join(found)}." if found else 0)
