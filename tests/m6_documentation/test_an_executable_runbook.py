"""Grade *A runbook that runs*: its blocks are run on services that never were.

The service is the one that the learner was handed, in the judge's process: what a block says counts
for nothing, and it cannot change what it asked for. Tables and keys are new in each run, the order
of the runs too, and they share no folder.
"""

import copy
import re
import secrets
import sys
from dataclasses import dataclass

import pytest

from workbook.course import ROOT

# The handed-out files of this exercise, not those of the submission.
HANDED_OUT = ROOT / "exercises/m6_documentation/an_executable_runbook"
sys.path.insert(0, str(HANDED_OUT))
import rehearse  # noqa: E402 - stands in that folder

sys.path.remove(str(HANDED_OUT))

pytestmark = pytest.mark.needs("sh")

RUNBOOK = "runbook.md"
BAD = ("crash", "expired", "page")
FIRST, TWICE = "the first block", "a second time"
SHOWN = 1500  # characters of what a run said
WHEN = {
    "good": "When the harbour has a new table",
    "crash": "When no pod can read the harbour's table",
    "expired": "When the harbour's table has expired, too",
    "page": "When the harbour answers with an error page",
    FIRST: "After the first block",
    TWICE: "The second time",
}
# A word that is given to curl as the key, and is no variable; and the key that was handed out.
LITERAL = re.compile(r"x-api-key:\s*[\w-]{4,}", re.IGNORECASE)
KNOWN = re.compile(r"tide-live-[\w-]+")


@pytest.mark.points(3)
@pytest.mark.hint(
    "Run python rehearse.py. Which is the first command that fails, and what does it say?",
    "Where a pod reads a ConfigMap: https://kubernetes.io/docs/concepts/configuration/configmap/",
)
def test_drivers_get_the_new_table(submission, advise):
    """When all goes well, drivers are served by the harbour's table, and the run ends with 0."""
    run = runs(submission)["good"]
    service = run.service

    advise(service.strangers, "The harbour asked who you are. Whose key was that, and what became "
           "of the harbour's question?")  # fmt: skip
    advise(run.stepless, "Which language do your blocks say they are in?")
    advise(service.config == service.published and not service.is_fresh, "The new table is in the "
           "ConfigMap. When does a pod read it?")  # fmt: skip
    advise(service.is_as_before and service.changes, "It was on its way, and then the old one came "
           "back. Which block did that, and why was it run?")  # fmt: skip
    advise(run.code == 0 and not service.is_fresh, "The run says that all is well. By which table "
           "are drivers served?")  # fmt: skip
    advise(service.is_fresh and run.code, "The new table is in force, and the run failed. Which "
           "command ended it, and did it have to?")  # fmt: skip
    assert service.is_fresh, f"{WHEN['good']}, drivers are not served by it.\n{run.said}"
    assert run.code == 0, f"{WHEN['good']}, the run ended with {run.code}.\n{run.said}"


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which of the commands could you run on a Sunday, on a healthy service, without a thought?",
    "kubectl get: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_get/",
)
def test_looks_before_it_touches(submission, advise):
    """The first block asks the service or the cluster how it is, and changes nothing."""
    service = runs(submission)[FIRST].service

    advise(service.outages, "You have taken away what you wanted to look at. What did it look "
           "like?")  # fmt: skip
    advise(service.changes, "How do you know that it is the table, and not the harbour, or the "
           "network?")  # fmt: skip
    advise(not service.looks, "What have you seen of the service so far?")
    assert not service.changes, f"{WHEN[FIRST]} something has been changed. Expected a look."
    assert service.looks, f"{WHEN[FIRST]} nobody has asked anything. Expected a look."


@pytest.mark.points(2)
@pytest.mark.hint(
    "For each command: with what does it end when it did not work, and what happens then?",
    "How curl ends: https://curl.se/docs/manpage.html#-f",
)
def test_success_is_verified(submission, advise):
    """Unless the service is ready with the new table, the run does not end with 0."""
    found = runs(submission)
    assert_good(found)
    green = [name for name in BAD if found[name].code == 0]

    advise({"crash", "expired"} <= set(green), "The run ends, and the alarm is closed. Who has "
           "asked the service?")  # fmt: skip
    advise(green == ["expired"], "The rollout went well. Which question would a driver ask?")
    advise(green, "Which command knew that the pods do not start, and who asked it?")
    assert not green, f"{'; '.join(WHEN[name] for name in green)}, the run ends with 0."


