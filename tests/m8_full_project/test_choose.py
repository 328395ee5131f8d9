"""Grade *What decides*: each decision is held against the constraints of its place."""

import re
import runpy
from pathlib import Path

import pytest

RECORD = runpy.run_path(str(Path(__file__).with_name("choose") / "record.py"))
PLACES, CONDITION, holds, way = (RECORD[name] for name in ("PLACES", "CONDITION", "holds", "way"))


@pytest.mark.points(1)
@pytest.mark.hint("Which of the three questions is not answered there, or which of the four keys?")
def test_every_place_has_its_three_decisions(submission, advise):
    """Each of the four places has three decisions, and each of these says all that it has to."""
    wrong = [problem for place in PLACES for problem in read(submission, place)[1]]

    advise(
        any("no text" in each or "no list" in each for each in wrong),
        "How does the example in the statement write it?",
    )
    assert not wrong, f"{wrong[0]} Expected the form that the statement shows."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Read each *must* of the place beside tools.txt. Which of the two can do that there?",
    "What a controller needs in an air gap: "
    "https://fluxcd.io/flux/installation/configuration/air-gapped/",
)
def test_no_choice_breaks_a_must(submission, advise):
    """No choice breaks what its place must have."""
    wrong = [
        (each, name) for each in decisions(submission)
        for name in each.named(speaks_for_it=False, kind="must")
    ]  # fmt: skip
    broken = {(each.place, name) for each, name in wrong}

    advise(
        ("lighthouse", "no-route") in broken,
        "The controller on the rock starts, and pulls. From where?",
    )
    advise(("warden", "small-node") in broken, "Add up what the controllers ask for. And then?")
    advise(
        ("harbours", "doors-shut") in broken,
        "The job has a key, and the pipeline is yours. Whose door does it knock at?",
    )
    advise(
        ("toll_office", "no-key-outside") in broken,
        "Whoever pushes has a key to push with. Where is it kept, and who has asked about it?",
    )
    advise(
        ("lighthouse", "approved-list") in broken,
        "Who fills in, on the rock, what only the keeper knows, and with which program?",
    )
    advise(
        ("harbours", "by-version") in broken,
        "A harbour wants to be on last month's version. What does it ask for, and where?",
    )
    advise(
        ("toll_office", "read-as-it-lies") in broken,
        "What does a YAML reader say to a file that begins with an if in braces?",
    )
    advise(
        ("lighthouse", "signed-lock") in broken,
        "Who signs the lock, and what did they write their plugin for?",
    )
    advise(
        ("harbours", "lowest-tested") in broken,
        "You promise that an old version will do. Which of your runs has ever installed it?",
    )
    assert not wrong, (
        f"{wrong[0][0].name}: that place has {wrong[0][1]}. Expected what leaves it whole."
    )


