"""Grade *What may merge itself*: a model of Renovate plays the policy over twelve updates."""

from pathlib import Path

import pytest

DATA = Path(__file__).with_name("update_policy")
FIXES = ("tidetable_fix", "quaymail_fix")
MAJORS = ("flask_major", "gunicorn_major", "pytest_major")
ROUTINE = ("flask_patch", "flit_core_minor", "python_minor", "ruff_minor")
TOOLS = ("hypothesis_minor", "mypy_minor", "pytest_cov_minor")
AGES = (3, 30)  # days that a release has to stand, and days after which nobody gets an update

WRONG = {
    "unknown": "{} is no option of Renovate's",
    "renamed": "{} was renamed",
    "misplaced": "{} is not read in that place",
    "type": "{} should be of the type {}",
    "value": "{} is not understood",
    "bare": "{} matches nothing: a rule needs a matcher",
    "preset": "{} is no preset that this exercise knows",
    "ignored": "{} is no duration, and is ignored",
    "beyond": "{} is an option that this exercise's model does not know",
}


@pytest.mark.points(2)
@pytest.mark.hint(
    "Read the name of each option letter by letter, and look where it stands.",
    "What is each option called today? https://docs.renovatebot.com/configuration-options/",
)
def test_renovate_takes_the_whole_file(submission, advise):
    """Renovate takes the whole file: every option by today's name, in its place, of its type."""
    problems = played(submission)["problems"]

    kinds = {kind for kind, *_ in problems}
    advise("unknown" in kinds, "The schema accepts any name. What does Renovate do with one that "
           "it does not know?")  # fmt: skip
    advise("renamed" in kinds, "What does Renovate's own validator say when you ask it --strict?")
    told = [WRONG[kind].format(*words) for kind, *words in problems]
    assert not told, f"{'; '.join(told)}. Expected a file that the validator takes with --strict."


@pytest.mark.points(3)
@pytest.mark.hint(
    "What does the request for tidetable hold beside tidetable, and when is it opened?",
    "Which option asks OSV? https://docs.renovatebot.com/configuration-options/#osvvulnerabilityalerts",
)
def test_a_fix_comes_alone_and_at_once(submission, advise):
    """What repairs an advisory comes in a request of its own, on the day it is released."""
    updates = known(submission)

    fixes = {name: updates[name] for name in FIXES}
    together = [name for name in FIXES if len(companions(updates, name)) > 1]
    late = [name for name in FIXES if fixes[name]["age"] or not fixes[name]["at_once"]]
    absent = [name for name in FIXES if not fixes[name]["offered"]]
    config = submission.json("renovate.json")
    unasked = config.get("osvVulnerabilityAlerts") is not True
    advise(absent, "Who opens the request for an advisory now, and when do they hear of it?")
    advise(unasked and "vulnerabilityAlerts" in config, "Whose alerts does that option read, and "
           "where does Causeway stand?")  # fmt: skip
    advise(set(together) == set(FIXES) and companions(updates, FIXES[0]) == set(FIXES),
           "One of the two repairs is a major. What does the other one wait for?")  # fmt: skip
    advise(together, "What shares a request with the repair, and what happens when that fails?")
    advise(late, "The hole is known since this morning. How long does your policy leave it open?")
    assert not absent, f"Not offered at all: {listed(absent)}. Expected a request for each."
    assert not together, f"In a request with others: {listed(together)}. Expected one for each."
    assert not late, f"Kept waiting: {listed(late)}. Expected neither a schedule nor an age."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which rules of yours match a major, and what do they set?",
    "How majors are kept apart: https://docs.renovatebot.com/configuration-options/#separatemajorminor",
)
def test_a_major_is_one_persons_decision(submission, advise):
    """Each major is offered in a request of its own, and a person merges it."""
    updates = known(submission)

    absent = [name for name in MAJORS if not updates[name]["offered"]]
    merged = [name for name in MAJORS if updates[name]["merges_itself"]]
    together = [name for name in MAJORS if len(companions(updates, name)) > 1]
    advise(absent, "When will somebody hear that the line you are on has ended?")
    advise(merged, "The tests are green. Have they ever met the version that changed its promises?")
    advise(together, "One of them does not work with your code. What becomes of the others?")
    assert not absent, f"Not offered: {listed(absent)}. Expected a request for each."
    assert not merged, f"Merged without a person: {listed(merged)}. Expected somebody to decide."
    assert not together, f"In a request with others: {listed(together)}. Expected one for each."


