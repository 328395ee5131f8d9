"""The measures over records: rows are read once, and asked by name."""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone


def moment(text):
    return datetime.fromisoformat(text).astimezone(timezone.utc) if text else None


@dataclass(frozen=True)
class Deployment:
    id: str
    finished: datetime
    rework: bool

    def __lt__(self, other):
        return self.finished < other.finished


@dataclass
class Failure:
    began: datetime
    ended: datetime


def real(rows):
    for row in rows:
        if (row["environment"], row["status"]) == ("production", "done"):
            unplanned = row["planned"] != "yes"
            yield Deployment(row["id"], moment(row["finished"]), unplanned and row["because_of"] != "")


def of_period(rows, since, until):
    return sorted(each for each in real(rows) if each.finished >= since and each.finished < until)


def failures(rows, deployments, until):
    """One failure for each deployment: from the first beginning to the last end."""
    found = {}
    for row in rows:
        began = moment(row["began"])
        if row["kind"] != "failure" or began >= until:
            continue
        if row["deployment"] not in [each.id for each in deployments]:
            continue
        ended = moment(row["restored"]) or until
        if ended > until:
            ended = until
        failure = found.setdefault(row["deployment"], Failure(began, ended))
        failure.began = min(failure.began, began)
        failure.ended = max(failure.ended, ended)
    return list(found.values())


def median(times):
    """The middle one; of an even number the middle of two."""
    if len(times) == 0:
        return None
    times = sorted(times)
    half, odd = divmod(len(times), 2)
    return times[half] if odd else (times[half - 1] + times[half]) / 2


def deployment_frequency(deployments, since, until):
    seconds = (until - since).total_seconds()
    return 86400 * len(of_period(deployments, since, until)) / seconds


def change_lead_time(deployments, changes, since, until):
    order = {each.id: each for each in real(deployments)}
    ways = {}
    for row in changes:
        if row["deployment"] in order:
            ways.setdefault((row["commit"], row["committed"]), []).append(order[row["deployment"]])
    firsts = [(min(each).finished, moment(committed)) for (_, committed), each in ways.items()]
    return median([there - begun for there, begun in firsts if since <= there < until])


def failed_deployment_recovery_time(deployments, incidents, since, until):
    failed = failures(incidents, of_period(deployments, since, until), until)
    return median([each.ended - each.began for each in failed])


def change_fail_rate(deployments, incidents, since, until):
    ours = of_period(deployments, since, until)
    if not ours:
        return None
    return len(failures(incidents, ours, until)) / len(ours)


def deployment_rework_rate(deployments, since, until):
    ours = of_period(deployments, since, until)
    return sum(each.rework for each in ours) / len(ours) if ours else None
