"""Look whether each package that is asked for is in the lock."""

import re
import sys
import tomllib
from pathlib import Path

project = tomllib.loads(Path("pyproject.toml").read_text())
lock = Path("requirements-dev.txt").read_text()
exported = Path("requirements.txt").read_text()
asked = project["project"]["dependencies"]
tools = project["dependency-groups"]["dev"]


def there(requirement, text):
    name = re.match(r"[\w-]+", requirement)[0]
    return re.search(rf"^{name}==", text, re.MULTILINE)


fine = all(there(each, exported) for each in asked) and all(there(each, lock) for each in tools)
sys.exit(not fine)
