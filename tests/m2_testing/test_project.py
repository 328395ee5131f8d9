"""Grade *Put Causeway under test*: the floor, the tests of the service, the suite in a browser.

Tests are programs of a stranger, so what they say of themselves is compared and not believed.

The tests of the service run where its answers leave it unchanged, and where one of them is changed
on its way out, by a conftest.py that stands there in both cases. The floor is asked with code of
the judge's beside the learner's, after the tests have ended: coverage itself adds it up. The suite
meets servers in the judge's process (`workbook.standin`), with passwords of their own, which differ
in nothing before their fault is met. Runs share no folder; those of the tests where an answer is
changed are forks of one process.

What a cheat can still do: read that conftest.py and fail where it is not the harmless one; write a
figure into .coverage that nothing measured; speak to the server from Python, without a browser.
Each of these stands in the files that are handed in, for whoever reads them.
"""

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook.intake import read_file
from workbook.standin import Answers, meet
from workbook.submission import NotGradable

pytestmark = pytest.mark.needs(
    "chromium", "chromedriver", "robot", "SeleniumLibrary", "pytest-cov", "flask"
)

SUITE = "tests/test_example.robot"
FAILED = range(1, 251)  # exit codes of Robot that count failed tests
LONGEST = 90  # seconds of a run
SHOWN = 4000  # characters of what a tool said
LATE = 1500  # milliseconds until a page of the stand-in shows what it holds
# The first that is there: Chromium without the parts that draw a desktop takes a third to start.
BROWSERS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")

CONFTEST = """
import json
from datetime import datetime, timedelta
from urllib.parse import urlencode

from flask import Flask
from werkzeug.wrappers import Request, Response

ANSWERS = Flask.wsgi_app
SECOND = timedelta(seconds=1)


def asked(environ):
    {asked}


def answered(environ, response):
    {answered}


def wsgi_app(self, environ, start_response):
    asked(environ)
    response = Response.from_app(lambda *given: ANSWERS(self, *given), environ, buffered=True)
    return answered(environ, response)(environ, start_response)


Flask.wsgi_app = wsgi_app
"""

# What each fault changes: the question on its way in, the answer on its way out.
CHANGES = {
    "nothing": ("return", "return response"),
    # The minute that closes the road is open.
    "closing minute": (
        """\
at = Request(environ).args.get("at")
    try:
        moment = datetime.fromisoformat(at.replace(" ", "+")) - SECOND
    except (AttributeError, ValueError, OverflowError):
        return
    environ["QUERY_STRING"] = urlencode({"at": moment.isoformat()})""",
        """\
told = response.get_json(silent=True) if response.is_json else None
    if isinstance(told, dict) and "at" in told:
        told["at"] = (datetime.fromisoformat(told["at"]) + SECOND).isoformat()
        response.set_data(json.dumps(told))
    return response""",
    ),
    # Without a table the road is called open.
    "no table": (
        "return",
        """\
if environ["PATH_INFO"] != "/v1/crossing" or response.status_code != 503:
        return response
    told = {"at": None, "open": True, "minutes_left": 60, "window": None}
    return Response(json.dumps(told), content_type="application/json")""",
    ),
    # Whoever comes is let in.
    "open door": (
        "return",
        """\
if environ["PATH_INFO"] != "/login" or response.status_code != 401:
        return response
    return Response("", 302, {"Location": "/dashboard"})""",
    ),
}

# Each folder's tests in a fork, which has pytest and flask at hand, and nothing of a learner's.
TESTS = """
import json, os, signal, sys

import flask, flask.testing, pytest, pytest_cov.plugin, yaml

OPTIONS = "-p no:cacheprovider -p pytest_cov --no-cov --tb no --assert plain -x -q tests".split()
codes = []
for folder in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(pytest.main(OPTIONS))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        os.kill(os.getpid(), -code)  # a limit: that is no answer
    codes.append(code)
print(json.dumps(codes))
"""

