"""Grade *Four kinds of page*: what was sorted and split is compared with the reference.

A sentence is found again by its letters and digits alone, whatever stands around it.
"""

import re
import tomllib
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parents[2] / "solutions/m6_documentation/four_kinds"
KINDS = ("tutorial", "how-to", "reference", "explanation")
DOING, LEARNING = {"tutorial", "how-to"}, {"tutorial", "explanation"}
SHOWN = 60  # characters of a sentence


@pytest.mark.points(2)
@pytest.mark.hint(
    "Read each aloud to somebody at a keyboard. After which of them do their hands move?",
    "Action or knowledge: https://diataxis.fr/compass/",
)
def test_doing_is_told_from_knowing(submission, advise):
    """Each passage is called one that guides what is done, or one that says what is so."""
    wrong = mistaken(submission, DOING)

    advise({"p04", "p08", "p10"} & set(wrong), "They teach, that is true. Which step do they have "
           "somebody take?")  # fmt: skip
    advise({"p03", "p06", "p12"} & set(wrong), "It is looked up at work. Does it say what to do, "
           "or what there is?")  # fmt: skip
    assert not wrong, f"To be done, or to be known? Mistaken: {listed(wrong)}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Who reads this: somebody with an hour to learn, or somebody with drivers waiting?",
    "Study or work: https://diataxis.fr/compass/",
)
def test_learning_is_told_from_working(submission, advise):
    """Each passage is called one for somebody who learns, or one for somebody at work."""
    wrong = mistaken(submission, LEARNING)

    steps = {"p01", "p05", "p09"} & set(wrong)
    lessons = {"p02", "p07", "p11"} & set(wrong)
    advise(
        steps, "It has steps. Does it also know where its reader stands, and what they see next?"
    )
    advise(lessons, "Somebody who has a task of their own: what would they do with this one?")
    advise({"p04", "p08", "p10"} & set(wrong), "A table of facts never says *why*, and never "
           "weighs. Who needs to hear it in the middle of their work?")  # fmt: skip
    assert not wrong, f"For learning, or for work? Mistaken: {listed(wrong)}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Count the sentences of page.md, and those of your four pages.",
    "Search your four pages for the first words of each sentence of page.md.",
)
def test_nothing_is_lost_and_nothing_stands_twice(submission, advise):
    """Each sentence of page.md stands on the four pages, as it was, and once."""
    times = {sentence: 0 for kind in KINDS for sentence in belonging(kind)}
    for kind in KINDS:
        for sentence, count in found_on(submission, kind).items():
            times[sentence] += count
    lost = [sentence for sentence, count in times.items() if not count]
    twice = [sentence for sentence, count in times.items() if count > 1]

    advise(
        lost and len(lost) < len(times),
        "Whom did this sentence help, and where do they find it now?",
    )
    advise(twice, "It will be changed one day. Who remembers that it stands in two places?")
    assert not lost, (
        f"{len(lost)} of {len(times)} not found: {shown(lost)} Expected all, as they were."
    )
    assert not twice, f"{len(twice)} more than once: {shown(twice)} Expected each once."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Take the newcomer's place. Which sentence is no step, and shows nothing that they see?",
    "What a lesson leaves out: https://diataxis.fr/tutorials/",
)
def test_tutorial_is_a_lesson(submission, advise):
    """tutorial.md holds the steps of the lesson, and nothing that interrupts it."""
    strange = strangers(submission, "tutorial")

    advise("reference" in strange.values(), "The newcomer was about to see something. Which choice "
           "did they have to make first?")  # fmt: skip
    advise("explanation" in strange.values(), "They follow you step by step. What do they do with "
           "a reason, before anything has run?")  # fmt: skip
    advise("how-to" in strange.values(), "In a lesson, who says *if*?")
    assert_pure(submission, "tutorial", strange)


