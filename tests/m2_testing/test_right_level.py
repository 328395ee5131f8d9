"""Grade *Test each risk where it is cheapest*: faults are put into one layer at a time.

The tests are programs of a stranger, so what they say is compared and not believed. They run over
the judge's own service: as it is, with one fault in the layer that a file of tests is there for,
and with the layers above that broken. What starts the service meets each of these in a place that
shares nothing; the other runs are forks of one process, each in a folder of its own and in an order
that nobody can foresee, as is a comment in each module each time. What a cheat can still do: look
in the source for what a fault changes, here or in the folder beside it, and keep its starts and its
sleeps out of the two files that count them.
"""

import json
import secrets
from pathlib import Path

import pytest

from workbook.intake import read_file
from workbook.submission import NotGradable

pytestmark = pytest.mark.needs("python")  # a second one, which the page does not have

SERVICE = Path(__file__).with_name("right_level") / "service"
MODULES = ("windows.py", "sign.py", "serve.py")
LEVELS = ("unit", "integration", "end-to-end")
FILES = {level: f"test_{level.replace('-', '_')}.py" for level in LEVELS}
LONG = 0.5  # seconds of one sleep that are too many

# The lowest level at which each risk shows.
RISKS = {
    "a_missing_table_is_answered_with_200": "integration",
    "a_window_of_two_days_loses_one": "unit",
    "the_closing_minute_is_open": "unit",
    "the_margin_is_cut_off_one_end_only": "unit",
    "the_margin_never_reaches_the_core": "integration",
    "the_port_that_is_asked_for_is_ignored": "end-to-end",
    "the_process_ends_at_once": "end-to-end",
    "the_route_is_misspelt": "integration",
    "the_times_in_the_file_are_exchanged": "integration",
    "the_variable_of_the_margin_is_misspelt": "end-to-end",
}

# The layers above a level, which its tests have no use for.
ABOVE = {"unit": ("sign.py", "serve.py"), "integration": ("serve.py",)}

# For some of them: the module, what stands there, and what stands there instead.
FAULTS = {
    "the_closing_minute_is_open": ("windows.py", "< window.closes", "<= window.closes"),
    "a_window_of_two_days_loses_one": (
        "windows.py",
        "(window.closes - moment) // timedelta(minutes=1)",
        "(window.closes - moment).seconds // 60",
    ),
    "the_margin_is_cut_off_one_end_only": ("windows.py", "window.closes - margin", "window.closes"),
    "the_route_is_misspelt": ("sign.py", '"/v1/crossing"', '"/v1/crosing"'),
    "a_missing_table_is_answered_with_200": ("sign.py", '"503 Service Unavailable"', '"200 OK"'),
    "the_margin_never_reaches_the_core": ("sign.py", "(table), margin)", "(table), timedelta(0))"),
    "the_variable_of_the_margin_is_misspelt": ("serve.py", "SAFETY_MARGIN_MIN", "SAFTEY_MARGIN"),
    "the_port_that_is_asked_for_is_ignored": ("serve.py", 'int(os.environ["PORT"])', "0"),
}

CONFTEST = f"""
import time

SLEEP = time.sleep

def sleep(seconds):
    if seconds >= {LONG}:
        with open("slept.log", "a") as file:
            file.write("x")
    SLEEP(seconds)

time.sleep = sleep
"""

# Each folder's file of tests in a fork, which has pytest at hand and nothing of a learner's; what
# it leaves running ends with it.
FORKS = """
import json, os, signal, sys

import pytest

codes = []
for folder, file in json.loads(sys.argv[1]):
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        os.chdir(folder)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os._exit(pytest.main(["-p", "no:cacheprovider", "--tb", "no", "-q", "-x", file]))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        os.killpg(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        os.kill(os.getpid(), -code)  # a limit: that is no answer
    codes.append(code)
print(json.dumps(codes))
"""

