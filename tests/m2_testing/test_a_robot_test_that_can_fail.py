"""Grade *Make the suite able to fail*: one desk without a fault, three that have one.

The suite is a program of a stranger: it may start what it likes. So nothing that it says of itself
is believed but its exit code, and that only by comparison. The desks answer in the judge's process
(`workbook.standin`), differ in nothing before the fault is met, and get passwords of their own; the
runs share no folder. A suite that gives 0 to one desk and a failure to the other has told them
apart, whatever it did inside. What a cheat can still do: tell them apart in Python instead of in
keywords (then it has written the test), take the password's traces out of its own log (then they
are not there), and raise the barrier without a teardown, by any way that also works on failure.
"""

import json
import re
import secrets
from dataclasses import dataclass

import pytest

from workbook.intake import read_file
from workbook.standin import Answers, meet

pytestmark = pytest.mark.needs("robot", "RequestsLibrary")

SUITE = "barrier.robot"
LOG = "output.xml"
FAILED = range(1, 251)  # exit codes that count failed tests; above, Robot had nothing to run
FAULTS = ("open_door", "empty_desk", "silent_sign")
LONGEST = 60  # seconds of a run
SHOWN = 4000  # characters of what Robot said
FORM = "<h1>Log in</h1><form method=post><input name=username><input name=password></form>"


@pytest.mark.points(1)
@pytest.mark.hint(
    "What does the desk get as the password, and whose password is it?",
    "Environment variables: https://robotframework.org/robotframework/latest/"
    "RobotFrameworkUserGuide.html#environment-variables",
)
def test_password_comes_from_outside(submission, advise):
    """The suite logs in with the password that it is given from outside.

    The variable WARDEN_PASSWORD holds it, and it is another one at every desk.
    """
    desk = runs(submission)[""].desk

    advise("<secret>" in desk.tried, "The desk was sent the word *<secret>*. Who put that there?")
    advise(desk.tried, "Which password was tried, and what was in WARDEN_PASSWORD?")
    assert desk.password in desk.tried, "Nobody logged in with the password of WARDEN_PASSWORD."


@pytest.mark.points(1)
@pytest.mark.hint("Run it against python desk.py, without a fault. Which test is red, and why?")
def test_passes_where_nothing_is_wrong(submission):
    """Against the desk without a fault the suite passes."""
    assert_green(submission)


@pytest.mark.points(2)
@pytest.mark.hint(
    "Whom must the desk send away, and which of your tests would notice if it did not?",
    "RequestsLibrary's expected_status: https://marketsquare.github.io/robotframework-requests/"
    "doc/RequestsLibrary.html",
)
def test_notices_the_open_door(submission, advise):
    """A desk that lets in whoever comes is noticed: the suite fails."""
    assert_green(submission)
    run = runs(submission)["open_door"]

    advise(
        run.code == 0 and run.desk.tried == {run.desk.password},
        "Every password you tried was the right one. What does that say about a lock?",
    )
    advise(run.code == 0, "This suite is green. Against which desk would it be red?")
    assert_red(run, "lets in whoever comes")


@pytest.mark.points(2)
@pytest.mark.hint("What does the page say that you get after the login? Ask about that.")
def test_notices_the_empty_desk(submission, advise):
    """A login that leads to some other page than the Dashboard is noticed: the suite fails."""
    assert_green(submission)
    run = runs(submission)["empty_desk"]

    advise(run.code == 0, "The page came with status 200. Which page was it?")
    assert_red(run, "shows no Dashboard")


@pytest.mark.points(2)
@pytest.mark.hint("After the barrier went down: who needs to know, and where do they ask?")
def test_notices_the_silent_sign(submission, advise):
    """A sign that says *open* while the barrier is down is noticed: the suite fails."""
    assert_green(submission)
    run = runs(submission)["silent_sign"]

    advise(not run.desk.was_down, "Was the barrier ever down while your suite ran?")
    advise(
        run.code == 0 and "/v1/crossing" in run.desk.asked,
        "The drivers' sign was asked, and it said *open*. What became of that answer?",
    )
    advise(run.code == 0, "The desk said *down*. Whom did you ask whether drivers know it?")
    assert_red(run, "tells drivers that the road is open")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which line of a test is the last one to run when the line in its middle fails?",
    "Teardown: https://robotframework.org/robotframework/latest/"
    "RobotFrameworkUserGuide.html#test-setup-and-teardown",
)
def test_leaves_the_road_open(submission, advise):
    """After every run the barrier is up again, also when a test has failed."""
    found = runs(submission)
    assert found[""].desk.was_down, "The barrier was never down, so nothing is known of it."
    left = [fault for fault, run in found.items() if run.desk.barrier == "down"]

    advise(
        left and "" not in left, "Your test failed, as it should. Who opens the road after that?"
    )
    assert not left, "After a run the barrier was still down."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Put a password of your own into WARDEN_PASSWORD, run the suite, and search output.xml for it.",
    "Log levels: https://robotframework.org/robotframework/latest/"
    "RobotFrameworkUserGuide.html#log-levels",
)
def test_password_stays_out_of_the_log(submission, advise):
    """Neither what Robot prints nor output.xml holds the password."""
    found = runs(submission)
    used = [run for run in found.values() if run.desk.password in run.desk.tried]
    assert used, "The password was never used, so nothing is known of where it goes."
    told = [run for run in used if run.desk.password in run.log]

    advise(told, "The log holds the password. Which keyword told it, and at which level?")
    assert not told, "The password stands in the log, for whoever may download the report."


