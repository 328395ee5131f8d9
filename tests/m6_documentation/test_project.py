"""Grade *A handbook for Causeway*: the learner's tree is built whole, and with one thing amiss.

conf.py is a program of a stranger, and so is a job's script: nothing that they say is believed but
how they end, and that only by comparison. Each tree is the learner's own with new words in it: in
each docstring, on a page, around the functions of windows.py. One of them is sound, each other has
one fault; they come in an order that nobody knows, the next when the last one's end is told.
"""

import ast
import json
import re
import secrets
import sys
from pathlib import Path

import pytest

from workbook import pipeline
from workbook.standin import Answers, serving

DATA = Path(__file__).with_name("project")
sys.path.insert(0, str(DATA))
import handbook  # noqa: E402 - stands beside this exercise's answers
from handbook import AGAIN, BOUNDARY, CORE, OWN, SOUND, STRICT, Run, World  # noqa: E402 - likewise

sys.path.remove(str(DATA))

pytestmark = pytest.mark.needs("sphinx", "myst_parser", "sphinx_rtd_theme", "bash", "git")

BESIDE = (DATA / "yard.py", DATA / "look.py", DATA.parent / "docs_that_fail" / "builder.py")
CONF, PIPELINE, JOB = "docs/conf.py", ".gitlab-ci.yml", "docs"
ENDLESS = 124  # how a build ends that does not end by itself
SHOWN = 1500  # characters of what a build said
FAULTS = ("import", "reference", "orphan")
PLAYED = """
def played():
    found = {"problems": problems(FILE), "script": [], "variables": {}, "ends": {}}
    for event in ("merge request", "main") if not found["problems"] else ():
        jobs = [job for job in plan(FILE, event) if job["name"] == JOB]
        found["ends"][event] = play(FILE, event, [JOB])["jobs"].get(JOB, {}).get("status", "none")
        for job in jobs:
            found["script"], found["variables"] = job["script"], job["variables"]
    return found
"""


@pytest.mark.points(2)
@pytest.mark.hint(
    "In a fresh copy, on a machine without a network, run the command of the statement. What does "
    "it say?",
    "How Sphinx is configured: https://www.sphinx-doc.org/en/master/usage/configuration.html",
)
def test_handbook_builds_strictly(submission, advise):
    """sphinx-build -W -n builds docs/, in a fresh copy and without a network."""
    run = trees(submission, advise)[OWN]

    advise("ailed to import" in run.said, "From which folder does Python look for your package?")
    advise("reach any of the inventories" in run.said, "Who answers when there is no network?")
    advise("reference target not found" in run.said, "Which of the names that it does not find "
           "are yours to document?")  # fmt: skip
    advise("mocked object" in run.said, "Of which code do the pages tell, when your own package is "
           "replaced?")  # fmt: skip
    advise(run.code, "What does Sphinx complain of first, and where does that stand?")
    assert run.code == 0, f"{STRICT} ended with {run.code}.\n{run.said[-SHOWN:]}"


@pytest.mark.points(3)
@pytest.mark.hint(
    "Write down the public names of src/. Which of them does the page's index know?",
    "autodoc: https://www.sphinx-doc.org/en/master/usage/extensions/autodoc.html",
)
def test_whole_interface_is_told(submission, advise):
    """Each public module, class and function is in the inventory, with its own docstring."""
    run = trees(submission, advise)[OWN]
    bare = [name for name, node in handbook.public(submission) if not ast.get_docstring(node)]
    lacks, silent = run.told("lacks"), run.told("silent")

    advise(bare, "What does a page say of a function that says nothing of itself?")
    advise(lacks, "A reader looks for a function by its name. Who put it on a page, and who would "
           "notice that nobody did?")  # fmt: skip
    advise(silent, "The docstring was changed a minute ago. Where does the page have its words "
           "from?")  # fmt: skip
    assert not bare, f"{listed(bare)} has no docstring. Expected each public name to have one."
    assert not lacks, f"The inventory lacks {listed(lacks)}. Expected each public name."
    assert not silent, f"The pages do not have what the docstring of {listed(silent)} says."
    assert run.told("built"), "No page was built."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Let a function give something else, one after the other. Which of your examples is red?",
    "Examples: https://www.sphinx-doc.org/en/master/usage/extensions/doctest.html",
)
def test_each_function_has_an_example(submission, advise):
    """When a function of windows.py gives something else than its example, docs is red."""
    runs = sound(submission, advise)
    names = handbook.functions(submission)
    deaf = [name for name in names if not runs[name].code]

    told = any("Failed example" in runs[name].said for name in deaf)
    advise(told, "The example failed, and that was told. Whose end does the job end with?")
    advise(len(deaf) == len(names), "A page of code looks the same, right or wrong. Who runs it?")
    advise(deaf, "Which of its promises could be broken, and no page would be red?")
    assert names, f"{CORE} has no public function. Expected those that tell when to cross."
    assert not deaf, f"{listed(deaf)} gives something else, and docs is green. Expected red."