COUNTS = """
from pathlib import Path
with Path(__file__).with_name("starts.log").open("a") as file:
    file.write("x")
"""


@pytest.mark.points(2)
@pytest.mark.hint(
    "Take one risk. Which module would hold the mistake, and what does that module need to run?",
)
def test_each_risk_has_its_level(submission, advise):
    """Each of the ten risks is placed at the lowest level whose tests can notice it."""
    given = submission.toml("levels.toml")
    assert set(given) == set(RISKS), "levels.toml does not name the ten risks, and no others."
    strange = sorted(risk for risk, level in given.items() if level not in LEVELS)
    assert not strange, f"A level is one of {', '.join(LEVELS)}; look at {', '.join(strange)}."
    order = {risk: LEVELS.index(given[risk]) - LEVELS.index(RISKS[risk]) for risk in RISKS}
    high = [risk for risk in RISKS if order[risk] > 0]
    low = [risk for risk in RISKS if order[risk] < 0]

    advise(
        high and set(given.values()) == {"end-to-end"},
        "A test of the whole notices everything. What does it cost, and what does its red tell?",
    )
    advise(high, "Which module alone, or which two together, would show it already?")
    advise(low, "Suppose that it happened. Would that test still be green?")
    assert not high, f"A lower level shows it already: {', '.join(high)}."
    assert not low, f"This level cannot show it: {', '.join(low)}."


@pytest.mark.points(1)
@pytest.mark.hint("Run pytest. What is red, and is it the service or the test that is wrong?")
def test_tests_pass_where_nothing_is_wrong(submission):
    """All three files pass over the service as it is."""
    assert_green(submission)


@pytest.mark.points(2)
@pytest.mark.hint(
    "For each function of the core: which two questions lie next to each other, with different"
    " answers?",
    "Parametrize: https://docs.pytest.org/en/stable/how-to/parametrize.html",
)
def test_unit_tests_notice_the_core(submission, advise):
    """test_unit.py fails when the core has one of three faults."""
    missed = unnoticed(submission, "unit")

    advise(
        "the_closing_minute_is_open" in missed,
        "Which of your questions has another answer when < becomes <=?",
    )
    assert not missed, f"test_unit.py is green, although: {', '.join(missed)}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which parts of the wiring does your test go through, and which did you replace?",
    "tmp_path: https://docs.pytest.org/en/stable/how-to/tmp_path.html",
)
def test_integration_tests_notice_the_wiring(submission, advise):
    """test_integration.py fails when the wiring has one of three faults."""
    missed = unnoticed(submission, "integration")

    advise(
        "the_route_is_misspelt" in missed,
        "The route is misspelt in the service. Which test of yours asks the service for it?",
    )
    assert not missed, f"test_integration.py is green, although: {', '.join(missed)}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does serve.py decide that no other module does? Ask a service that you started with it.",
)
def test_end_to_end_tests_notice_the_start(submission, advise):
    """test_end_to_end.py fails when the service does not take the margin or the port as given."""
    assert_green(submission)
    started = [risk for risk, level in RISKS.items() if risk in FAULTS and level == "end-to-end"]
    missed = [risk for risk in started if starts_with(submission, risk)]

    advise(
        missed, "The service was up, and it answered. What would it answer under its own settings?"
    )
    assert not missed, f"test_end_to_end.py is green, although: {', '.join(missed)}."


@pytest.mark.points(2)
@pytest.mark.hint("What does this file import or start, which its level has no use for?")
def test_each_level_needs_nothing_above_it(submission, advise):
    """The core's tests are green while the wiring is broken, the wiring's while the start is."""
    assert_green(submission)
    red = [level for level in ABOVE if tried(submission)[level, ""]]

    advise("unit" in red, "The core was right, and its tests were red. What else do they need?")
    assert not red, f"Red for the fault of a layer above: {', '.join(FILES[each] for each in red)}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "How many starts do your tests need together, and how do you learn that the service listens?",
    "Scopes of fixtures: https://docs.pytest.org/en/stable/how-to/fixtures.html"
    "#scope-sharing-fixtures-across-classes-modules-packages-or-session",
)
def test_budget_is_kept(submission, advise):
    """All tests together start the service once, and nobody sleeps for half a second."""
    assert_green(submission)
    _, starts, sleeps = clean(submission)

    advise(
        sleeps, "What are you waiting for while you sleep, and who could tell you that it is there?"
    )
    advise(starts > 1, "What does the second test need that the first one's service does not give?")
    assert not sleeps, "Somebody sleeps for half a second or more."
    assert starts == 1, f"The service was started {starts} times; the budget is one."


