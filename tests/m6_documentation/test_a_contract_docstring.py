"""Grade *A docstring that can break*: its examples are run in worlds that differ in one thing.

Only the docstring is taken from what was handed in. The code that it stands on is the judge's, in
a process of its own for each world, and nothing there tells which world it is.
"""

import ast
import re
import secrets
from pathlib import Path

import pytest

DATA = Path(__file__).with_name("a_contract_docstring")
HANDED_OUT = DATA.parents[2] / "exercises/m6_documentation/a_contract_docstring/crossing.py"
MODULE, NAME = "crossing.py", "can_cross"

# What stands in the code, and what stands there in each world.
TEST, CUT = "moment.tzinfo is None", "timedelta(minutes=margin)"
WINDOW = "opens + cut <= moment < closes - cut for"
RIGHT = {
    "as it is": {},
    "told otherwise": {TEST: "moment.utcoffset() is None", CUT: "margin * timedelta(seconds=60)"},
    "counted otherwise": {WINDOW: "cut <= moment - opens and moment + cut < closes for"},
}
FAULTS = {
    "closes": {WINDOW: "opens + cut <= moment <= closes - cut for"},
    "opens": {WINDOW: "opens + cut < moment < closes - cut for"},
    "no margin": {CUT: "timedelta(0)"},
    "seconds": {CUT: "timedelta(seconds=margin)"},
    "wall clock": {
        WINDOW: "opens.replace(tzinfo=None) + cut <= moment.replace(tzinfo=None)"
        " < closes.replace(tzinfo=None) - cut for",
    },
    "naive": {f'{TEST}:\n        raise ValueError("The moment has no time zone.")':
              f"{TEST}:\n        moment = moment.replace(tzinfo=UTC)"},
}  # fmt: skip
PROSE = {
    "the shape of *windows*": r"pair|tuple|\bopens\b.{0,9}\bcloses\b|start.{0,9}\bend",
    "the unit of *margin*": r"\bminutes?\b|\bmin\b",
    "which end of a window belongs to it": r"half[- ]?open|exclu|inclu|belong|up to"
    r"|\bat the (very |exact )?(open|clos|end)|\bat .{0,3}(opens|closes)|\[\s*\w*opens|<=? |until"
    r"|before|\bnot (at|in|part)\b",
    "the time zone": r"\bUTC\b|time ?-?zones?|\baware\b|tzinfo|offset",
    "the error": r"\bValueError\b",
}

TAKEN_FOR_SECONDS = r"margin\W(?:(?!minute).){0,60}\bseconds?\b(?!.{0,30}minute)"


@pytest.mark.points(2)
@pytest.mark.hint(
    "Run python -m doctest -v crossing.py. What does it try, and what does it say of each?",
    "How examples are read: https://docs.python.org/3/library/doctest.html#how-it-works",
)
def test_examples_come_out_as_written(submission, advise):
    """Each example is run, and comes out as it stands there, whichever way right code is written.

    Three codes that answer alike are tried, the one you have among them.
    """
    runs = tried(submission)
    found = runs["as it is"][0]
    unrun = [each["source"] for each in found if each["skipped"]]
    clocks = [each["source"] for each in found if each["clock"]]
    failed = {world: bad for world in RIGHT if (bad := runs[world][1])}
    first = next(iter(failed.values()), [{}])[0]

    advise(not found, "Who notices when the docstring is no longer true?")
    advise(unrun, "Who has ever seen this example run, and what did it say?")
    advise(clocks, "It is green this minute. What will it say tonight, at high water?")
    advise("time zone" in first.get("said", ""), "What does the code say to this time, and which "
           "time does your reader have in mind?")  # fmt: skip
    advise(failed and "as it is" not in failed, "The answers are the same. What else does this "
           "example look at?")  # fmt: skip
    assert found, "The docstring has no example. Expected lines that begin with >>>."
    assert not unrun, f"Never run: {unrun[0]} Expected each example to be run."
    assert not clocks, f"Asks the clock: {clocks[0]} Expected the same answer on any day."
    told = "{source} {gave}, expected {wanted}.\n{said}".format(**first) if first else ""
    assert not failed, f"On right code, {told}"


@pytest.mark.points(3)
@pytest.mark.hint(
    "At which minutes do your examples ask, and which of them would notice an end that moved?",
    "Why ranges leave out their end: https://www.cs.utexas.edu/~EWD/transcriptions/EWD08xx/EWD831.html",
)
def test_examples_hold_both_ends(submission, advise):
    """An end of the windows that moves by the smallest step makes an example fail."""
    missed = unnoticed(submission, "closes", "opens")

    advise(len(missed) == 2, "Which of your examples asks about the very minute at which it turns?")
    advise(missed == ["closes"], "Does a driver who starts when it closes get wet? Which example "
           "says so?")  # fmt: skip
    advise(missed == ["opens"], "And the minute at which it opens: is it dry?")
    assert not missed, (
        f"No example fails when the minute at which a window {' or '.join(missed)} changes sides."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "With which margin, and how many minutes from the end, does an answer change?",
    "What is a number worth without its unit? https://en.wikipedia.org/wiki/Mars_Climate_Orbiter",
)
def test_examples_hold_the_unit(submission, advise):
    """A margin that is ignored, or taken for seconds, makes an example fail."""
    missed = unnoticed(submission, "no margin", "seconds")

    advise(len(missed) == 2, "Which of your examples would come out otherwise without a margin?")
    advise(missed, "Fifteen of what? Which example would tell?")
    told = {"no margin": "is ignored", "seconds": "is taken for seconds"}
    assert not missed, (
        f"No example fails when the margin {' or '.join(told[each] for each in missed)}."
    )


