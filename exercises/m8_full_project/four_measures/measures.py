"""DORA's measures of software delivery, over rows as csv.DictReader gives them."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from statistics import mean


def at(text):
    """Read a moment."""
    return datetime.fromisoformat(text)


def deployment_frequency(deployments, since, until):
    """Deployments a day."""
    return len(deployments) / (until - since).days


def change_lead_time(deployments, changes, since, until):
    """How long a change takes to come to production."""
    finished = {row["id"]: at(row["finished"]) for row in deployments}
    times = [
        finished[row["deployment"]] - at(row["merged"]) for row in changes if row["deployment"]
    ]
    return timedelta(seconds=mean(time.total_seconds() for time in times))


def failed_deployment_recovery_time(deployments, incidents, since, until):
    """How long it takes to recover from a deployment that failed."""
    times = [at(row["restored"]) - at(row["began"]) for row in incidents if row["restored"]]
    return timedelta(seconds=mean(time.total_seconds() for time in times))


def change_fail_rate(deployments, incidents, since, until):
    """The share of the deployments that failed."""
    return len(incidents) / len(deployments)


def deployment_rework_rate(deployments, since, until):
    """The share of the deployments that only repaired what an earlier one had broken."""
    return len([row for row in deployments if "hotfix" in row["note"]]) / len(deployments)


def read(name):
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
