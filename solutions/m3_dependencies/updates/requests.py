"""Ask Renovate which requests it would open, and lay them out as a table."""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ASK = Path(__file__).with_name("renovate.mjs")
RENOVATE = Path(sys.prefix) / "renovate"


@dataclass(frozen=True)
class Request:
    """A request that Renovate would open: its updates, and how it is treated.

    A request merges itself only where each of its updates may. *age* is what a release has to
    reach, *schedule* when the request is opened; of several updates the first speaks.
    """

    name: str
    updates: tuple[str, ...]
    merges_itself: bool
    age: str
    schedule: str


def requests_of(updates: list[dict[str, Any]], *configs: dict[str, Any]) -> list[list[Request]]:
    """Give, for each of *configs*, the requests that Renovate makes of *updates*, by name.

    Nothing is looked up: the updates are given. Several at once cost little more than one. Raises
    FileNotFoundError where Renovate is not installed, RuntimeError with its words where it fails.
    """
    if not RENOVATE.is_dir():
        raise FileNotFoundError("Renovate is not installed here. `make tools` brings it.")
    with tempfile.TemporaryDirectory() as name:
        files = {"updates.json": json.dumps(updates)}
        files |= {f"{number}.json": json.dumps(each) for number, each in enumerate(configs)}
        for file, text in files.items():
            Path(name, file).write_text(text, encoding="utf-8")
        # Node is the environment's own; no shell reads the names of these files.
        search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        done = subprocess.run(  # noqa: S603
            ["node", ASK, RENOVATE, "requests", *files],  # noqa: S607
            cwd=name, capture_output=True, text=True, timeout=300, check=False,
            env={"PATH": search, "RENOVATE_X_IGNORE_RE2": "true", "LOG_LEVEL": "error"},
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [sorted_out(found) for found in json.loads(done.stdout)]


def sorted_out(found: list[dict[str, Any]]) -> list[Request]:
    """Put the updates that share a request together."""
    names = sorted({each["request"] for each in found})
    return [together([each for each in found if each["request"] == name]) for name in names]


def together(members: list[dict[str, Any]]) -> Request:
    """Make a request of the updates that share one."""
    first = members[0]
    schedule = first["schedule"] or ["at any time"]
    return Request(
        first["request"],
        tuple(each["update"] for each in members),
        first["merges_itself"],
        first["age"] or "none",
        schedule if isinstance(schedule, str) else ", ".join(schedule),
    )


def table(found: list[Request]) -> str:
    """Lay requests out, one in a line, with their updates below one another."""
    lines = [f"{'request':30}{'merged by':11}{'age':9}{'opened':15}updates"]
    for each in found:
        who = "itself" if each.merges_itself else "a person"
        head = f"{each.name:30}{who:11}{each.age:9}{each.schedule:15}"
        lines += [
            f"{head if place == 0 else '':65}{update}" for place, update in enumerate(each.updates)
        ]
    return "\n".join(lines)