def assert_green(submission):
    """Tests that are red without a reason cannot be asked whether they are red for one."""
    code, *_ = clean(submission)
    assert code == 0, "The tests are red over the service as it is."


KEPT = {}  # of the last submission only: several checks ask about the same runs


def kept(submission, find):
    """Give what *find* finds, once for the same files."""
    files = tuple(submission.read(name) for name in FILES.values())
    if KEPT.get("files") != files:
        KEPT.clear()
        KEPT["files"] = files
    if find not in KEPT:
        KEPT[find] = find(submission)
    return KEPT[find]


def clean(submission):
    """Give the exit code, starts and long sleeps of all three files over the service as it is."""
    return kept(submission, run_clean)


def run_clean(submission):
    with submission.apart() as box:
        lay_out(box)
        code = box.run("pytest", "-q", *FILES.values()).returncode
        logs = [read_file(box.path, name)[0] or b"" for name in ("starts.log", "slept.log")]
    return (int(code), *map(len, logs))


def unnoticed(submission, level):
    """Name the faults at which the tests of *level* stay green."""
    assert_green(submission)
    codes = tried(submission)
    return [fault for at, fault in codes if at == level and fault and not codes[at, fault]]


def tried(submission):
    """Give the exit codes of the two lower levels, by level and fault; "" has the others broken."""
    return kept(submission, run_forks)


def run_forks(submission):
    runs = [(RISKS[fault], fault) for fault in FAULTS if RISKS[fault] in ABOVE]
    runs += [(level, "") for level in ABOVE]
    order = secrets.SystemRandom().sample(runs, len(runs))
    with submission.apart() as box:
        copies = [box.copy() for _ in order]
        for copy, (level, fault) in zip(copies, order, strict=True):
            lay_out(copy, fault, () if fault else ABOVE[level])
        told = [(str(copy.path), FILES[run[0]]) for copy, run in zip(copies, order, strict=True)]
        ran = box.run("python", "-I", "-c", FORKS, json.dumps(told))
    try:
        codes = dict(zip(order, json.loads(ran.stdout.splitlines()[-1]), strict=True))
    except (ValueError, IndexError, TypeError):
        raise NotGradable("The tests ended what ran them.", ran.stderr) from None
    return {run: codes[run] for run in runs}


def starts_with(submission, fault):
    """Whether the tests that start the service are green where it has *fault*."""
    with submission.apart() as box:
        lay_out(box, fault)
        return box.run("pytest", "-q", "-x", FILES["end-to-end"]).returncode == 0


def lay_out(box, fault="", broken=()):
    """Put the judge's service into a copy that nobody else has touched yet."""
    texts = {name: (SERVICE / name).read_text(encoding="utf-8") for name in MODULES}
    if fault:
        name, good, bad = FAULTS[fault]
        assert good in texts[name], f"The fault {fault} is in nothing that stands in {name}."
        texts[name] = texts[name].replace(good, bad)
    texts |= dict.fromkeys(broken, 'raise RuntimeError("broken")\n')
    texts["serve.py"] = COUNTS + texts["serve.py"]
    for name, text in texts.items():
        (box.path / name).write_text(f"# {secrets.token_hex(8)}\n{text}", encoding="utf-8")
    (box.path / "conftest.py").write_text(CONFTEST, encoding="utf-8")
