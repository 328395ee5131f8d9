"""The manifest of verified notebooks: written by the step that verified them, kept by the build.

`pytest --nbval notebooks` runs each notebook afresh and compares strictly. A notebook all of whose
cells passed enters `notebooks/verified.json` with its digest; one that failed leaves it. The build
refuses any notebook that is not in there as it stands.
"""

import hashlib
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

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


def code_cells(notebook: Path) -> int:
    """Count the code cells of *notebook*."""
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return sum(cell["cell_type"] == "code" for cell in cells)


class Recorder:
    """Watches nbval's cells go by, and enters the notebooks of which all passed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen: set[Path] = set()
        self.passed: dict[Path, set[str]] = defaultdict(set)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.seen = {item.path for item in items}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
        report = yield
        if call.when == "call" and report.passed:
            self.passed[item.path].add(item.name)
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        folder = self.root / "notebooks"
        seen = {path for path in self.seen if path.parent == folder and path.suffix == ".ipynb"}
        if not seen or session.config.option.collectonly:
            return
        lock = digest(self.root / "requirements.txt")
        manifest = read(self.root)
        # What another lock verified says nothing about this one.
        kept = dict(manifest["notebooks"]) if manifest["lock"] == lock else {}
        for path in seen:
            # Whichever cells were chosen or reached: only a whole notebook is verified.
            if len(self.passed[path]) == code_cells(path):
                kept[path.name] = digest(path)
            else:
                kept.pop(path.name, None)
        entries = {name: kept[name] for name in sorted(kept) if (folder / name).exists()}
        fresh = {"schema": SCHEMA, "lock": lock, "notebooks": entries}
        if fresh != manifest:
            text = json.dumps(fresh, indent=1) + "\n"
            (folder / "verified.json").write_text(text, encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    # Only the strict comparison verifies: --nbval-lax skips what a cell does not ask for.
    if getattr(config.option, "nbval", False) and not config.option.nbval_lax:
        config.pluginmanager.register(Recorder(config.rootpath), "verified-notebooks")
