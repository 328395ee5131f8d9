"""Grade *Fifteen things that nobody saw*: what a finding hits, what comes of it, what shows it."""

import re
import tomllib
from pathlib import Path

import pytest

DATA = tomllib.loads(Path(__file__).with_name("audit").joinpath("defects.toml").read_text("utf-8"))
DEFECTS, FILES = DATA["defect"], DATA["files"]
WORDS = ("harm", "breach", "outage", "unchecked", "blind")
COMMANDS = ("bandit", "deptry", "hadolint", "hashes", "kubernetes", "last_minute", "margin", "mypy",
            "no_table", "pipeline", "ports", "pytest", "robot", "ruff", "sabotage", "secrets",
            "sphinx")  # fmt: skip
LET_PASS, ENOUGH, MOST = 2, 10, 200
# What no tool of the pipeline says of any one file.
ACROSS = ("margin_unheard", "wrong_port", "before_the_tests", "undeclared")
TOLD = ("bandit", "deptry", "hadolint", "kubernetes", "secrets")  # report by themselves


@pytest.mark.points(1)
@pytest.mark.hint("Could somebody who reads only your table open the file, and see it?")
def test_each_finding_can_be_followed_up(submission, advise):
    """Each finding has a file and a line, a word for what comes of it, and a command."""
    found = findings(submission)
    odd = [f"finding {number} has {fault}" for number, each in enumerate(found, 1)
           if (fault := fault_of(each))]  # fmt: skip

    advise(any("command" in each for each in odd), "How does whoever does not believe you see it?")
    advise(any("where" in each for each in odd), "Which line would you change?")
    assert found, "There is no finding. Expected a table [[finding]] for each defect."
    assert not odd, f"{'; '.join(odd[:3])}. Expected file:line, and words of the two lists."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which questions could a driver, or a stranger, ask this service? Answer them by its code.",
    "Take each promise of the project's README, and look for the line that keeps it.",
)
def test_what_hurts_people_is_found(submission, advise):
    """What harms a driver, or lets a stranger in, is found: five defects."""
    hits, strays = matched(findings(submission))
    missing = [name for name in DEFECTS if worth(name) in WORDS[:2] and name not in hits]

    advise_the_noisy(hits, strays, advise)
    advise("margin_unheard" in missing and len(missing) < 3, "How many minutes does the service "
           "in production cut off? Follow the number from file to file.")  # fmt: skip
    advise({"last_minute", "fails_open"} <= {*missing}, "What does the sign say at the closing "
           "minute, and on a day without a table?")  # fmt: skip
    assert len(strays) <= len(hits), buried(hits, strays)
    assert not missing, f"{5 - len(missing)} of 5 are found. Expected all."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Start it in your head from nothing: what is installed, what listens, who knocks where?",
    "Draw the jobs as arrows: what has to be over before production changes?",
)
def test_what_stops_it_or_slips_in_is_found(submission, advise):
    """What keeps it from running, and what gets in unchecked, is found: six defects."""
    hits, strays = matched(findings(submission))
    missing = [name for name in DEFECTS if worth(name) in WORDS[2:4] and name not in hits]

    advise_the_noisy(hits, strays, advise)
    advise(missing and {*missing} <= {*ACROSS}, "Each file is fine by itself. Which two of them "
           "do not agree?")  # fmt: skip
    assert len(strays) <= len(hits), buried(hits, strays)
    assert not missing, f"{6 - len(missing)} of 6 are found. Expected all."


@pytest.mark.points(2)
@pytest.mark.hint("Break the thing in your head. Which check would go red, and which would not?")
def test_checks_that_cannot_go_red_are_found(submission, advise):
    """What stays green whatever happens is found: four defects."""
    hits, strays = matched(findings(submission))
    missing = [name for name in DEFECTS if worth(name) == "blind" and name not in hits]

    advise_the_noisy(hits, strays, advise)
    advise(len(missing) == 4, "All is green since March. When was a check last seen red?")
    assert len(strays) <= len(hits), buried(hits, strays)
    assert not missing, f"{4 - len(missing)} of 4 are found. Expected all."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which of your findings would you drop, if you had to present the others in ten minutes?",
    "Which two of your lines would be mended by one repair?",
)
def test_what_is_reported_is_a_defect(submission, advise):
    """What is reported is a defect, once: two findings that are none are let pass."""
    found = findings(submission)
    hits, strays = matched(found)
    harmless = [each for each in strays if place(each)[1] in DATA["harmless"].get(place(each)[0],
                                                                                ())]  # fmt: skip
    twice = [each for each in strays if any(is_at(each, name) for name in hits)]

    advise(len(strays) > 2 * len(DEFECTS), "Everything is a finding now. Which one do you repair "
           "on Monday?")  # fmt: skip
    advise(harmless, "A tool says so. Who is worse off for that line?")
    advise(len(twice) > LET_PASS, "How many repairs do these need: as many as there are tables?")
    advise(strays, "It would be nicer otherwise. What happens because it is not?")
    told = ", ".join(str(each.get("where"))[:60] for each in (harmless or strays)[:5])
    assert hits, "Nothing is found. Expected defects."
    assert not harmless, f"Harms nobody: {told}. Expected defects."
    assert len(strays) <= LET_PASS, (
        f"{len(strays)} of {len(found)} findings hit no defect, or one that is reported already: "
        f"{told}. Expected {LET_PASS} at most."
    )


