"""Write records in the OSV format as the local database that Safety 2.3 reads."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from solutions.m3_dependencies.advisories.osv import Record

META = {"timestamp": 0, "base_domain": "https://osv.dev", "advisory": "frozen for this course"}


def write(records: Iterable[Record], folder: Path) -> None:
    """Write `insecure.json` and `insecure_full.json` to *folder*, as `safety check --db` has it."""
    brief: dict[str, Any] = {"$meta": META}
    full: dict[str, Any] = {"$meta": META}
    for number, record in enumerate(records, start=1):
        for affected in record["affected"]:
            name = affected["package"]["name"]
            ranges = specifiers(affected)
            brief.setdefault(name, []).extend(ranges)
            full.setdefault(name, []).append(
                {
                    "id": f"osv-{number}",
                    "advisory": f"{record['id']}: {record['summary']}",
                    "cve": record["id"],
                    "more_info_path": f"/vulnerability/{record['id']}",
                    "specs": ranges,
                    "v": ",".join(ranges),
                }
            )
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in {"insecure.json": brief, "insecure_full.json": full}.items():
        (folder / file).write_text(json.dumps(content), encoding="utf-8")


def specifiers(affected: Mapping[str, Any]) -> list[str]:
    """Give the ranges of a record as specifiers, as in `>=2.3.0,<2.3.2`."""
    found = []
    for part in affected["ranges"]:
        since = ""
        for event in part["events"]:
            [(kind, at)] = event.items()
            if kind == "introduced":
                since = "" if at == "0" else f">={at},"
            else:
                found.append(f"{since}{'<' if kind == 'fixed' else '<='}{at}")
    return found
