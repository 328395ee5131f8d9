"""Decide on what the scanners found: a few facts, rules in the order of their weight, exceptions.

`python scripts/policy.py BANDIT AUDIT EXCEPTIONS` reads two reports, and ends with 1 on a block.
"""

import json
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

SCORES = {"LOW": 2.0, "MEDIUM": 5.0, "HIGH": 9.0}  # bandit has words for it
SEVERE, NOTABLE = 9.0, 4.0  # CVSS calls what is above so critical, and medium
UNRATED = SEVERE  # pip-audit says none: until somebody has looked, it counts as severe


@dataclass(frozen=True)
class Finding:
    """A hole in a package or in a file of ours, and what is known about it here."""

    id: str
    package: str
    score: float  # CVSS, 0 to 10
    exploited: bool = False  # known to be used by attackers
    reachable: bool = True  # our code gets there, or nobody has shown that it does not
    repair: str = ""  # the version that repairs it


@dataclass(frozen=True)
class Excuse:
    """An exception: one finding in one package, with an owner, a reason and a last day."""

    id: str
    package: str
    owner: str
    reason: str
    expires: date


def read_excuses(text: str) -> list[Excuse]:
    """Read exceptions; each has all its fields, or TypeError says which it lacks."""
    return [Excuse(**table) for table in tomllib.loads(text).get("exception", [])]


def decide(finding: Finding, excuses: Iterable[Excuse], day: date) -> str:
    """Say *block*, *warn* or *pass*, and why.

    What attackers use is never excused. An exception is over on the day after its last.
    """
    if finding.exploited:
        return "block: attackers use it"
    for excuse in excuses:
        if (excuse.id, excuse.package) == (finding.id, finding.package):
            if day <= excuse.expires:
                return f"pass: excused by {excuse.owner} to {excuse.expires}"
            return f"block: the exception ended on {excuse.expires}"
    if not finding.reachable:
        return "warn: our code does not get there"
    if finding.score >= SEVERE or (finding.repair and finding.score >= NOTABLE):
        return f"block: {finding.repair} repairs it" if finding.repair else "block: severe"
    return "warn: no haste" if finding.repair else "warn: no repair yet"


def of_code(report: dict[str, Any]) -> Iterator[Finding]:
    """Give what bandit found; a file that it could not read is a finding too."""
    for each in report["results"]:
        place = f"{each['filename'].removeprefix('./')}:{each['line_number']}"
        yield Finding(each["test_id"], place, SCORES[each["issue_severity"]], repair="we")
    for each in report["errors"]:
        yield Finding("unread", each["filename"], UNRATED)


def of_packages(report: dict[str, Any]) -> Iterator[Finding]:
    """Give what pip-audit found; a package that it skipped is a finding too."""
    for each in report["dependencies"]:
        if "skip_reason" in each:
            yield Finding("skipped", each["name"], UNRATED)
        for hole in each.get("vulns", []):
            repair = ", ".join(hole["fix_versions"][:1])
            yield Finding(hole["id"], f"{each['name']} {each['version']}", UNRATED, repair=repair)


def main(bandit: str, audit: str, exceptions: str) -> int:
    """Print the decisions; a report that is missing or empty is an error, not a pass."""
    code, packages = (json.loads(Path(name).read_text("utf-8")) for name in (bandit, audit))
    excuses = read_excuses(Path(exceptions).read_text("utf-8"))
    today = datetime.now(UTC).date()
    decisions = [
        (finding, decide(finding, excuses, today))
        for finding in (*of_code(code), *of_packages(packages))
    ]
    for finding, decision in decisions:
        print(f"{finding.id:22}{finding.package:40}{decision}")
    blocked = sum(decision.startswith("block") for _, decision in decisions)
    print(f"{len(decisions)} findings, {blocked} of them block.")
    return 1 if blocked else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