@pytest.mark.points(3)
@pytest.mark.hint(
    "Take the reason away. Would you decide otherwise then?",
    "Would the reason be as good a one for the other choice?",
)
def test_reasons_speak_for_the_choice(submission, advise):
    """Each reason speaks for its choice and not for the other, and a must comes before wishes."""
    found = decisions(submission)
    none = [each for each in found if not each.because]
    strange, neutral, against, weak = [], [], [], []
    for each in found:
        for name in each.because:
            known = each.constraints.get(name)
            if known is None:
                strange.append((each, name))
            elif known.speaks_for != each.choice:
                (neutral if known.speaks_for == "both" else against).append((each, name))
        musts = each.named(speaks_for_it=True, kind="must")
        weak += [each] if musts and not set(musts) & {*each.because} else []

    advise(none, "Who reads this in a year asks why. What do they find?")
    advise(strange, "Which place has that, and to which of its questions does it belong?")
    advise(against, "Read it once more. Which of the two would it rather have?")
    advise(neutral, "Both do that. What does it decide?")
    advise(weak, "You wished for it. And if you had not, would you have had a choice?")
    assert not none, f"{none[0].name}: no reason. Expected what speaks for it in that place."
    for wrong, what in (
        (strange, "is nothing that this place asks of that question"),
        (against, "speaks for the other choice"),
        (neutral, "holds for both choices"),
    ):
        assert not wrong, (
            f"{wrong[0][0].name}: {wrong[0][1]} {what}. Expected what speaks for this one alone."
        )
    assert not weak, f"{weak[0].name}: a must decides it, and is not among the reasons."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Suppose that you had decided the other way. Which wish would be served then?",
    "What a decision record holds: "
    "https://cognitect.com/blog/2011/11/15/documenting-architecture-decisions",
)
def test_what_is_given_up_is_told(submission, advise):
    """Each decision names every wish of its place that the other choice would have served."""
    found = decisions(submission)
    lost = [(each, each.named(speaks_for_it=False, kind="wish")) for each in found]
    silent = [(each, names) for each, names in lost if {*names} - {*each.gives_up}]
    much = [(each, sorted({*each.gives_up} - {*names})) for each, names in lost
            if {*each.gives_up} - {*names}]  # fmt: skip

    advise(
        any(name in each.because for each, names in much for name in names),
        "It is your reason, and your loss. Which of the two?",
    )
    advise(
        any(not each.gives_up for each, _ in silent),
        "If nothing was lost, what was there to decide?",
    )
    advise(
        any(name in each.named(speaks_for_it=False, kind="must")
            for each, names in much for name in names),
        "May that place do without it?",
    )  # fmt: skip
    advise(much, "Who in that place asked for it, and would the other choice have brought it?")
    assert not much, f"{much[0][0].name}: {much[0][1][0]} is not what it gives up."
    assert not silent, (
        f"{silent[0][0].name}: a wish of that place is given up, and not named. Expected each."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "Who would notice that it has come true, by looking where?",
    "Between which two numbers has it been, and what is it today?",
)
def test_trigger_can_be_observed(submission, advise):
    """Each trigger is a condition on what its place measures: not so today, and it can come."""
    vague, unmeasured, today, never, none = [], [], [], [], []
    for each in decisions(submission):
        none += [] if each.revisit else [each]
        for text in each.revisit:
            told = (each, repr(text[:60]))
            condition = CONDITION.fullmatch(text)
            if not condition:
                vague.append(told)
            elif condition[1] not in PLACES[each.place]["measures"]:
                unmeasured.append((each, condition[1]))
            else:
                now, least, most = PLACES[each.place]["measures"][condition[1]]
                if way(condition, now, least, most) is None:
                    (today if holds(condition, now) else never).append(told)

    advise(none, "Under which sign does anybody look at this again?")
    advise(
        any(re.search(r"\d{4}|year|month|quarter|week", text) for _, text in vague),
        "What will be different on that day, and who will have measured it?",
    )
    advise(vague, "Two people read it. When do both say: now?")
    advise(unmeasured, "Who counts that in this place, and where is it written down?")
    advise(today, "It is so already. Why do you decide at all, then?")
    advise(never, "Has it ever been there, or can it ever get there?")
    assert not none, f"{none[0].name}: no trigger. Expected when to look at it again."
    for wrong, what in (
        (vague, "is no condition of a name, a comparison and a number"),
        (unmeasured, "is not measured in that place"),
        (today, "is so today"),
        (never, "cannot come true"),
    ):
        assert not wrong, f"{wrong[0][0].name}: {wrong[0][1]} {what}. Expected what can be seen."


@pytest.mark.points(2)
@pytest.mark.hint(
    "It has come true. Which of your reasons is weaker now, or which loss is greater?",
    "Does it go up or down when your choice becomes the wrong one?",
)
def test_trigger_would_take_the_decision_back(submission, advise):
    """When a trigger comes true, a reason for the choice is weaker, or its loss has grown."""
    idle, backwards = [], []
    for each in decisions(submission):
        for text in each.revisit:
            condition = CONDITION.fullmatch(text)
            measured = PLACES[each.place]["measures"].get(condition[1]) if condition else None
            assert measured, f"{each.name}: {text[:60]!r} cannot be observed there."
            found = way(condition, *measured)
            if found is None or (condition[1], found) in each.moving():
                continue
            other = (condition[1], -found) in each.moving()
            (backwards if other else idle).append((each, text.strip()))

    advise(backwards, "Suppose it is so. Are you more in doubt of your choice, or less?")
    advise(idle, "Which of the choices rests on that, and is it this one?")
    assert not backwards, (
        f"{backwards[0][0].name}: once {backwards[0][1]}, this choice is better still. "
        "Expected when it would be worse."
    )
    assert not idle, (
        f"{idle[0][0].name}: {idle[0][1]} changes nothing for this question. "
        "Expected what its reasons or its losses rest on."
    )


def read(submission, place):
    return RECORD["read"](submission.toml(f"{place}.toml"), place)


def decisions(submission):
    """Give all twelve decisions; where one has no form, there is nothing to judge."""
    found, wrong = [], []
    for place in PLACES:
        here, odd = read(submission, place)
        found += here
        wrong += odd
    assert not wrong, f"{wrong[0]} Expected the form that the statement shows."
    return found