@pytest.mark.points(2)
@pytest.mark.hint(
    "A window closes at 09:30. At which minute would an example notice that it closes later?",
    "Doctest: https://docs.python.org/3/library/doctest.html",
)
def test_boundary_has_an_example(submission, advise):
    """When the closing minute of a window counts as open, docs is red."""
    run = sound(submission, advise)[BOUNDARY]

    advise(not run.code, "Your examples are right on both sides of the boundary. Where are they "
           "not?")  # fmt: skip
    assert run.code, "A window is open at its closing minute, and docs is green. Expected red."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Plant each of the faults into your copy, and run the lines of your job. How do they end?",
    "What -W and -n do: https://www.sphinx-doc.org/en/master/man/sphinx-build.html",
)
def test_job_stops_at_what_is_wrong(submission, advise):
    """The job docs is red for a broken import, a lost reference and a forgotten page."""
    runs = sound(submission, advise)
    green = [fault for fault in FAULTS if not runs[fault].code]
    if "orphan" in green and runs["orphan"].told("linked"):
        green.remove("orphan")  # some table of contents takes in whatever is there
    said = "".join(runs[fault].said for fault in green)

    advise(re.search(r"WARNING|ailed to import|not found", said), "Sphinx said so. What did the "
           "job end with, and who reads what it says?")  # fmt: skip
    advise("import" in green, "The module is gone, and nobody misses it. Who was to look at it?")
    advise("reference" in green, "Which names is Sphinx to look for, and how many are excused?")
    advise(green, "Somebody wrote this page for readers. Which of them will find it, and who was "
           "told to look away?")  # fmt: skip
    faults = {"import": "a module that cannot be imported", "reference": "a reference to nothing",
              "orphan": "a page in no table of contents"}  # fmt: skip
    assert not green, f"docs is green with {listed([faults[each] for each in green])}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Let docs fail, in a merge request and on main. What does the pipeline do?",
    "allow_failure: https://docs.gitlab.com/ci/yaml/#allow_failure",
)
def test_each_change_has_to_pass(submission, advise):
    """docs runs for each merge request and for main, and the pipeline stops when it fails."""
    ends = job(submission, advise)["ends"]

    advise("warning" in ends.values(), "It is allowed to fail. Who reads the warning, and when?")
    advise("manual" in ends.values(), "Who clicks, and on which day do they forget to?")
    advise("none" in ends.values(), "When is the change examined: before it is on main, or after?")
    for event, end in ends.items():
        assert end == "failed", f"When docs fails for {event}, its status is {end}."


@pytest.mark.points(1)
@pytest.mark.hint(
    "Build, and ask git status. What would git add --all take along?",
    "Patterns: https://git-scm.com/docs/gitignore",
)
def test_what_is_built_stays_out_of_git(submission, advise):
    """Git ignores what a build writes, and nothing that you wrote."""
    runs = trees(submission, advise)
    fresh = [*runs[OWN].told("fresh"), *runs[SOUND].told("fresh")]
    fresh = [each for each in fresh if each in runs[OWN].told("fresh")] or fresh
    ignored = runs[OWN].told("ignored")

    advise(ignored, "Who else gets the pages that you wrote?")
    advise(fresh, "A docstring changes. How many files does the merge request show?")
    assert not ignored, f".gitignore takes {listed(ignored)} out. Expected it to be kept."
    assert not fresh, f"After a build, git would add {listed(fresh)}. Expected it ignored."
    assert runs[OWN].told("built"), "No page was built."


def listed(names):
    more = [f"{len(names) - 4} more"] if len(names) > 4 else []
    *most, last = [*names[:4], *more]
    return f"{', '.join(most)} and {last}" if most else last