@pytest.mark.points(3)
@pytest.mark.hint(
    "Tell it as a story: because of this line, then, and then. Who is in the last sentence?",
    "Read the five words from the top, and stop at the first that is true.",
)
def test_each_is_judged_by_what_comes_of_it(submission, advise):
    """Each defect that is found is judged by what comes of it, not by how it looks."""
    hits = enough(submission)
    wrong = {name: str(each.get("consequence"))[:20] for name, each in hits.items()
             if each.get("consequence") != worth(name)}  # fmt: skip

    given = {each.get("consequence") for each in hits.values() if each.get("consequence") in WORDS}
    advise(len(given) == 1, "One word for all of them. Which one do you repair first?")
    advise(any(worth(name) == "harm" for name in wrong), "It looks like a detail. What is a driver "
           "told because of it?")  # fmt: skip
    advise(any(worth(name) == "blind" for name in wrong), "A check alone never hurt anybody. What "
           "does it no longer do?")  # fmt: skip
    advise("harm" in wrong.values(), "It is loud. Which sentence of the service becomes untrue?")
    told = "; ".join(f"{hits[name]['where'][:60]} is called {word}" for name, word in wrong.items())
    assert not wrong, f"{told}. Expected the first of the five words that is true."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Repair this one defect in your head, and nothing else. Which command now says something else?",
    "Does the command read the file at all, and does it know what the other file says?",
)
def test_each_is_shown_by_its_command(submission, advise):
    """Each defect that is found is shown by the command: its output changes with the repair."""
    hits = enough(submission)
    wrong = {name: str(each.get("command"))[:20] for name, each in hits.items()
             if each.get("command") not in DEFECTS[name]["commands"]}  # fmt: skip

    advise("pytest" in wrong.values(), "It was green before the repair, and it is green after it. "
           "What did it show?")  # fmt: skip
    advise({"margin_unheard", "wrong_port"} & {*wrong}, "The manifest is valid with that number, "
           "and with the right one. Who knows that it is wrong?")  # fmt: skip
    advise("" in wrong.values(), "How does whoever does not believe you see it?")
    told = "; ".join(f"{hits[name]['where'][:60]} by {word or 'nothing'}"
                     for name, word in wrong.items())  # fmt: skip
    assert not wrong, f"Not shown: {told}. Expected a command that says something else afterwards."


def findings(submission):
    """Give the tables of findings.toml, whatever the file holds."""
    given = submission.toml("findings.toml").get("finding", [])
    tables = isinstance(given, list) and all(isinstance(each, dict) for each in given)
    assert tables, "finding is no list of tables. Expected [[finding]] above each."
    assert len(given) <= MOST * 2, f"{len(given)} findings. Expected what somebody can read."
    return given


def place(finding):
    """Give the file and the line that a finding names; no line where it names none."""
    where = finding.get("where")
    parts = re.fullmatch(r"(?:\./)?(?:my-devops-project/)?([\w./-]+):(\d{1,4})",
                         where.strip() if isinstance(where, str) else "", re.ASCII)  # fmt: skip
    return (parts[1], int(parts[2])) if parts else ("", 0)


def fault_of(finding):
    """Say what a finding lacks; None where it can be followed up."""
    file, line = place(finding)
    if not 0 < line <= FILES.get(file, 0):
        return f"where = {str(finding.get('where', ''))[:60]!r}"
    for key, known in (("consequence", WORDS), ("command", COMMANDS)):
        if finding.get(key) not in known:
            return f"{key} = {str(finding.get(key, ''))[:40]!r}"
    return None


def worth(name):
    return DEFECTS[name]["consequence"]


def is_at(finding, name):
    """Whether a finding points at the defect *name*."""
    file, line = place(finding)
    return line in DEFECTS[name]["places"].get(file, ())


def matched(found):
    """Give each defect that is found, with its finding, and the findings that are left over.

    A line may be the place of two defects: a finding is taken for the one that it says more of.
    """

    def says(number, name):
        each = found[number]
        return (each.get("consequence") == worth(name)) + (
            each.get("command") in DEFECTS[name]["commands"])  # fmt: skip

    pairs = [(number, name) for number, each in enumerate(found) for name in DEFECTS
             if is_at(each, name)]  # fmt: skip
    taken = {}

    def place_it(number, tried):
        mine = [name for each, name in pairs if each == number and name not in tried]
        for name in sorted(mine, key=lambda name: -says(number, name)):
            tried.add(name)
            if name not in taken or place_it(taken[name], tried):
                taken[name] = number
                return True
        return False

    numbers = sorted({number for number, _ in pairs},
                     key=lambda number: -max(says(number, name) for each, name in pairs
                                             if each == number))  # fmt: skip
    for number in numbers:
        place_it(number, set())
    left = [each for number, each in enumerate(found) if number not in taken.values()]
    return {name: found[taken[name]] for name in DEFECTS if name in taken}, left


def enough(submission):
    """Give the findings that hit; of a few nothing can be said."""
    hits, strays = matched(findings(submission))
    assert len(strays) <= len(hits), buried(hits, strays)
    assert len(hits) >= ENOUGH, (
        f"{len(hits)} of {len(DEFECTS)} defects are found. Expected {ENOUGH} before this is judged."
    )
    return hits


def buried(hits, strays):
    return f"{len(strays)} findings hit nothing, {len(hits)} do. Expected most of them to."


def advise_the_noisy(hits, strays, advise):
    """Ask who reports everything, or only what reports itself."""
    advise(len(strays) > 2 * len(DEFECTS), "Everything is a finding now. Which one do you repair "
           "on Monday?")  # fmt: skip
    advise(strays and not hits, "What would a driver, a stranger or whoever is on call notice "
           "of these?")  # fmt: skip
    loud = hits and all({*DEFECTS[name]["commands"]} & {*TOLD} for name in hits)
    advise(loud, "A tool would have told you each of these. What do the tools not know?")
