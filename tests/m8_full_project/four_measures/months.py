"""The months over which the measures are judged, and how they are asked."""

from datetime import UTC, datetime, timedelta, timezone

HOUR = timedelta(hours=1)
SUMMER = timezone(HOUR)
PERIOD = datetime(2026, 6, 1, tzinfo=SUMMER), datetime(2026, 7, 1, tzinfo=SUMMER)
MARCH = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=SUMMER)  # it lacks an hour
COLUMNS = {
    "deployments": "id environment finished status planned because_of note",
    "changes": "commit committed merged deployment",
    "incidents": "id kind began restored deployment note",
}
# Asked in the learner's process: with a clock that stands, and with rows of their own each time.
SETUP = """
import contextlib, copy, datetime, numbers, time

class Still(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls(2031, 1, 1, tzinfo=tz)
    utcnow = today = now

@contextlib.contextmanager
def standing_clock():
    real = datetime.datetime, time.time
    datetime.datetime, time.time = Still, lambda: 1_924_992_000.0
    try:
        yield
    finally:
        datetime.datetime, time.time = real

with standing_clock():
    import measures

def ask(name, *given):
    function = getattr(measures, name)
    try:
        with standing_clock():
            found = function(*given)
            number = isinstance(found, numbers.Number) and not isinstance(found, (bool, complex))
            return float(found) if number else found
    except Exception as error:
        return "raised " + type(error).__name__

def ask_in_every_order(name, *given):
    before = copy.deepcopy(given)
    found = ask(name, *given)
    kept = given == before
    turned = [each[::-1] if isinstance(each, list) else each for each in before]
    return found == ask(name, *turned), kept
"""


def rows(table, text):
    """Read the rows of *text*: days and hours of 2026, a dash for an empty field."""
    names = COLUMNS[table].split()
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        fields = line.split(None, len(names) - 1)
        fields += ["-"] * (len(names) - len(fields))
        moments = (f"2026-{each}" if each[2:3] == "-" else each for each in fields)
        found.append({name: "" if each == "-" else each
                      for name, each in zip(names, moments, strict=True)})  # fmt: skip
    return found


def deployed(*lines):
    return rows("deployments", "\n".join(lines))


def changed(*lines):
    return rows("changes", "\n".join(lines))


def broken(*lines):
    return rows("incidents", "\n".join(lines))


def done(name, moment, planned="yes", because="-", note="-"):
    return f"{name} production {moment} done {planned} {because} {note}"


FOUR = deployed(*(done(f"d{day}", f"06-0{day}T10:00:00Z") for day in (4, 3, 2, 1)))
WEEKLY = deployed(*(done(f"d{day}", f"03-{day}T10:00:00Z") for day in (10, 17, 24, 31)))
TRIALS = deployed("s1 staging 06-05T10:00:00Z done yes", "s2 review 06-05T11:00:00Z done yes",
                  "s3 production 06-05T12:00:00Z aborted yes")  # fmt: skip
EDGES = deployed(
    done("e4", "07-01T00:00:00+02:00"), done("e3", "07-01T00:00:00+01:00"),
    done("e2", "05-31T23:30:00Z"), done("e1", "06-01T00:30:00+02:00"),
)  # fmt: skip
REWORK = deployed(
    done("r5", "06-09T10:00:00Z", "yes", "i1", "runbook, as the review of i1 asked"),
    done("r4", "06-08T10:00:00Z", "no", "-", "hotfix: the new logo"),
    done("r3", "06-07T10:00:00Z", "no", "i1", "hotfix"),
    done("r2", "06-06T10:00:00Z", "no", "i1", "rollback"),
)
LONG = broken("i3 failure 06-03T12:00:00Z 06-04T18:00:00Z d3",
              "i2 failure 06-02T12:00:00Z 06-02T14:00:00Z d2",
              "i1 failure 06-01T12:00:00Z 06-01T13:00:00Z d1")  # fmt: skip
OPEN = broken("i3 failure 06-28T23:00:00Z - d3",
              "i2 failure 06-02T12:00:00Z 06-02T15:00:00Z d2",
              "i1 failure 06-01T12:00:00Z 06-01T13:00:00Z d1")  # fmt: skip
