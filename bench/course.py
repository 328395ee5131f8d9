"""Measure what people wait for, and print it as a table: `make bench`.

CPU seconds are those of a command and everything it started, the least of its runs: what the
machine does besides adds, and never takes away. The floors are measured in the same run.
"""

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
WORKBOOK = str(Path(PYTHON).with_name("workbook"))


def measure(
    command: list[str], cwd: Path = ROOT, runs: int = 3, before: Callable[[], object] | None = None
) -> tuple[float, float]:
    """Give CPU and wall seconds of *command*, the least of *runs*; an error it prints is shown."""
    best = (float("inf"), float("inf"))
    for _ in range(runs):
        if before:
            before()
        cpu, wall = children(), time.perf_counter()
        done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
        best = min(best, (children() - cpu, time.perf_counter() - wall))
    return best


def children() -> float:
    """Give the CPU seconds of all processes waited for so far."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def forget_the_site() -> None:
    """Forget the built site, but not the packs of the page: those are made once for their lock."""
    for folder in ("public", ".build/doctrees"):
        shutil.rmtree(ROOT / folder, ignore_errors=True)


def main() -> None:
    rows: list[tuple[str, float, float]] = []

    def row(name: str, *arguments: object, **options: object) -> None:
        rows.append((name, *measure(*arguments, **options)))  # type: ignore[arg-type]  # passed on
        print(".", end="", flush=True, file=sys.stderr)

    row("python -I -S, nothing else (floor)", [PYTHON, "-I", "-S", "-c", ""])
    row("pytest, one empty test (floor)", *empty_test())
    row("cold build of the site", ["make", "-s", "site"], runs=1, before=forget_the_site)
    row("make site, nothing changed", ["make", "-s", "site"])
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder) / "mine"
        subprocess.run([WORKBOOK, "start", mine], check=True, capture_output=True)
        row("workbook check none_on_the_causeway", [WORKBOOK, "check", "none_on"], cwd=mine)
        row("workbook check, all exercises", [WORKBOOK, "check"], cwd=mine)
    row("workbook prove", [WORKBOOK, "prove"], runs=1)
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    verify = [PYTHON, "-m", "pytest", "-q", "--nbval"]
    for notebook in notebooks:
        row(f"nbval {notebook.name}", [*verify, str(notebook)], runs=1)
    row("nbval, all notebooks", [*verify, "notebooks"], runs=1)
    print(file=sys.stderr)

    table = Table("what", "CPU s", "wall s", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    for name, cpu, wall in rows:
        table.add_row(name, f"{cpu:.2f}", f"{wall:.2f}")
    Console(width=72).print(table)
    print(f"\nPython {sys.version.split()[0]}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f} at the end")  # fmt: skip


def empty_test() -> tuple[list[str], Path]:
    """Give the command and folder of a pytest run that does nothing: the least a check can cost."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    (folder / "test_nothing.py").write_text("def test_nothing():\n    pass\n")
    return [PYTHON, "-m", "pytest", "-q", "--disable-plugin-autoload"], folder


if __name__ == "__main__":
    main()