def assert_green(submission):
    """A suite that is red without a reason cannot be asked whether it is red for one."""
    run = runs(submission)[""]
    assert run.code == 0, f"Against the desk without a fault the suite did not pass.\n{run.said}"


def assert_red(run, what):
    """Refuse a suite that is green against the broken desk, or that did not run at all."""
    assert run.code != 0, f"The suite is green against a desk that {what}."
    assert run.code in FAILED, f"Robot ran no suite against a desk that {what}.\n{run.said}"


class Desk:
    """The warden's desk and the drivers' sign, with one *fault* or none."""

    def __init__(self, fault):
        self.fault, self.password = fault, secrets.token_hex(8)
        self.sessions, self.barrier, self.was_down = set(), "up", False
        self.tried, self.asked = set(), set()

    def __call__(self, asks):
        if len(self.asked) < 100:
            self.asked.add(asks.path)
        is_warden = asks.cookies.get("session") in self.sessions
        match asks.method, asks.path:
            case "GET", "/v1/crossing":
                return as_json(200, open=self.barrier == "up" or self.fault == "silent_sign")
            case "GET", "/dashboard" if is_warden:
                name = "Something went wrong" if self.fault == "empty_desk" else "Dashboard"
                return Answers(f"<h1>{name}</h1><p>The barrier is {self.barrier}.</p>")
            case "GET", "/dashboard":
                return Answers("", 303, headers=(("Location", "/login"),))
            case "GET", "/login":
                return Answers(FORM)
            case "POST", "/login":
                return self.log_in(asks.form)
            case "POST", "/barrier" if is_warden:
                return self.move(asks.form.get("barrier"))
            case "POST", "/barrier":
                return as_json(401, error="who are you?")
        return Answers(FORM, 404)

    def log_in(self, form):
        given = form.get("password", "")
        if len(self.tried) < 100:
            self.tried.add(given)
        right = form.get("username") == "warden" and given == self.password
        if not right and self.fault != "open_door":
            return Answers(FORM, 401)
        session = secrets.token_hex()
        self.sessions.add(session)
        return Answers(
            "", 303, headers=(("Location", "/dashboard"), ("Set-Cookie", f"session={session}"))
        )

    def move(self, where):
        if where not in ("up", "down"):
            return as_json(400, error="up or down?")
        self.barrier, self.was_down = where, self.was_down or where == "down"
        return as_json(200, barrier=where)


def as_json(status, **content):
    """Answer *content* in JSON."""
    return Answers(json.dumps(content), status, "application/json")


@dataclass(frozen=True)
class Run:
    """One run of the suite: its exit code, what it said and wrote, and the desk that it met."""

    code: int
    said: str
    log: str
    desk: Desk


RUNS = {}  # the last ones only: the checks ask about the same suite


def runs(submission):
    """Let the suite meet each desk once, in an order that it cannot know."""
    suite = submission.read(SUITE)
    if suite not in RUNS:
        RUNS.clear()
        desks = [Desk(fault) for fault in ("", *FAULTS)]
        secrets.SystemRandom().shuffle(desks)
        RUNS[suite] = {desk.fault: run(submission, desk) for desk in desks}
    return RUNS[suite]


def run(submission, desk):
    """Run the suite against *desk*, as a pipeline would."""
    command = ["robot", "--log", "NONE", "--report", "NONE", "--consolecolors", "off", SUITE]
    variables = {"CAUSEWAY_URL": "{url}", "WARDEN_PASSWORD": desk.password}
    with meet(desk, submission, command, variables, LONGEST) as met:
        log, _ = read_file(met.files.path, LOG)
    wrote = met.ran.stdout + met.ran.stderr
    # Of what it says, a verdict shows what is the same every time.
    said = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", wrote.replace(desk.password, "(the password)"))
    log = wrote + (log or b"").decode("utf-8", "replace")
    return Run(int(met.ran.returncode), said[-SHOWN:], log, desk)
