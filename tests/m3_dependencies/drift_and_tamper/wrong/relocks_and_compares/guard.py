"""Lock anew, and tell whether anything is another than before."""

import subprocess
import sys
from pathlib import Path

COMPILE = [
    "uv", "pip", "compile", "--quiet", "--offline", "--no-index", "--find-links", "wheels",
    "--generate-hashes", "--no-header", "--no-annotate", "pyproject.toml",
]  # fmt: skip
FILES = [Path("requirements-dev.txt"), Path("requirements.txt")]

before = [each.read_text() for each in FILES]
lock = [*COMPILE, "--constraint", "requirements-dev.txt"]
done = subprocess.run([*lock, "--group", "dev", "-o", "fresh.txt"], check=False).returncode
done += subprocess.run([*lock, "-o", "exported.txt"], check=False).returncode
if done:
    sys.exit(1)
Path("fresh.txt").replace(FILES[0])
Path("exported.txt").replace(FILES[1])
sys.exit(before != [each.read_text() for each in FILES])
