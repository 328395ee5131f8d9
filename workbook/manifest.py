"""The manifest of verified notebooks: written by the step that verified them, kept by the build.

`pytest --nbval notebooks` runs each notebook afresh and compares strictly. A notebook all of whose
cells passed enters `notebooks/verified.json` with its digest; one that failed leaves it. The build
refuses any notebook that is not in there as it stands.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from workbook.course import ROOT

SCHEMA = 1


def digest(file: Path) -> str:
    """Give the digest of *file*'s bytes."""
    return "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()


def read(root: Path = ROOT) -> dict[str, Any]:
    """Read the manifest of the course at *root*; one without entries where there is none."""
    try:
        found: dict[str, Any] = json.loads((root / "notebooks" / "verified.json").read_text())
    except FileNotFoundError:
        return {"schema": SCHEMA, "lock": "", "notebooks": {}}
    return found


def unverified(root: Path = ROOT) -> list[str]:
    """Say of each notebook that is not as it was verified what differs; empty when all are."""
    manifest = read(root)
    if manifest["lock"] != digest(root / "requirements.txt"):
        return ["The notebooks were verified under another lock than requirements.txt."]
    there = {file.name: digest(file) for file in sorted((root / "notebooks").glob("*.ipynb"))}
    known = manifest["notebooks"]
    return [
        f"notebooks/{name} is not as it was verified."
        for name in sorted({*there, *known})
        if there.get(name) != known.get(name)
    ]