# Beside the learner's code: UNTESTED is never called, BRANCHES goes one way at each of its ifs.
# How much of each stands there is counted so that the figure ends just below the floor.
FLOORS = """
import contextlib, io, json, os, secrets, sys

import flask, yaml  # once, before the forks
from coverage.cmdline import main

FOLDER, NAME = "my_devops_project", "tide_" + secrets.token_hex(4)
BELOW = 0.79  # of 80 percent: coverage rounds
MODULE = f"src/{FOLDER}/{NAME}.py"
DATA, RUNNER, SAID = ".coverage", NAME + "_runner.py", NAME + ".log"

def untested(covered, total):
    lines = max(int(covered / BELOW - total) + 2, 20)
    return "def never():\\n" + "    print()\\n" * lines, f"import {FOLDER}"

def branches(covered, total):
    # Ten ifs, one within the other: 13 lines and 20 ways, of which ten are never taken.
    functions = max(int((covered - BELOW * total) / (33 * BELOW - 23)) + 2, 5)
    ifs = "".join("    " * n + "if yes:\\n" for n in range(1, 11)) + "    " * 11 + "yes = 2\\n"
    parts = [f"def always_{n}(yes):\\n{ifs}\\nalways_{n}(1)\\n" for n in range(functions)]
    return "\\n".join(parts), f"import {FOLDER}.{NAME}"

def coverage(*words):
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        code = main([*words])
    return code, told.getvalue()

def run():
    # The learner's code is imported in a fork: here nothing knows it.
    with open(SAID, "w+") as said:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 2)
            os._exit(main(["run", "--append", RUNNER]) or 0)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        return status, said.read()

def figure():
    coverage("json", "-q", "-o", "figure.json", "--fail-under", "0")
    with open("figure.json") as file:
        totals = json.load(file)["totals"]
    ways, taken = totals.get("num_branches", 0), totals.get("covered_branches", 0)
    return totals["covered_lines"] + taken, totals["num_statements"] + ways

with open(DATA, "rb") as file:
    data = file.read()
covered, total = figure()
found = {}
for kind in (untested, branches):
    module, runner = kind(covered, total)
    with open(MODULE, "w") as file:
        file.write(module)
    with open(RUNNER, "w") as file:
        file.write("import sys\\nsys.path.insert(0, 'src')\\n" + runner + "\\n")
    status, said = run()
    found[kind.__name__] = (-1, said) if status else coverage("report")
    os.remove(MODULE)
    with open(DATA, "wb") as file:
        file.write(data)
print(json.dumps(found))
"""


@pytest.mark.points(1)
@pytest.mark.hint("Run pytest --cov yourself. Which line of the report keeps it from passing?")
def test_tests_pass_and_reach_the_floor(submission):
    """pytest --cov passes: the tests do, and their coverage reaches your floor."""
    measured = measure(submission)

    assert measured.code == 0, f"pytest --cov failed.\n{measured.said}"


@pytest.mark.points(2)
@pytest.mark.hint(
    "Write a module that nothing imports, and run pytest --cov. Does the report name it?",
    "Source: https://coverage.readthedocs.io/en/latest/source.html",
)
def test_untested_code_breaks_the_floor(submission, advise):
    """A module that no test touches brings coverage below the floor, which is at least 80."""
    report = measure(submission).reports["untested"]

    advise(
        report.code == 0 and not re.search(r"src/\S*tide_", report.said),
        "A module was added that nothing imports. Where is it in the report?",
    )
    advise(report.code == 0, "At which figure would your pipeline turn red?")
    assert report.code != -1, f"coverage run --append failed.\n{report.said}"
    assert report.code != 0, "Untested code was added, and coverage report has nothing to say."


@pytest.mark.points(2)
@pytest.mark.hint(
    "An if without an else: after which question have all its lines been run?",
    "Branch coverage: https://coverage.readthedocs.io/en/latest/branch.html",
)
def test_untaken_branches_break_the_floor(submission, advise):
    """Code whose every line is run, but no if of it both ways, brings coverage below the floor."""
    report = measure(submission).reports["branches"]

    advise(
        report.code == 0 and "Branch" not in report.said,
        "Each if was true each time, and all its lines were run. Who counts the other way?",
    )
    advise(report.code == 0, "At which figure would your pipeline turn red?")
    assert report.code != -1, f"coverage run --append failed.\n{report.said}"
    assert report.code != 0, "Half of the ways were not taken, and coverage report says nothing."


@pytest.mark.points(3)
@pytest.mark.hint(
    "For the driver, the sign and the warden: which wrong answer would be the worst? Ask for it.",
    "Break your code in that place by hand. Which test turns red?",
)
def test_tests_notice_what_drowns(submission, advise):
    """A test fails when the closing minute is open, or no table is, or the desk is for everybody.

    The service's answers are changed on their way out, so ask it over HTTP.
    """
    assert measure(submission).code == 0, "The tests do not pass as they are, so they show nothing."
    missed = unnoticed(submission)

    advise(
        "closing minute" in missed,
        "At 09:30 the road floods. Which test asks about that minute, and not about noon?",
    )
    advise("no table" in missed, "What are drivers told when there is no table? Who asked?")
    advise("open door" in missed, "Which test comes with a password that must not work?")
    assert not missed, f"No test fails for: {', '.join(missed)}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Run it against the service, started with a password of your own. What does Robot say?",
    "Waiting: https://robotframework.org/SeleniumLibrary/SeleniumLibrary.html#Timeouts,%20waits,"
    "%20and%20delays",
)
def test_browser_reaches_the_dashboard(submission, advise):
    """The suite passes against a server whose pages take a second and a half to show anything."""
    run = meet_desk(submission, "")
    desk = run.desk

    advise(
        run.code and not desk.asked,
        "No browser asked for a page. Does it start, on a machine without a screen?",
    )
    advise(
        run.code and desk.tried and desk.password not in desk.tried,
        "A password was typed that is not in WARDEN_PASSWORD. Whose is it?",
    )
    advise(
        run.code and desk.asked and not desk.tried,
        "The form was not there yet. How long may a page take, before your test calls it broken?",
    )
    advise(
        run.code and desk.password in desk.tried,
        "The warden was in. What was on the page when you looked, and what a second later?",
    )
    assert_green(run)