def sound(submission, advise):
    """Give the runs of the job; one that is red without a fault notices nothing by being red."""
    job(submission, advise)
    runs = trees(submission, advise)
    advise(runs[SOUND].code, "A build that is always red says as little as one that is always "
           "green. What is it alarmed by?")  # fmt: skip
    advise(runs[AGAIN].code, "The same tree was built once more. What had the first build left?")
    first, second = (runs[each].said[-SHOWN:] for each in (SOUND, AGAIN))
    assert not runs[SOUND].code, f"On a tree without a fault docs ends with an error.\n{first}"
    assert not runs[AGAIN].code, f"When it is run once more, docs ends with an error.\n{second}"
    return runs


def job(submission, advise):
    """Give what the job docs runs, and what ends with it; fail where there is none."""
    found = played(submission)
    told = found["problems"][:3]
    advise(not found["script"], "Who builds the pages on the day when nobody thinks of it?")
    assert not told, f"{' '.join(told)} Expected a file that GitLab takes."
    assert found["script"], "No pipeline of a merge request or of main has a job docs."
    return found


def played(submission):
    """Play the pipeline in the learner's process: its expressions may take for ever."""
    text = submission.yaml(PIPELINE)
    if text not in [each for each, _ in PLAYS]:
        setup = pipeline.setup(FILE=text, JOB=JOB) + PLAYED
        PLAYS[:] = [(text, submission.evaluate("played()", setup=setup))]
    [(_, found)] = PLAYS
    assert isinstance(found, dict), f"The pipeline could not be played: {found!r:.100}."
    return found


PLAYS, RUNS = [], []  # the last files' only: all checks ask about the same


def trees(submission, advise):
    """Build each tree once, and give how that ended."""
    advise(CONF not in submission.files, "What does Sphinx ask for first, in an empty folder?")
    assert CONF in submission.files, f"There is no {CONF}. Expected one, and pages beside it."
    given = {name: submission.read(name) for name in submission.files}
    if given not in [each for each, _ in RUNS]:
        RUNS[:] = [(given, build(submission, given, played(submission)))]
    return RUNS[0][1]


def build(submission, given, found):
    """Have a process of the learner's build one tree after the other; give how each ended."""
    names, words = handbook.functions(submission), dict(handbook.public(submission))
    later = [AGAIN, *FAULTS, BOUNDARY, *names]
    later = [SOUND, *secrets.SystemRandom().sample(later, len(later))] if found["script"] else []
    left, steps, ended = [OWN, *later], [], {}
    # The judge's command wants a fresh copy; a broken import leaves traces in what Sphinx keeps.
    places = {OWN: World(given, names, words), "import": World(given, names, words)}
    shared = World(given, names, words)

    def desk(asks):
        if "code" in asks.form and len(ended) < len(steps):
            fault, code = steps[-1], asks.form["code"]
            code = int(code) if code.isdecimal() and len(code) < 4 else 1
            ended[fault] = places.get(fault, shared).run(code, asks.form.get("said", ""))
        hopeless = any(fault in ended and ended[fault].code for fault in (SOUND, AGAIN))
        hopeless = hopeless or (OWN in ended and ended[OWN].code == ENDLESS)
        if hopeless or not left or len(ended) < len(steps):
            return Answers("null")
        steps.append(left.pop(0))
        files = places.get(steps[-1], shared).step(steps[-1])
        return Answers(json.dumps({"files": files, "known": "", "wanted": {}}))

    with submission.apart() as alone:
        for path in BESIDE:
            (alone.path / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        (alone.path / "job.sh").write_text(script(found), encoding="utf-8")
        with serving(desk, alone.path / "desk.sock"):
            alone.run("python", "yard.py")
    # What was not built to its end has not been told apart, on whichever side it is.
    every = [OWN, SOUND, AGAIN, *FAULTS, BOUNDARY, *names]
    return {fault: ended.get(fault, Run(int(fault in (OWN, SOUND, AGAIN)))) for fault in every}


def script(found):
    """Give the lines of the job as a runner's shell reads them."""
    lines = ["set -eo pipefail", 'export CI_PROJECT_DIR="$PWD"']
    for name, value in found["variables"].items():
        if re.fullmatch(r"[A-Za-z_]\w*", name) and name != "CI_PROJECT_DIR":
            quoted = re.sub(r'(["\\`])', r"\\\1", str(value))
            lines.append(f'export {name}="{quoted}"')
    return "\n".join([*lines, *map(str, found["script"])]) + "\n"