LATER = broken("i1 failure 06-30T19:00:00Z 07-03T19:00:00Z d1")
ANNOUNCED = broken("m1 maintenance 06-01T12:00:00Z 06-01T20:00:00Z d1",
                   "i2 failure 06-02T12:00:00Z 06-02T14:00:00Z d2")  # fmt: skip
OUTSIDE = broken("i9 failure 06-03T12:00:00Z 06-03T22:00:00Z -",
                 "i2 failure 06-02T12:00:00Z 06-02T14:00:00Z d2")  # fmt: skip
TWICE = broken("i3 failure 06-01T12:30:00Z 06-01T17:00:00Z d1",
               "i2 failure 06-01T13:00:00Z 06-01T14:00:00Z d1",
               "i1 failure 06-01T14:00:00+02:00 06-01T14:00:00+01:00 d1")  # fmt: skip
ELSEWHERE = broken("i1 failure 06-05T12:00:00Z 06-05T14:00:00Z s1",
                   "i2 failure 06-02T12:00:00Z 06-02T14:00:00Z m1")  # fmt: skip
HERE_TOO = ELSEWHERE + broken("i3 failure 06-04T12:00:00Z 06-04T13:00:00Z d4")
UNKNOWN_YET = broken("i1 failure 07-02T12:00:00Z 07-02T14:00:00Z d1")
LAST_MONTH = deployed(done("m1", "05-30T10:00:00Z"))
THREE = changed("c3 06-01T09:00:00Z 06-04T09:00:00Z d4", "c2 06-02T06:00:00Z 06-02T09:00:00Z d2",
                "c1 06-01T08:00:00Z 06-01T09:00:00Z d1")  # fmt: skip
TWO = changed("c2 06-02T00:00:00Z 06-02T09:00:00Z d2", "c1 06-01T08:00:00Z 06-01T09:00:00Z d1")
AGAIN = changed(
    "c1 06-01T08:00:00Z 06-01T09:00:00Z d3", "c1 06-01T08:00:00Z 06-01T09:00:00Z d1",
    "c2 06-02T06:00:00Z 06-02T09:00:00Z d2",
)  # fmt: skip
FROM_MAY = changed(
    "c1 05-30T08:00:00Z 05-30T09:00:00Z d1",
    "c1 05-30T08:00:00Z 05-30T09:00:00Z m1",
    "c2 06-02T06:00:00Z 06-02T09:00:00Z d2",
)
TRIED = changed(
    "c1 06-02T06:00:00Z 06-02T07:00:00Z d2", "c1 06-02T06:00:00Z 06-02T07:00:00Z t1",
    "c1 06-02T06:00:00Z 06-02T07:00:00Z t2", "c2 06-02T06:00:00Z 06-02T07:00:00Z -",
)  # fmt: skip
TRIALS_FIRST = FOUR + deployed("t1 staging 06-02T07:00:00Z done yes",
                               "t2 production 06-02T08:00:00Z aborted yes")  # fmt: skip
LOAD = changed(*(f"c{hour} 06-01T{hour:02}:00:00Z 06-01T09:30:00Z d1" for hour in (9, 6, 4, 2)),
               "c0 06-02T09:00:00Z 06-02T09:30:00Z d2")  # fmt: skip
ZONES = changed("c1 06-01T12:30:00+05:30 06-01T09:00:00Z d1")