@pytest.mark.points(2)
@pytest.mark.hint("Whom must the desk send away? Try to come in as somebody like that.")
def test_browser_notices_an_open_door(submission, advise):
    """Against a server that lets in whoever comes, the suite fails."""
    assert_green(meet_desk(submission, ""))
    run = meet_desk(submission, "open door")

    advise(
        run.desk.tried == {run.desk.password},
        "Every password you typed was the right one. What does that say about a lock?",
    )
    assert_red(run, "lets in whoever comes")


@pytest.mark.points(2)
@pytest.mark.hint("What is it that only the Dashboard shows?")
def test_browser_notices_a_missing_dashboard(submission, advise):
    """Against a server that shows something else at /dashboard, the suite fails."""
    assert_green(meet_desk(submission, ""))
    run = meet_desk(submission, "no dashboard")

    advise(run.code == 0, "The address was right. What did the warden see there?")
    assert_red(run, "shows no Dashboard")


@pytest.mark.points(1)
@pytest.mark.hint(
    "Which keyword types the password, and what does it write into output.xml?",
    "Input Password: https://robotframework.org/SeleniumLibrary/SeleniumLibrary.html"
    "#Input%20Password",
)
def test_password_stays_out_of_the_log(submission, advise):
    """Neither what Robot prints nor output.xml holds the password."""
    run = meet_desk(submission, "")
    assert run.desk.password in run.desk.tried, "The password was never typed, so nothing is known."

    told = run.desk.password in run.log
    advise(told, "Search output.xml for the password. Which keyword wrote it there?")
    assert not told, "The password stands in the log, for whoever may download the report."


def assert_green(run):
    """A suite that is red without a reason cannot be asked whether it is red for one."""
    assert run.code == 0, f"Against a server without a fault the suite did not pass.\n{run.said}"


def assert_red(run, what):
    """Refuse a suite that is green against the broken server, or that did not run at all."""
    assert run.code != 0, f"The suite is green against a server that {what}."
    assert run.code in FAILED, f"Robot ran no suite against a server that {what}.\n{run.said}"


@dataclass(frozen=True)
class Report:
    """An exit code, and what was said with it."""

    code: int
    said: str


@dataclass(frozen=True)
class Measured(Report):
    """What pytest --cov gave, and coverage's reports with the judge's code beside it."""

    reports: dict[str, Report]


KEPT = {}  # of the last submission only: several checks ask about the same runs


def kept(submission, name, find):
    """Give what *find* gives, once for the same files."""
    files = tuple((file, submission.read(file)) for file in submission.files)
    if KEPT.get("files") != files:
        KEPT.clear()
        KEPT["files"] = files
    if name not in KEPT:
        KEPT[name] = find()
    return KEPT[name]


def measure(submission):
    """Run the tests under coverage, then ask the floor about more code than there was."""
    return kept(submission, "measured", lambda: measured_now(submission))


def measured_now(submission):
    with submission.apart() as box:
        write_conftest(box, "nothing")
        ran = box.run("pytest", "-p", "pytest_cov", "--cov", "--cov-report", "term", "-q", "tests")
        reports = dict.fromkeys(("untested", "branches"), Report(-1, "There is no .coverage."))
        if read_file(box.path, ".coverage")[0]:
            found = ask_the_floor(box)
            reports |= {name: Report(*found[name]) for name in reports if name in found}
    return Measured(int(ran.returncode), steady(ran.stdout), reports)


def ask_the_floor(box):
    """Ask coverage what it says of *box* with more code beside the learner's."""
    try:
        # No file: whatever the tests left in its place, a link even, would be followed.
        ran = box.run("python", "-I", "-c", FLOORS)
        return json.loads(ran.stdout.splitlines()[-1])
    except (NotGradable, ValueError, IndexError):
        return dict.fromkeys(("untested", "branches"), (-1, "coverage gave no report."))


