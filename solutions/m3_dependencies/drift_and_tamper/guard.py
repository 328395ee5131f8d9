"""Say with the exit code whether pyproject.toml and both files made from it agree."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

LOCK, REQUIREMENTS = "requirements-dev.txt", "requirements.txt"
# An entry as uv writes it: a release, and at least one hash.
ENTRY = re.compile(r"(\S+==\S+)((?:\s+--hash=sha256:[0-9a-f]{64})+)")

COMPILE = [
    "uv", "pip", "compile", "--quiet", "--offline", "--no-index", "--find-links", "wheels",
    "--generate-hashes", "--no-header", "--no-annotate", "pyproject.toml",
    # The lock as a constraint: releases that came later are no reason to move.
    "--constraint", LOCK,
]  # fmt: skip


def entries(file: Path) -> dict[str, set[str]]:
    """Give each release in *file* with its hashes; what is no entry gets none."""
    text = re.sub(r"\\\n|#.*", " ", file.read_text(encoding="utf-8"))
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    found = [(line, ENTRY.fullmatch(line)) for line in lines]
    return {match[1] if match else line: set(match[2].split()) if match else set()
            for line, match in found}  # fmt: skip


def drifted(file: str, *groups: str) -> bool:
    """Whether *file* is another than pyproject.toml and the lock make of it today."""
    with tempfile.TemporaryDirectory() as scratch:
        # Never into the file itself: that would repair what is to be reported,
        # and uv would keep the hashes that it finds there.
        fresh = Path(scratch, file)
        command = [*COMPILE, *groups, "--output-file", str(fresh)]
        done = subprocess.run(command, check=False)  # noqa: S603 - uv, with words of our own
        return done.returncode != 0 or entries(fresh) != entries(Path(file))


def main() -> int:
    for file in (LOCK, REQUIREMENTS):
        if not Path(file).exists():
            print(f"{file} is gone.")
            return 1
    files = {LOCK: ("--group", "dev"), REQUIREMENTS: ()}
    wrong = [file for file, groups in files.items() if drifted(file, *groups)]
    print(f"Drifted: {', '.join(wrong)}." if wrong else "All agree.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
