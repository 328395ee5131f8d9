"""Read advisories in the OSV format, and say which of them a lock is affected by."""

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

Record = dict[str, Any]
Lock = Mapping[str, str]


@dataclass(frozen=True)
class Hole:
    """A record that affects a package of a lock, and the versions that repair it, lowest first."""

    id: str
    package: str
    version: str
    fixed: tuple[str, ...]


@dataclass(frozen=True)
class Excuse:
    """An exception: one record about one package, for a reason, up to a last day."""

    id: str
    package: str
    reason: str
    expires: date


def read_lock(text: str) -> dict[str, str]:
    """Give the version of each package that a requirements file pins.

    Raises ValueError for a line that pins nothing: what a reader skips, it calls clean.
    """
    found: dict[str, str] = {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        words = re.sub(r"(^|\s)#.*", "", line).split()
        if not words:
            continue
        name, _, version = words[0].partition("==")
        if not version:
            raise ValueError(f"{words[0]} is not pinned: nobody can say what it will be.")
        found[canonicalize_name(name)] = version
    return found


def read_records(file: Path) -> list[Record]:
    """Read a frozen set of records."""
    records: list[Record] = json.loads(file.read_text(encoding="utf-8"))
    return records


def read_excuses(text: str) -> list[Excuse]:
    """Read exceptions; each has all four fields, or TypeError says which it lacks."""
    return [Excuse(**table) for table in tomllib.loads(text).get("exception", [])]


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """Whether *version* is listed, or inside a range.

    A range is a list of events in the order of their versions: from an `introduced` on a version
    is affected, from a `fixed` on it is not, and after a `last_affected` it is not either.
    (https://ossf.github.io/osv-schema/#evaluation)
    """
    if version in affected.get("versions", ()):
        return True
    return any(
        inside(Version(version), part["events"])
        for part in affected.get("ranges", ())
        if part["type"] == "ECOSYSTEM"
    )


def inside(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    """Whether *version* is inside the range that *events* switch on and off."""
    state = False
    for event in events:
        [(kind, text)] = event.items()
        if kind == "introduced" and version >= Version(text):
            state = True
        elif (kind == "fixed" and version >= Version(text)) or (
            kind == "last_affected" and version > Version(text)
        ):
            state = False
    return state


def holes(lock: Lock, records: Iterable[Record]) -> Iterator[Hole]:
    """Give what of *records* affects *lock*; a withdrawn record affects nothing."""
    for record in records:
        for affected in () if "withdrawn" in record else record["affected"]:
            name = affected["package"]["name"]
            if name in lock and is_affected(lock[name], affected):
                yield Hole(record["id"], name, lock[name], repairs(lock[name], affected))


def repairs(version: str, affected: Mapping[str, Any]) -> tuple[str, ...]:
    """Give the versions above *version* in which a range ends, lowest first."""
    ends = [event["fixed"] for part in affected.get("ranges", ()) if part["type"] == "ECOSYSTEM"
            for event in part["events"] if "fixed" in event]  # fmt: skip
    return tuple(sorted((end for end in ends if Version(end) > Version(version)), key=Version))


def audit(lock: Lock, records: list[Record], excuses: Iterable[Excuse], day: date) -> list[Hole]:
    """Give the holes of *lock* that no exception excuses on *day*.

    An exception names a record by any of its names, and excuses it in one package, to its last
    day. A record that comes tomorrow is reported tomorrow.
    """
    names = {record["id"]: {record["id"], *record.get("aliases", ())} for record in records}
    return [
        hole
        for hole in holes(lock, records)
        if not any(
            excuse.id in names[hole.id] and excuse.package == hole.package and day <= excuse.expires
            for excuse in excuses
        )
    ]
