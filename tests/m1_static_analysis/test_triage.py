"""Grade *Bug, accepted, or wrong*: each verdict by the code, each reason and evidence by itself."""

from datetime import date, datetime, timedelta

import pytest

TODAY = date(2026, 5, 4)
A_YEAR = timedelta(days=365)

VERDICTS = {
    "shell_call": "bug",
    "none_window": "bug",
    "shared_notices": "bug",
    "token_header": "wrong",
    "six_arguments": "accept",
    "welsh_headline": "accept",
    "loop_exception": "accept",
    "day_exception": "bug",
    "unclosed_file": "wrong",
    "sql_query": "wrong",
}
# What contradicts a finding: a name or place that is not there, a line that says otherwise.
# tests/lessons/test_m1_reviewing.py holds these against the files.
ABSENT = {
    "unclosed_file": {"load_cache", "tide_feed.py:88"},
    "sql_query": {"cursor.execute", "cursor", "execute"},
}
SHOWS = {
    "token_header": {"tide_feed.py:14"},
    "unclosed_file": {"tide_feed.py:15"},
    "sql_query": {"warden.py:40"},
}


@pytest.mark.points(1)
@pytest.mark.hint(
    "Which tables of triage.toml have no verdict yet, or another word than the three?"
)
def test_each_finding_has_a_verdict(submission):
    """Each of the ten findings is called bug, accept or wrong."""
    given = verdicts(submission)

    open_ones = [name for name in VERDICTS if given[name] not in ("bug", "accept", "wrong")]
    unknown = sorted(set(submission.toml("triage.toml")) - set(VERDICTS))
    assert not open_ones, f"Without a verdict: {', '.join(open_ones)}; expected one for each."
    assert not unknown, f"{', '.join(unknown)} is no finding of the ten."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Who can send a value to this line, and what happens to the value there?",
    "When is a shell involved? https://docs.python.org/3/library/subprocess.html#security-considerations",
)
def test_what_comes_from_outside_is_judged_by_where_it_goes(submission, advise):
    """What comes from outside, and what should not get out, is judged by where it goes."""
    given = verdicts(submission)

    advise_the_indifferent(given, advise)
    shell = given["shell_call"]
    advise(shell in ("accept", "wrong"), "Only wardens know the address. What if somebody guesses?")
    advise(given["sql_query"] in ("bug", "accept"), "Which line runs a query, in which database?")
    advise(given["token_header"] in ("bug", "accept"), "Where does the token itself come from?")
    judge(given, "shell_call", "sql_query", "token_header")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Follow the failure: what stands on the sign, or in the answer, a moment later?",
    "What to narrow: https://mypy.readthedocs.io/en/stable/type_narrowing.html",
)
def test_failures_are_judged_by_what_a_driver_is_told(submission, advise):
    """What can fail is judged by what a driver is told when it does."""
    given = verdicts(submission)

    advise_the_indifferent(given, advise)
    day = given["day_exception"]
    advise(day in ("accept", "wrong"), "The table lacks the day. Does the road open?")
    advise(day == "bug" and given["loop_exception"] == "bug", "Two places catch everything. "
           "In which of them does the driver stop?")  # fmt: skip
    advise(
        given["none_window"] in ("accept", "wrong"),
        "What does a driver's telephone get at high water?",
    )
    judge(given, "day_exception", "loop_exception", "none_window")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which of these would somebody notice who only uses the sign, and never reads its code?",
    "When is a default made? https://docs.python.org/3/tutorial/controlflow.html#default-argument-values",
)
def test_the_rest_is_judged_by_the_code(submission, advise):
    """The other four are judged by the code, not by how sure the reviewer sounds."""
    given = verdicts(submission)

    advise_the_indifferent(given, advise)
    advise(given["unclosed_file"] in ("bug", "accept"), "Have you seen the line it speaks of?")
    shared = given["shared_notices"]
    advise(
        shared in ("accept", "wrong"), "Two wardens send a notice each. What does each one read?"
    )
    judge(given, "shared_notices", "six_arguments", "unclosed_file", "welsh_headline")


