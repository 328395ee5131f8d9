"""The pytest plugin that enters notebooks in the manifest: the only writer there is."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from workbook.manifest import SCHEMA, digest, read


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
