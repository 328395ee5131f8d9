"""DORA's measures of software delivery, over rows as csv.DictReader gives them."""

import csv
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

Row = Mapping[str, str]
Rows = Iterable[Row]


def at(text: str) -> datetime:
    """Read a moment. It has an offset, and so it compares with any other."""
    return datetime.fromisoformat(text)


def to_production(deployments: Rows) -> list[Row]:
    """Give the deployments that changed what runs in production: not trials, not attempts."""
    return [
        row for row in deployments if row["environment"] == "production" and row["status"] == "done"
    ]


def within(deployments: Rows, since: datetime, until: datetime) -> list[Row]:
    """Give the deployments of the period: half-open, so that each belongs to one report."""
    return [row for row in to_production(deployments) if since <= at(row["finished"]) < until]


def failures_of(
    deployments: Rows, incidents: Rows, since: datetime, until: datetime
) -> dict[str, list[Row]]:
    """Give each deployment of the period that failed, with the failures known at *until*.

    What came from outside names no deployment, and what was announced is no failure.
    """
    failed: dict[str, list[Row]] = {}
    mine = {row["id"] for row in within(deployments, since, until)}
    for row in incidents:
        if row["deployment"] in mine and row["kind"] == "failure" and at(row["began"]) < until:
            failed.setdefault(row["deployment"], []).append(row)
    return failed


def restored(incident: Row, until: datetime) -> datetime:
    """Give the end of an incident, as far as *until* knows: one that is open still lasts."""
    return min(at(incident["restored"]), until) if incident["restored"] else until


def middle(times: list[timedelta]) -> timedelta | None:
    """Give the median: one night that lasted a week does not move it."""
    return timedelta(seconds=median(each.total_seconds() for each in times)) if times else None


def deployment_frequency(deployments: Rows, since: datetime, until: datetime) -> float:
    """Deployments a day."""
    # A day in spring has 23 hours: the division keeps what .days would cut off.
    return len(within(deployments, since, until)) / ((until - since) / timedelta(days=1))


def change_lead_time(
    deployments: Rows, changes: Rows, since: datetime, until: datetime
) -> timedelta | None:
    """How long a change takes, from the commit to its first deployment to production."""
    # Of all time: what came to production in April is not new when May deploys it again.
    finished = {row["id"]: at(row["finished"]) for row in within(deployments, since, until)}
    first: dict[str, datetime] = {}
    committed: dict[str, datetime] = {}
    for row in changes:
        if row["deployment"] in finished:
            commit, moment = row["commit"], finished[row["deployment"]]
            first[commit] = min(moment, first.get(commit, moment))
            committed[commit] = at(row["committed"])
    return middle(
        [moment - committed[commit] for commit, moment in first.items() if since <= moment < until]
    )


def failed_deployment_recovery_time(
    deployments: Rows, incidents: Rows, since: datetime, until: datetime
) -> timedelta | None:
    """How long it takes to recover from a deployment that failed."""
    failed = failures_of(deployments, incidents, since, until)
    return middle(
        [
            max(restored(row, until) for row in rows) - min(at(row["began"]) for row in rows)
            for rows in failed.values()
        ]
    )


def change_fail_rate(
    deployments: Rows, incidents: Rows, since: datetime, until: datetime
) -> float | None:
    """The share of the deployments that failed, however many incidents each has caused."""
    all_of_them = within(deployments, since, until)
    failed = failures_of(deployments, incidents, since, until)
    return len(failed) / len(all_of_them) if all_of_them else None


def deployment_rework_rate(deployments: Rows, since: datetime, until: datetime) -> float | None:
    """The share of the deployments that nobody had planned and that an incident made necessary."""
    all_of_them = within(deployments, since, until)
    rework = [row for row in all_of_them if row["planned"] == "no" and row["because_of"]]
    return len(rework) / len(all_of_them) if all_of_them else None


def read(name: str) -> list[dict[str, str]]:
    """Read the rows of one of the files beside this one."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    tables = [read(f"{name}.csv") for name in ("deployments", "changes", "incidents")]
    deployments, changes, incidents = tables
    may = at("2026-05-01T00:00:00+01:00"), at("2026-06-01T00:00:00+01:00")
    print("deployments a day     ", deployment_frequency(deployments, *may))
    print("change lead time      ", change_lead_time(deployments, changes, *may))
    print("recovery time         ", failed_deployment_recovery_time(deployments, incidents, *may))
    print("change fail rate      ", change_fail_rate(deployments, incidents, *may))
    print("deployment rework rate", deployment_rework_rate(deployments, *may))