@pytest.mark.points(2)
@pytest.mark.hint(
    "In which zones are the times of your examples, and what would change if nobody looked?",
    "Aware and naive: https://docs.python.org/3/library/datetime.html#aware-and-naive-objects",
)
def test_examples_hold_the_zone(submission, advise):
    """Code that compares what the clocks on the wall say makes an example fail."""
    missed = unnoticed(submission, "wall clock")

    advise(missed, "All your times are of one zone. Where does the driver's phone stand?")
    assert not missed, "No example fails when the code ignores the zones of the times."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What happens today when the moment has no zone, and which line of the docstring shows it?",
    "Exceptions in examples: https://docs.python.org/3/library/doctest.html#what-about-exceptions",
)
def test_examples_hold_the_error(submission, advise):
    """Code that takes a moment without a zone for UTC makes an example fail."""
    missed = unnoticed(submission, "naive")

    told = re.search(PROSE["the error"], docstring(submission))
    advise(missed and told, "The words promise an error. Who has seen it?")
    advise(missed, "What is the one thing that the function refuses, and what does it say then?")
    assert not missed, "No example fails when a moment without a time zone is taken for UTC."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Cover the code and the examples. What would you have to ask before you call it?",
    "Sections of a docstring: https://numpydoc.readthedocs.io/en/latest/format.html",
)
def test_words_tell_what_the_signature_cannot(submission, advise):
    """The words tell the shape, unit, zone, error and ends, beside what the signature says."""
    words = prose(docstring(submission))
    lower = [what for what, wanted in PROSE.items() if not re.search(wanted, words, re.I | re.S)]
    seconds = re.search(TAKEN_FOR_SECONDS, words, re.I) and "the unit of *margin*"
    missing = sorted({*lower, *([seconds] if seconds else [])})

    advise(len(missing) >= 3, "What does this docstring say that the signature does not?")
    advise("the unit of *margin*" in missing, "A margin of 15 what?")
    advise("the error" in missing, "Which exception should the caller be ready for, and when?")
    advise(missing, "The examples know it. Does someone who reads the words alone?")
    assert not missing, f"Not in the words: {', '.join(missing)}. Expected all to be told."


@pytest.mark.points(1)
@pytest.mark.hint("Compare with the file as it was handed out. What differs beside the docstring?")
def test_code_is_as_it_was(submission, advise):
    """The code itself is as it was handed out: only the docstring is new."""
    same = bare(submission.read(MODULE)) == bare(HANDED_OUT.read_text(encoding="utf-8"))

    advise(not same, "Whose promise do the examples keep, when the code was made to fit them?")
    assert same, f"{MODULE} differs in its code. Expected the code of the start."


def bare(source):
    """Give the syntax of *source* without docstrings."""
    tree = ast.parse(source)
    for node in (tree, *tree.body):
        if isinstance(node, ast.FunctionDef | ast.Module) and ast.get_docstring(node) is not None:
            del node.body[0]
    try:
        return ast.dump(tree)
    except RecursionError:  # deeper than anything that was handed out
        return ""


def docstring(submission):
    """Give the docstring that was written."""
    for node in ast.parse(submission.read(MODULE)).body:
        if isinstance(node, ast.FunctionDef) and node.name == NAME:
            return ast.get_docstring(node) or ""
    pytest.fail(f"{MODULE} defines no function {NAME}. Expected the one of the start.")


def prose(text):
    """Give what a docstring says in words: without its examples and what they print."""
    return re.sub(r"^ *>>> .*(?:\n *\S.*)*", "", text, flags=re.MULTILINE)


TRIED = {}  # the last docstring only: the checks ask about the same runs


def tried(submission):
    """Run the examples once in each world, in an order and places that tell them nothing."""
    text = docstring(submission)
    if text not in TRIED:
        worlds = {**RIGHT, **FAULTS}
        order = secrets.SystemRandom().sample([*worlds], len(worlds))
        found = {world: run(submission, text, worlds[world]) for world in order}
        TRIED.clear()
        TRIED[text] = found
    return TRIED[text]


def run(submission, text, changes):
    """Run the examples of *text* on code with *changes*: what they are, and those that fail."""
    code = HANDED_OUT.read_text(encoding="utf-8")
    for old, new in changes.items():
        code = code.replace(old, new)
    tools = (DATA / "examples.py").read_text(encoding="utf-8")
    with submission.apart() as alone:
        found = alone.evaluate("run(CODE, TEXT)", f"{tools}\nCODE, TEXT = {code!r}, {text!r}")
    lists = found if type(found) is list else []
    if [type(each) for each in lists] != [list, list]:
        pytest.fail(f"The examples cannot be read: {found!r}. Expected what doctest reads.")
    empty = {"source": "", "wanted": "", "gave": "", "said": "", "skipped": False, "clock": False}
    return [[empty | each for each in part if type(each) is dict] for part in lists]


def unnoticed(submission, *faults):
    """Give those of *faults* with which every example comes out as on right code."""
    found = tried(submission)
    right = {each["source"] for world in RIGHT for each in found[world][1]}
    return [each for each in faults if {bad["source"] for bad in found[each][1]} <= right]
