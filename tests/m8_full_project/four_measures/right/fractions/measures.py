"""The measures with exact shares, in seconds since 1970."""

import datetime as dt
import statistics as st
from fractions import Fraction


def seconds(text):
    return int(dt.datetime.fromisoformat(text).timestamp())


def live(deployments, since=None, until=None):
    found = {
        row["id"]: row
        for row in deployments
        if row["environment"] == "production" and row["status"] != "aborted"
    }
    if since is None:
        return found
    start, end = since.timestamp(), until.timestamp()
    return {key: row for key, row in found.items() if start <= seconds(row["finished"]) < end}


def share(part, whole):
    return Fraction(len(part), len(whole)) if len(whole) else None


def half(numbers):
    numbers = list(numbers)
    return dt.timedelta(seconds=float(st.median(numbers))) if numbers else None


def hurt(deployments, incidents, since, until):
    ours = live(deployments, since, until)
    end = until.timestamp()
    spans = {}
    for row in incidents:
        began = seconds(row["began"])
        if row["kind"] == "maintenance" or row["deployment"] not in ours or began >= end:
            continue
        over = min(seconds(row["restored"]), end) if row["restored"] else end
        spans[row["deployment"]] = [*spans.get(row["deployment"], []), began, over]
    return spans


def deployment_frequency(deployments, since, until):
    days = Fraction((until - since) // dt.timedelta(seconds=1), 24 * 60 * 60)
    return len(live(deployments, since, until)) / days


def change_lead_time(deployments, changes, since, until):
    ours = live(deployments)
    arrivals = sorted(
        (seconds(ours[row["deployment"]]["finished"]), seconds(row["committed"]), row["commit"])
        for row in changes
        if row["deployment"] in ours
    )
    seen, times = set(), []
    for arrived, committed, commit in arrivals:
        if commit not in seen and since.timestamp() <= arrived < until.timestamp():
            times.append(arrived - committed)
        seen.add(commit)
    return half(times)


def failed_deployment_recovery_time(deployments, incidents, since, until):
    spans = hurt(deployments, incidents, since, until).values()
    return half(max(span) - min(span) for span in spans)


def change_fail_rate(deployments, incidents, since, until):
    return share(hurt(deployments, incidents, since, until), live(deployments, since, until))


def deployment_rework_rate(deployments, since, until):
    ours = live(deployments, since, until)
    forced = [row for row in ours.values() if row["because_of"] and row["planned"] == "no"]
    return share(forced, ours)