@pytest.mark.points(2)
@pytest.mark.hint(
    "Drivers are waiting. Which sentence do you skip?",
    "What a guide leaves out: https://diataxis.fr/how-to-guides/",
)
def test_guide_gets_the_work_done(submission, advise):
    """how-to.md holds what somebody at work has to do, and nothing that keeps them from it."""
    strange = strangers(submission, "how-to")

    advise("explanation" in strange.values(), "Who reads about last week's decision while drivers "
           "wait?")  # fmt: skip
    advise("tutorial" in strange.values(), "Does the operator need to be told that they did well?")
    advise("reference" in strange.values(), "Which of these lines is a step?")
    assert_pure(submission, "how-to", strange)


@pytest.mark.points(2)
@pytest.mark.hint(
    "Somebody looks up one fact. Which sentence is none?",
    "What a reference leaves out: https://diataxis.fr/reference/",
)
def test_reference_only_describes(submission, advise):
    """reference.md holds what there is, and neither reasons nor instructions."""
    strange = strangers(submission, "reference")

    advise("explanation" in strange.values(), "Somebody looks up a format. Which line has an "
           "opinion?")  # fmt: skip
    advise(DOING & {*strange.values()}, "Which of these lines tells somebody to do something?")
    assert_pure(submission, "reference", strange)


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which sentence could not be read on a Sunday, away from the keyboard?",
    "What an explanation is for: https://diataxis.fr/explanation/",
)
def test_explanation_gives_reasons(submission, advise):
    """explanation.md holds the reasons, and neither steps nor facts to look up."""
    strange = strangers(submission, "explanation")

    advise("reference" in strange.values(), "Who looks for this fact, and would they look here?")
    advise(DOING & {*strange.values()}, "Whose hands move at this sentence?")
    assert_pure(submission, "explanation", strange)


def mistaken(submission, group):
    """Name the passages whose kind is on the wrong side of what *group* is one side of."""
    right = tomllib.loads((REFERENCE / "kinds.toml").read_text(encoding="utf-8"))
    given = submission.toml("kinds.toml")
    kinds = {re.sub("[^a-z]", "", kind): kind for kind in KINDS}
    said = {name: kinds.get(bare(given.get(name)).removesuffix("guide")) for name in right}
    unknown = [name for name, kind in said.items() if kind is None]
    assert not unknown, f"No kind: {listed(unknown)}. Expected one of {listed(KINDS)} for each."
    return [name for name in right if (said[name] in group) != (right[name] in group)]


def belonging(kind):
    """Give the sentences of page.md that belong on the page of that *kind*."""
    lines = (REFERENCE / f"{kind}.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def found_on(submission, kind):
    """Count the sentences of page.md on the page of that *kind*, as a reader sees it."""
    text = re.sub(r"<!--.*?(-->|\Z)", " ", submission.read(f"{kind}.md"), flags=re.DOTALL)
    text = bare(text)
    times = {each: text.count(bare(each)) for other in KINDS for each in belonging(other)}
    return {sentence: count for sentence, count in times.items() if count}


def bare(text):
    """Give the letters and digits of *text*; nothing of what is no text."""
    return "".join(re.findall(r"[^\W_]+", text.lower())) if isinstance(text, str) else ""


def strangers(submission, kind):
    """Give the sentences on the page of that *kind* that belong to another, with which."""
    found = found_on(submission, kind)
    others = [other for other in KINDS if other != kind]
    return {each: other for other in others for each in belonging(other) if each in found}


def assert_pure(submission, kind, strange):
    """Refuse a page that holds what belongs to another, or nothing of what belongs there."""
    told = "; ".join(f"{shown([each])} ({other})" for each, other in strange.items())
    assert not strange, f"On {kind}.md there also stands: {told}. Expected only its own."
    assert set(found_on(submission, kind)) & set(belonging(kind)), (
        f"{kind}.md is empty. Expected a page."
    )


def shown(sentences):
    first = sentences[0]
    return f"*{first if len(first) <= SHOWN else first[:SHOWN].rpartition(' ')[0] + ' …'}*"


def listed(names):
    return ", ".join(names)
