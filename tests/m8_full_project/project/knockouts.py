"""What fails a project whatever else is good: a secret that was told, a deploy past the tests."""

import re

from workbook import pipeline
from workbook.submission import NotGradable

FILE, HISTORY = ".gitlab-ci.yml", "history.diff"

# Forms that nothing else has. What only might be a secret is for the other checks.
KEYS = {
    "a key of the signs": re.compile(r"tide-live-(?P<key>(?=\w*\d)\w{8,})"),
    "a private key": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s+]+(?P<key>[A-Za-z0-9+/=]{40})"
    ),
    "a token of GitLab": re.compile(r"\bglpat-(?P<key>[\w-]{20})"),
    "a token of GitHub": re.compile(r"\bgh[pousr]_(?P<key>[A-Za-z0-9]{36})"),
    "an access key of AWS": re.compile(r"\bAKIA(?P<key>[0-9A-Z]{16})\b"),
}
FEWEST = 4  # characters that differ: 00000000 opens nothing


def told(submission):
    """Name the secrets that stand in the files or in their history, never what they are."""
    found = []
    for name in submission.files:
        for what, form in KEYS.items():
            keys = {match["key"] for match in form.finditer(submission.read(name))}
            if any(len(set(key)) >= FEWEST for key in keys):
                found.append(f"{name} has {what}")
    return found


REACHED = r"""
TESTS = re.compile(r"\b(pytest|robot|tox|nox|unittest)\b|\bmake +(test|check)\b")
NAMED = re.compile(r"(?i)test")
SENDS = re.compile(
    r"\bhelm\b.*\b(upgrade|install)\b|\bkubectl\b.*\bset +image\b"
    r"|deployment\.yaml.*\bkubectl\b.*\bapply\b|\bkubectl\b.*\bapply\b.*deployment\.yaml"
)

def sends(job):
    commands = [" ".join(str(each).split()) for each in job["script"]]
    return any(SENDS.search(each) and "--dry-run" not in each for each in commands)

def deploys(event, job):
    review = event == "merge request" and "$CI_" in (job["environment"] or "$CI_")
    starts = job["environment"] and job["action"] == "start" and event != "schedule"
    return bool(not review and starts or sends(job) and (not review or not job["environment"]))

def reached():
    refused = problems(FILE)
    if refused:
        return {"problems": refused[:3], "past": [], "warned": []}
    past, warned = [], []
    for event in EVENTS:
        jobs = plan(FILE, event)
        every = [job["name"] for job in jobs]
        there = [job["name"] for job in jobs if deploys(event, job)]
        tests = [job["name"] for job in jobs
                 if any(TESTS.search(str(each)) for each in job["script"])]
        tests = tests or [job["name"] for job in jobs if NAMED.search(job["name"])]
        for failing in ([[each] for each in tests] or [[]]) if there else []:
            runs = play(FILE, event, failing, every)["jobs"]
            found = [name for name in there if runs[name]["end"] is not None]
            past += [[event, name, *failing] for name in found]
            warned += [each for each in failing if found and runs[each]["status"] == "warning"]
    return {"problems": [], "past": past, "warned": warned}
"""
PLAYS = []  # of the last file only: all checks ask about the same


def past_tests(submission):
    """Give what deploys while tests fail: the event, the job and, where there are any, the test.

    Played in the learner's process: the expressions may take for ever, and then it is a text.
    """
    text = submission.yaml(FILE)
    if text not in [each for each, _ in PLAYS]:
        setup = pipeline.setup(FILE=text) + REACHED
        try:
            found = submission.evaluate("reached()", setup=setup)
        except NotGradable as error:
            found = str(error.args[0])
        PLAYS[:] = [(text, found)]
    return PLAYS[0][1]
