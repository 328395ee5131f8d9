"""Six faults of documentation, and the kinds of build that could notice them."""

import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from solutions.m6_documentation.builds.forked import statuses

Edit = Callable[[Path], object]

# The dummy builder reads and resolves as every other does, and writes nothing.
WAYS = {
    "plain": "-b dummy",
    "-W": "-b dummy -W",
    "-W -n": "-b dummy -W -n",
    "doctest": "-b doctest",
    "coverage": "-b coverage -W",  # without -W it tells, and does not stop
    "linkcheck": "-b linkcheck",
}


def replace(name: str, old: str, new: str) -> Edit:
    """Give an edit that replaces *old* in the file *name*, where it must stand, by *new*."""

    def edit(tree: Path) -> None:
        text = (tree / name).read_text(encoding="utf-8")
        if old not in text:
            raise ValueError(f"{name} does not hold {old!r}.")
        (tree / name).write_text(text.replace(old, new), encoding="utf-8")

    return edit


def append(name: str, text: str) -> Edit:
    """Give an edit that writes *text* at the end of the file *name*, which it makes if need be."""

    def edit(tree: Path) -> None:
        with (tree / name).open("a", encoding="utf-8") as file:
            file.write(text)

    return edit


FAULTS: dict[str, Edit] = {
    "nothing": lambda tree: None,
    "an import that fails": replace("harbour/times.py", "import datetime,", "import datetimes,"),
    "a page in no toctree": append("docs/lost.md", "# Lost\n"),
    "a name that is gone": replace("docs/setting_out.md", "latest_start", "last_start"),
    "an example that lies": replace("harbour/times.py", "09:23", "09:24"),
    "no docstring": append("harbour/times.py", "\n\ndef first_start(opens):\n    return opens\n"),
    "a link that is gone": replace("docs/setting_out.md", "/tides", "/gone"),
}


def table(handbook: Path, faults: Mapping[str, Edit] = FAULTS) -> list[str]:
    """Plant each of *faults* in a copy of *handbook*, build it in every way, and tell the statuses.

    A dot is an exit status of 0: that build noticed nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        builds = []
        for number, edit in enumerate(faults.values()):
            tree = Path(folder) / str(number)
            shutil.copytree(handbook, tree)
            edit(tree)
            for way, words in enumerate(WAYS.values()):
                # Each has a folder for its own leftovers, so that none finds another's.
                out = str(tree / f"out-{way}")
                builds.append(["-q", *words.split(), "-d", f"{out}-read", str(tree / "docs"), out])
        found = iter(statuses(builds))
    lines = [f"{'':22}" + "".join(f"{way:>10}" for way in WAYS)]
    for fault in faults:
        row = "".join(f"{next(found) or '.':>10}" for _ in WAYS)
        lines.append(f"{fault:22}{row}")
    return lines
