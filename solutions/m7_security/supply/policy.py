"""Decide on a finding: a few facts about it, rules in the order of their weight, exceptions."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Finding:
    """A hole in a package, and what is known about it here."""

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
    if finding.score >= 9 or (finding.repair and finding.score >= 4):
        return f"block: {finding.repair} repairs it" if finding.repair else "block: severe"
    return "warn: no haste" if finding.repair else "warn: no repair yet"