def unnoticed(submission):
    """Run the tests where the service has one of the faults; name those that no test notices."""
    faults = [*CHANGES][1:]
    with submission.apart() as box:
        copies = [box.copy() for _ in faults]
        for copy, fault in zip(copies, faults, strict=True):
            write_conftest(copy, fault)
        ran = box.run("python", "-I", "-c", TESTS, *(str(copy.path) for copy in copies))
    try:
        codes = json.loads(ran.stdout.splitlines()[-1])
        return [fault for fault, code in zip(faults, codes, strict=True) if code == 0]
    except (ValueError, IndexError, TypeError):
        raise NotGradable("The tests ended what ran them.", ran.stderr) from None


def write_conftest(box, fault):
    """Put the conftest.py of *fault* into a copy that nobody else has touched yet."""
    asked, answered = CHANGES[fault]
    text = CONFTEST.replace("{asked}", asked).replace("{answered}", answered)
    (box.path / "conftest.py").write_text(text, encoding="utf-8")


def steady(text):
    """Give the end of a tool's words, without what differs from run to run."""
    text = re.sub(r"in \d+\.\d+s", "", text)
    return re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", text)[-SHOWN:]


class Desk:
    """Causeway's pages for the warden, each of them late, with one *fault* or none."""

    def __init__(self, fault):
        self.fault, self.password = fault, secrets.token_hex(8)
        self.sessions, self.tried, self.asked = set(), set(), False

    def __call__(self, asks):
        self.asked = True
        is_warden = asks.cookies.get("session") in self.sessions
        match asks.method, asks.path:
            case "GET", "/login":
                return page("log in", LOGIN)
            case "POST", "/login":
                return self.log_in(asks.form)
            case "GET", "/dashboard" if not is_warden:
                return Answers("", 302, headers=(("Location", "/login"),))
            case "GET", "/dashboard" if self.fault == "no dashboard":
                return page("warden", "<h1>Something went wrong</h1>")
            case "GET", "/dashboard":
                return page("Dashboard", "<h1>Dashboard</h1><ul><li>06:10 to 09:30 UTC</li></ul>")
        return Answers('{"error": "not found"}', 404, "application/json")

    def log_in(self, form):
        given = form.get("password", "")
        if len(self.tried) < 100:
            self.tried.add(given)
        right = form.get("username") == "warden" and given == self.password
        if not right and self.fault != "open door":
            return page("log in", '<p role="alert">Name or password is wrong.</p>' + LOGIN, 401)
        session = secrets.token_hex()
        self.sessions.add(session)
        return Answers(
            "", 302, headers=(("Location", "/dashboard"), ("Set-Cookie", f"session={session}"))
        )


LOGIN = """<h1>Log in</h1>
<form method="post">
<p><label for="username">Name</label> <input id="username" name="username"></p>
<p><label for="password">Password</label>
<input id="password" name="password" type="password"></p>
<button id="login" name="login">Log in</button>
</form>"""


def page(title, body, status=200):
    """Answer a page whose content comes LATE; its title is Causeway's, once it is there."""
    body = json.dumps(body).replace("</", "<\\/")  # which would end the script
    late = f"document.title = 'Causeway: {title}'; document.body.innerHTML = {body}"
    script = f"setTimeout(() => {{ {late} }}, {LATE})"
    return Answers(
        '<!doctype html><html lang="en"><title>Causeway</title><body><p>One moment.</p>'
        f"<script>{script}</script></body></html>",
        status,
    )


@dataclass(frozen=True)
class Run(Report):
    """One run of the suite: what it wrote as well, and the desk that it met."""

    log: str
    desk: Desk


def meet_desk(submission, fault):
    """Let the suite meet a desk with *fault*, in the browser that it starts, once."""
    return kept(submission, fault, lambda: met_now(submission, fault))


def met_now(submission, fault):
    assert SUITE in submission.files, f"There is no {SUITE}."
    desk = Desk(fault)
    quiet = ["--log", "NONE", "--report", "NONE", "--consolecolors", "off"]
    command = ["robot", "--outputdir", "results", *quiet, SUITE]
    variables = {"CAUSEWAY_URL": "{url}", "WARDEN_PASSWORD": desk.password}
    browser = next((each for each in BROWSERS if Path(each).exists()), BROWSERS[-1])
    variables |= {"CHROMIUM": browser, "CHROMEDRIVER": "/usr/bin/chromedriver"}
    with meet(desk, submission, command, variables, LONGEST) as met:
        log, _ = read_file(met.files.path, "results/output.xml")
    wrote = met.ran.stdout + met.ran.stderr
    said = steady(wrote.replace(desk.password, "(the password)"))
    whole = wrote + (log or b"").decode("utf-8", "replace")
    return Run(int(met.ran.returncode), said, whole, desk)