@pytest.mark.points(3)
@pytest.mark.hint(
    "After python rehearse.py crash: what does the next pod read that starts?",
    "Undoing a rollout takes back a template, and what else? https://kubernetes.io/docs/concepts/"
    "workloads/controllers/deployment/#rolling-back-a-deployment",
)
def test_goes_back(submission, advise):
    """After a failure the ConfigMap, and what the pods have read, are what they were before."""
    found = runs(submission)
    assert_good(found)
    away = [name for name in BAD if not found[name].service.is_as_before]
    undone = [name for name in away if not found[name].service.stuck]

    advise(away and all(found[name].service.config is None for name in away), "The ConfigMap is "
           "gone. Where is what was in it?")  # fmt: skip
    advise("crash" in undone, "The old pods are wanted again. And the table that the next one "
           "reads?")  # fmt: skip
    advise(away == ["page"], "How did an error page become the tide table?")
    advise(away, "It is half past five, and it did not work. What does the runbook say now?")
    told = "; ".join(WHEN[name] for name in away)
    assert not away, f"{told}, the cluster is left with something else than it had before."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Who may read the runbook, and the log of the run? Search both for the key.",
    "Secrets in arguments: https://clig.dev/#arguments-and-flags",
)
def test_key_stays_a_secret(submission, advise):
    """No key stands in the runbook, nor in what its blocks print."""
    text = submission.read(RUNBOOK)
    printed = [name for name, run in runs(submission).items() if run.leaked]

    steps, back = rehearse.blocks(text)
    literal = KNOWN.search(text) or LITERAL.search("".join(steps + back))
    advise(literal, "Who has a copy of this repository, and of last year's?")
    advise(printed, "The run is logged. Which command wrote the key into it?")
    assert not literal, "A key stands in the runbook. Expected it from outside."
    assert not printed, "What the blocks print holds the key."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Run the blocks again where all is well. Who notices?",
    "Which of your commands fail because their work is done already?",
)
def test_second_run_does_no_harm(submission, advise):
    """A second run ends with 0 and a fresh table, and in no run is anybody without an answer."""
    found = runs(submission)
    assert_good(found)
    second = found[TWICE]
    outages = [name for name, run in found.items() if run.service.outages]

    advise(outages, "All pods went at once. Who answered drivers until there were new ones?")
    advise(second.code and second.service.is_fresh, "Everything is as it should be. What is there "
           "to fail?")  # fmt: skip
    advise(not second.service.is_fresh, "Two people were woken by the same alarm. What did the "
           "second one break?")  # fmt: skip
    assert not outages, f"{WHEN[outages[0]]}, there was a time with no pods at all."
    assert second.service.is_fresh, f"{WHEN[TWICE]} the new table was taken away.\n{second.said}"
    assert second.code == 0, f"{WHEN[TWICE]} the run ended with {second.code}.\n{second.said}"


def assert_good(found):
    """A runbook that never works cannot be asked what it does when it fails."""
    run = found["good"]
    assert run.service.is_fresh, f"{WHEN['good']}, drivers are not served by it.\n{run.said}"


@dataclass(frozen=True)
class Run:
    """How the blocks ended, what they said, and the service as they left it."""

    code: int
    said: str
    leaked: bool
    stepless: bool
    service: rehearse.Service


RUNS = {}  # the last runbook only: the checks ask about the same runs


def runs(submission):
    """Run the blocks in each scenario, in an order that they cannot know."""
    text = submission.read(RUNBOOK)
    if text not in RUNS:
        RUNS.clear()
        names = ["good", *BAD, FIRST]
        order = secrets.SystemRandom().sample(names, len(names))
        found = {}
        for name in order:
            found |= run(submission, text, name)
        RUNS[text] = {name: found[name] for name in (*names, TWICE)}
    return RUNS[text]


def run(submission, text, name):
    """Run the blocks on a service of their own; where all goes well a second time, too."""
    steps, back = rehearse.blocks(text)
    steps, back = (steps[:1], []) if name == FIRST else (steps, back)
    key = f"k{secrets.token_hex(12)}"
    scenario = "good" if name == FIRST else name
    service = rehearse.Service(scenario, key, height=2 + secrets.randbelow(60) / 60)
    found = {}
    with submission.apart() as alone:
        folder = alone.path / "standin"
        folder.mkdir()
        rehearse.prepare(folder, steps, back, key)
        with rehearse.on_path(folder, service):
            for each in (name, TWICE) if name == "good" else (name,):
                ran = alone.run("sh", "standin/run.sh")
                said = ran.stdout + ran.stderr
                told = said.replace(key, "(the key)")[-SHOWN:]
                left = copy.copy(service)
                found[each] = Run(int(ran.returncode), told, key in said, not steps, left)
    return found