@pytest.mark.points(3)
@pytest.mark.hint(
    "For each of the twelve: what breaks, and for whom, if it is wrong and nobody looked?",
    "Which rules apply: https://docs.renovatebot.com/configuration-options/#packagerules",
)
def test_only_stable_tools_merge_themselves(submission, advise):
    """Minors and patches of stable tools merge themselves, and nothing else does."""
    updates = known(submission)

    merging = {name for name, each in updates.items() if each["merges_itself"]}
    merging -= {*MAJORS}  # judged by the check before
    much, few = sorted(merging - set(TOOLS)), sorted(set(TOOLS) - merging)
    meant = [name for name in few if updates[name]["automerge"]]
    advise(
        set(much) & {"flask_patch", "python_minor", *FIXES},
        "Which of these runs when a driver asks, and who has looked at it?",
    )
    advise("ruff_minor" in much, "What may a minor change in a line whose first number is 0?")
    advise(much == ["flit_core_minor"], "What is in the wheel, if what builds it was wrong?")
    advise(meant, "They may merge themselves, but their request does not. Who else is in it?")
    advise(few and not meant, "Who reads the request for a new hypothesis, and what do they read?")
    assert not much, f"Merged without a person: {listed(much)}. Expected tools of a stable line."
    assert not few, f"Waiting for a person: {listed(few)}. Expected these to merge themselves."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Somebody stole a maintainer's password last night. On which day do you install the result?",
    "What an age is for: https://docs.renovatebot.com/key-concepts/minimum-release-age/",
)
def test_nothing_is_taken_on_its_first_day(submission, advise):
    """Only what repairs an advisory is taken before its release is three days old."""
    updates = known(submission)

    others = {name: each["age"] for name, each in updates.items() if name not in FIXES}
    young = [name for name, age in others.items() if age < AGES[0]]
    old = [name for name, age in others.items() if age > AGES[1]]
    advise(len(young) == len(others), "A release is an hour old. Who has tried it before you?")
    advise(young, "Does the age hold for all of them, or did a later rule take it back?")
    advise(old, "How far behind are you, on the day on which you need a fix?")
    assert not young, f"Taken too early: {listed(young)}. Expected an age of three days or more."
    assert not old, f"Kept for more than a month: {listed(old)}. Expected thirty days at most."


@pytest.mark.points(2)
@pytest.mark.hint(
    "How many requests does somebody find on Monday, and on the other days?",
    "How a schedule is written: https://docs.renovatebot.com/configuration-options/#schedule",
)
def test_routine_asks_for_attention_once_a_week(submission, advise):
    """The routine that a person merges comes in two requests at most, and on a schedule."""
    updates = known(submission)

    routine = {name: updates[name] for name in ROUTINE}
    absent = [name for name in (*ROUTINE, *TOOLS) if not updates[name]["offered"]]
    anytime = [name for name in (*ROUTINE, *TOOLS) if updates[name]["at_once"]]
    requests = {each["request"] for each in routine.values()}
    mixed = [name for name in ROUTINE if companions(updates, name) & {*MAJORS}]
    advise(absent, "What was the update that you switched off going to repair?")
    advise(len(requests) > 2, "How many requests can you read, and how many do you click through?")
    advise(anytime, "On which days do you want to be asked?")
    assert not absent, f"Not offered: {listed(absent)}. Expected each to come."
    assert len(requests) <= 2, (
        f"Routine in {len(requests)} requests: {listed(ROUTINE)}. Expected two at most."
    )
    assert not mixed, f"With a major: {listed(mixed)}. Expected routine to come alone."
    assert not anytime, f"At any time: {listed(anytime)}. Expected a schedule."


LAST = []  # the last file, and what became of the updates: all checks ask about the same


def played(submission):
    """Give what the model made of the updates, under the learner's file."""
    text = submission.read("renovate.json")
    if text not in [each for each, _ in LAST]:
        LAST[:] = [(text, play(submission, text))]
    [(_, found)] = LAST
    assert isinstance(found, dict), "renovate.json could not be played. Expected a policy."
    return found


def play(submission, text):
    """Have the model play the file over the updates.

    In the learner's process: the patterns are the learner's, and may take for ever.
    """
    submission.json("renovate.json")
    files = {name: (DATA / name).read_text(encoding="utf-8") for name in
             ("updates.json", "options.json", "presets.json")}  # fmt: skip
    setup = (DATA / "model.py").read_text(encoding="utf-8")
    setup += f"\nDATA = [json.loads(each) for each in {list(files.values())!r}]"
    setup += f"\nGIVEN = {{'renovate.json': {text!r}}}"
    setup += "\ndef requests_of(name):\n    return plan(GIVEN[name], *DATA)"
    return submission.evaluate("requests_of('renovate.json')", setup=setup)


def known(submission):
    """Give what becomes of each update, once Renovate can read the values in the file."""
    found = played(submission)
    unread = [words[0] for kind, *words in found["problems"] if kind in ("type", "value")]
    assert not unread, f"{'; '.join(unread)} is not understood. Expected a value Renovate can read."
    return found["updates"]


def companions(updates, name):
    """Name all updates in the request of the update *name*."""
    return {other for other in updates if updates[other]["request"] == updates[name]["request"]}


def listed(names):
    return ", ".join(names)
