"""Resolve anew, and compare what comes out with the files."""

import subprocess
import sys
from pathlib import Path

COMPILE = [
    "uv", "pip", "compile", "--quiet", "--offline", "--no-index", "--find-links", "wheels",
    "--generate-hashes", "--no-header", "--no-annotate", "pyproject.toml",
]  # fmt: skip


def same(file, *groups):
    done = subprocess.run([*COMPILE, *groups], capture_output=True, text=True, check=False)
    return done.returncode == 0 and done.stdout == Path(file).read_text()


sys.exit(not (same("requirements-dev.txt", "--group", "dev") and same("requirements.txt")))