# What each month is, in words; what a measure is given; what it answers.
CASES = {
    "deployment_frequency": {
        "four deployments to production in June, a rollback and two hotfixes beside them":
            ((FOUR + REWORK, *PERIOD), 8 / 30),
        "two on staging and review, one that was aborted, and four to production":
            ((FOUR + TRIALS, *PERIOD), 4 / 30),
        "four within an hour of the period's ends, of which two are in it":
            ((EDGES, *PERIOD), 2 / 30),
        "a deployment a week in March, when the clocks change":
            ((WEEKLY, *MARCH), 4 / (743 / 24)),
        "no deployment at all": (([], *PERIOD), 0.0),
    },
    "change_lead_time": {
        "three changes waited 2, 4 and 73 hours": ((FOUR, THREE, *PERIOD), 4 * HOUR),
        "two changes waited 2 and 10 hours": ((FOUR, TWO, *PERIOD), 6 * HOUR),
        "of two changes that waited 2 and 4 hours one was deployed again two days later":
            ((FOUR, AGAIN, *PERIOD), 3 * HOUR),
        "one waited 4 hours, and one that had come to production in May was deployed once more":
            ((FOUR + LAST_MONTH, FROM_MAY, *PERIOD), 4 * HOUR),
        "one was on staging after 1 hour, aborted after 2, in production after 4; one still waits":
            ((TRIALS_FIRST, TRIED, *PERIOD), 4 * HOUR),
        "one deployment carried changes of 1, 4, 6 and 8 hours, another one of 1 hour":
            ((FOUR, LOAD, *PERIOD), 4 * HOUR),
        "a change was committed at 12:30+05:30 and deployed at 10:00Z":
            ((FOUR, ZONES, *PERIOD), 3 * HOUR),
    },
    "change_fail_rate": {
        "two of four deployments failed, one for days": ((FOUR, LONG[1:], *PERIOD), 0.5),
        "one deployment failed, and one had announced maintenance":
            ((FOUR, ANNOUNCED, *PERIOD), 0.25),
        "one deployment failed, and the data centre once": ((FOUR, OUTSIDE, *PERIOD), 0.25),
        "one deployment caused three failures": ((FOUR, TWICE, *PERIOD), 0.25),
        "three failed, of which one is still open": ((FOUR, OPEN, *PERIOD), 0.75),
        "staging failed, and a deployment of May":
            ((FOUR + TRIALS + LAST_MONTH, ELSEWHERE, *PERIOD), 0.0),
        "a failure that began after the report": ((FOUR, UNKNOWN_YET, *PERIOD), 0.0),
        "one of eight failed, a rollback and two hotfixes among the eight":
            ((FOUR + REWORK, TWICE, *PERIOD), 0.125),
    },
    "failed_deployment_recovery_time": {
        "three deployments took 1, 2 and 30 hours": ((FOUR, LONG, *PERIOD), 2 * HOUR),
        "two took 1 and 3 hours, one is open for 48": ((FOUR, OPEN, *PERIOD), 3 * HOUR),
        "the only one was restored three days after the report": ((FOUR, LATER, *PERIOD), 4 * HOUR),
        "one took 2 hours, and announced maintenance 8": ((FOUR, ANNOUNCED, *PERIOD), 2 * HOUR),
        "one took 2 hours, and a power cut 10": ((FOUR, OUTSIDE, *PERIOD), 2 * HOUR),
        "one deployment failed from 12:00Z to 13:00Z, 12:30Z to 17:00Z and 13:00Z to 14:00Z":
            ((FOUR, TWICE, *PERIOD), 5 * HOUR),
        "one took 1 hour, and 2 hours each one on staging and one of May":
            ((FOUR + TRIALS + LAST_MONTH, HERE_TOO, *PERIOD), HOUR),
    },
    "deployment_rework_rate": {
        "of eight a rollback and a hotfix after i1, a hotfix for a logo, and what a review asked":
            ((FOUR + REWORK, *PERIOD), 0.25),
        "the rollback alone": ((REWORK[3:], *PERIOD), 1.0),
        "four planned deployments": ((FOUR + TRIALS, *PERIOD), 0.0),
    },
}  # fmt: skip

EMPTY = {
    "change_lead_time": ([], [], *PERIOD),
    "change_fail_rate": ([], [], *PERIOD),
    "failed_deployment_recovery_time": (FOUR, [], *PERIOD),
    "deployment_rework_rate": ([], *PERIOD),
}

# Asked in both orders of their rows.
TURNED = [
    ("deployment_frequency", FOUR + EDGES, *PERIOD),
    ("change_lead_time", FOUR, AGAIN, *PERIOD),
    ("change_lead_time", FOUR, THREE, *PERIOD),
    ("change_fail_rate", FOUR, OPEN, *PERIOD),
    ("failed_deployment_recovery_time", FOUR, OPEN, *PERIOD),
    ("failed_deployment_recovery_time", FOUR, TWICE, *PERIOD),
    ("deployment_rework_rate", FOUR + REWORK, *PERIOD),
]