@pytest.mark.points(2)
@pytest.mark.hint(
    "When will somebody look at this again, and what will they find written there?",
    "How TOML writes a date: https://toml.io/en/v1.0.0#local-date",
)
def test_an_acceptance_has_a_reason_and_ends(submission, advise):
    """Each accepted finding has a reason in a few words, and a day on which it expires."""
    tables = {name: each for name, each in read(submission).items() if each["verdict"] == "accept"}
    faults = {name: fault for name, each in tables.items() if (fault := fault_of(each))}

    advise(not tables, "Is there nothing true among the ten that can wait?")
    advise("has no expires" in faults.values(), "Who will ever look at it again, and when?")
    late = "expires more than a year from today" in faults.values()
    advise(late, "Will you still be here to look at it?")
    advise("has expired" in faults.values(), "Which day is today, in this exercise?")
    assert tables, "No finding is accepted; expected a reason and a date for each that is."
    told = "; ".join(f"{name} {fault}" for name, fault in faults.items())
    assert not faults, f"{told}. Expected three words or more, and a day within a year."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What would the reviewer have to find in the code to be right? Look for exactly that.",
    "Which names in the finding can you search for?",
)
def test_wrong_is_shown_by_evidence(submission, advise):
    """Each finding that is called wrong is contradicted by what is, or is not, in the code."""
    tables = {name: each for name, each in read(submission).items() if each["verdict"] == "wrong"}
    bare = [name for name, each in tables.items() if not each.keys() & {"absent", "shows"}]
    weak = [name for name, each in tables.items() if name not in bare and not holds(name, each)]

    advise(not tables, "Did you find everything that the findings speak of?")
    advise(bare, "You looked, and it was not so. Where did you look?")
    advise(weak, "Would the reviewer give in, seeing that name or that line?")
    assert tables, "No finding is called wrong; expected evidence for each that is."
    assert not bare, f"Without absent or shows: {', '.join(bare)}; expected one of them for each."
    assert not weak, f"Not contradicted by its evidence: {', '.join(weak)}; expected it to be."


def read(submission):
    """Give a table for each finding, with a verdict, whatever the file holds."""
    found = submission.toml("triage.toml")
    tables = {name: found.get(name) for name in VERDICTS}
    return {
        name: {"verdict": "", **each} if isinstance(each, dict) else {"verdict": ""}
        for name, each in tables.items()
    }


def verdicts(submission):
    """Give the verdict of each finding."""
    return {name: each["verdict"] for name, each in read(submission).items()}


def judge(given, *names):
    """Hold the verdicts on *names* against the code."""
    misjudged = [name for name in names if given[name] != VERDICTS[name]]
    told = ", ".join(misjudged)
    assert not misjudged, (
        f"The code does not bear out the verdict on: {told}. Expected that it does."
    )


def advise_the_indifferent(given, advise):
    """Ask who has one verdict for everything."""
    kinds = set(map(str, given.values()))
    advise(kinds == {"bug"}, "When all ten are bugs, which one do you repair on Thursday evening?")
    advise(kinds == {"wrong"}, "Ten of ten are wrong. Which one did you try?")


def fault_of(table):
    """Say what is missing of an acceptance; None when it has a reason and a day within a year."""
    ends = table.get("expires")
    reason = table.get("reason")
    if not isinstance(reason, str) or len(reason.split()) < 3:
        return "has no reason"
    if isinstance(ends, datetime):
        ends = ends.date()
    if isinstance(ends, str):
        try:
            ends = date.fromisoformat(ends)
        except ValueError:
            return "expires on no day of a calendar"
    if not isinstance(ends, date):
        return "has no expires"
    if ends <= TODAY:
        return "has expired"
    return "expires more than a year from today" if ends > TODAY + A_YEAR else None


def holds(name, table):
    """Whether one piece of evidence contradicts the finding *name*."""
    absent = str(table.get("absent", "")).strip(" `()")
    shows = str(table.get("shows", "")).strip()
    return absent in ABSENT.get(name, ()) or shows in SHOWS.get(name, ())
