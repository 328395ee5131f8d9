"""Grade *Kill the mutants*: the tests run in worlds that differ in the module under test alone.

Folders of unpredictable names hold the learner's tests; each has a crossing of its own, good or
mutated, and nothing there tells which. So whatever the learner's process reports of a world, it
has to be right about good worlds and mutants alike before it is worth a point.
"""

import ast
import json
import random
import re
import secrets
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

DATA = Path(__file__).with_name("kill_the_mutants")
HANDED_OUT = Path(__file__).parents[2] / "exercises/m2_testing/kill_the_mutants/crossing.py"
TESTS, EQUIVALENT = "test_crossing.py", "equivalent.toml"
# Only the folders hold tests to run: the one beside them is what was handed in.
INI = """
[pytest]
addopts = --import-mode=importlib --tb=short -p no:unraisableexception
testpaths = w*
"""
ENDED = "The run ended before its end, expected a result for each test."
CODE, CLOCK = "the code as it is", "the same code, on another day"
REWRITES = ("another_window", "core_moved_in", "earliest_first")
UNKILLABLE = "M13"  # what it changes, no table in order can show

# What the declared condition is tried on: tables in order, as the contract wants them, and others.
SAMPLES = """
from datetime import datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace

def at(clock, day=1):
    return datetime.fromisoformat(f"2026-05-{day:02}T{clock}+00:00")

def window(opens, closes, day=1):
    return SimpleNamespace(opens=at(opens), closes=at(closes, day))

A, B, C = window("06:10", "09:30"), window("18:40", "21:55"), window("22:00", "23:00", 3)
MOMENTS = [at(t) for t in ("06:00", "06:10", "08:00:30", "09:30", "12:00", "21:55", "23:30")]
MARGINS = [timedelta(0), timedelta(minutes=10), timedelta(minutes=100)]
IN_ORDER = [[], [A], [B], [A, B], [A, C], [A, B, C]]
OTHERS = [[B, A], [C, A], [A, C, B], [C, B, A], [B, C, A]]

def cases(tables):
    return [(windows, moment, margin) for windows in tables for moment in MOMENTS
            for margin in MARGINS]

def holds(condition, tables):
    code = compile(condition.strip(), "equivalent.toml", "eval")
    names = {"datetime": datetime, "timedelta": timedelta, "pairwise": pairwise}
    return [bool(eval(code, names | dict(zip(("windows", "moment", "margin"), case))))
            for case in cases(tables)]
"""


@pytest.mark.points(1)
@pytest.mark.hint(
    "Run pytest in the exercise's folder. What does its last line count?",
    "Skipped and expected to fail: https://docs.pytest.org/en/stable/how-to/skipping.html",
)
def test_they_pass_on_the_code(submission, advise):
    """Your tests are found, all run, and pass on the code as it is."""
    found = worlds(submission)
    error, bad = found.error(CODE), found.not_passed(CODE)

    advise(
        set(bad.values()) & {"skipped"}, "Who will notice when what this test skips stops working?"
    )
    ended = error == ENDED or "not run" in bad.values() or "SystemExit" in found.words(CODE)
    advise(ended, "Which of your tests ended the run, and who learns of the others?")
    assert error != ENDED, ENDED
    assert not error, f"{TESTS} cannot be collected.\n{error}"
    assert found.tests(CODE), f"{TESTS} holds no test."
    assert not bad, f"On {CODE}: {listed(bad)}.\n{found.words(CODE)}"


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does this test know of the code that no caller may rely on?",
    "Tests of behaviour: https://abseil.io/resources/swe-book/html/ch12.html",
)
def test_they_pass_on_rewrites(submission, advise):
    """They pass on three rewrites that a caller cannot tell from the code as it is."""
    found = worlds(submission)
    broken = {name: bad for name in REWRITES if (bad := found.newly_broken(name))}

    advise(
        "core_moved_in" in broken and found.lives("core_gone"),
        "You replaced a function of the code under test. What did you test then?",
    )
    advise(
        "another_window" in broken,
        "A harmless rewrite prints a window in other words. Why does your test fail on it?",
    )
    advise(
        "earliest_first" in broken,
        "Your test hands over what the docstring rules out. Whose promise does it check?",
    )
    told = "; ".join(f"{name.replace('_', ' ')}: {listed(bad)}" for name, bad in broken.items())
    assert found.counting, "No test passes on the code as it is, so none can on a rewrite."
    assert not broken, f"On harmless rewrites: {told}.\n{found.words(*broken)}"


@pytest.mark.points(1)
@pytest.mark.hint("What does this test expect of the day on which it is run?")
def test_they_pass_on_any_day(submission, advise):
    """They pass on any day, and however long a look at the clock takes."""
    found = worlds(submission)
    bad = found.newly_broken(CLOCK)

    advise(bad, "Run in another year, the same code fails the same test. What is it a test of?")
    assert found.counting, "No test passes on the code as it is, so none can on another day."
    assert not bad, f"On {CLOCK}: {listed(bad)}.\n{found.words(CLOCK)}"


@pytest.mark.points(2)
@pytest.mark.hint(
    "At which instant do code and mutant answer differently, and is that instant in your tests?",
    "A table of cases: https://docs.pytest.org/en/stable/how-to/parametrize.html",
)
def test_moved_boundaries_are_noticed(submission, advise):
    """A boundary that moves by one instant is noticed."""
    refuse_survivors(worlds(submission), advise, "M1", "M2", "M3")


@pytest.mark.points(2)
@pytest.mark.hint("Which two values does `not` take for the same?")
def test_closed_is_no_number(submission, advise):
    """A closed road that is told in minutes is noticed."""
    refuse_survivors(worlds(submission), advise, "M4", "M5", "M6")


@pytest.mark.points(2)
@pytest.mark.hint("For which window and moment is the mutant's number another one?")
def test_wrong_numbers_are_noticed(submission, advise):
    """A wrong number of minutes is noticed: rounded up, halved, or short of whole days."""
    refuse_survivors(worlds(submission), advise, "M7", "M8", "M9")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which sentence of the docstrings does the mutant break? Which of your tests reads it?",
    "Exceptions: https://docs.pytest.org/en/stable/how-to/assert.html#assertions-about-expected-exceptions",
)
def test_broken_promises_are_noticed(submission, advise):
    """A refusal that is gone is noticed, and a margin that is cut off at one end only."""
    refuse_survivors(worlds(submission), advise, "M10", "M11", "M12")


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which sentence of next_window's docstring would a test have to break to kill it?",
    "Equivalent mutants: https://en.wikipedia.org/wiki/Mutation_testing",
)
def test_equivalent_mutant_is_declared(submission, advise):
    """What is declared equivalent answers alike as long as its condition holds, and it does hold.

    The condition must be true of every table that the contract allows.
    """
    declared = submission.toml(EQUIVALENT)
    known = {name for name in mutants() if re.fullmatch(r"M\d+", name)}

    for name, told in declared.items():
        condition = told.get("while") if isinstance(told, dict) else None
        assert name in known, f"{EQUIVALENT} declares {name[:20]!a}, which is no mutant."
        assert isinstance(condition, str), f'{name} is declared without `while = "…"`.'
        sorted_out = submission.evaluate(f"holds({condition!a}, IN_ORDER)", setup=SAMPLES)
        others = submission.evaluate(f"holds({condition!a}, OTHERS)", setup=SAMPLES)
        for values in (sorted_out, others):
            error = getattr(values, "error", None)
            assert not error, f"{name}: its condition raised {error}.\n{condition}"
        assert (len(sorted_out), len(others)) == tuple(map(len, differing(UNKILLABLE)))
        apart = differing(name)
        advise(
            any(apart[0]),
            f"{name} is alive in your tests. Is that because it is right, or because nobody asked?",
        )
        advise(all(others), "Hand over a disordered table: what do code and mutant answer?")
        wrong = any(
            yes and no
            for yes, no in zip([*sorted_out, *others], [*apart[0], *apart[1]], strict=True)
        )
        assert not wrong, f"{name} and the code answer differently although its condition holds."
        advise(not all(sorted_out), "For which tables of a real day is your condition false?")
        assert all(sorted_out), f"{name}: its condition is false of a table in order."
    advise(not declared, f"Can any table that the contract allows tell {UNKILLABLE} from the code?")
    assert UNKILLABLE in declared, f"Alive, and not declared: {shown(UNKILLABLE)}."


def refuse_survivors(found, advise, *names):
    """Fail unless a test that passes in every good world fails in the world of each mutant."""
    alive = [name for name in names if found.lives(name)]

    advise(not found.counting, "A mutant is dead when a test fails that passes on the code.")
    advise(
        found.lives("core_gone"),
        "With next_window gone altogether all your tests pass. What did they test?",
    )
    advise(
        found.lives("truthy"),
        "A sign that says 31415 minutes all day passes your tests. Is truthy correct?",
    )
    advise("M10" in alive, "Which exception is promised, and which one does your test take for it?")
    told = "; ".join(shown(name) for name in alive)
    assert not alive, f"Alive: {told}."


@dataclass(frozen=True)
class Worlds:
    """What the learner's tests did in each world, by the name that only the judge knows."""

    found: dict

    def error(self, world):
        """Give what kept the tests from being collected there, if anything did."""
        return self.found[world]["error"]

    def tests(self, world):
        """Give the outcome of each test there."""
        return {name: outcome for name, (outcome, _) in self.found[world]["tests"].items()}

    def not_passed(self, world):
        """Give the tests that did not pass there, with what they did instead."""
        return {name: how for name, how in self.tests(world).items() if how != "passed"}

    def newly_broken(self, world):
        """Give the tests that pass on the code as it is, and not there."""
        there = self.tests(world)
        return {name: there.get(name, "not run") for name in self.on_code
                if there.get(name) != "passed"}  # fmt: skip

    @property
    def on_code(self):
        """The tests that pass on the code as it is."""
        return [name for name, how in self.tests(CODE).items() if how == "passed"]

    @property
    def counting(self):
        """The tests that pass in every good world: no other can kill."""
        good = [self.tests(world) for world in (CODE, CLOCK, *REWRITES)]
        return [name for name in self.on_code if all(how.get(name) == "passed" for how in good)]

    def lives(self, mutant):
        """Whether every test that counts passes in the world of *mutant*."""
        there = self.tests(mutant)
        failed = [name for name in self.counting if there.get(name, "failed") == "failed"]
        return not failed

    def words(self, *places):
        """Give what pytest said of the failures in *places*."""
        return "\n".join(
            f"{name}: {said}"
            for world in places
            for name, (_, said) in self.found[world]["tests"].items()
            if said
        )


RUNS = {}  # the last one only: seven checks ask about the same tests


def worlds(submission):
    """Run the tests in all worlds at once."""
    text = submission.read(TESTS)
    if text not in RUNS:
        RUNS.clear()
        RUNS[text] = Worlds(run(submission.copy(), text))
    return RUNS[text]


def run(box, text):
    """Lay out the worlds in an order of chance, run pytest once, and give what it found in each."""
    names = [CODE, CLOCK, *REWRITES, *mutants()]
    random.SystemRandom().shuffle(names)
    tokens = {f"w{secrets.token_hex(8)}": name for name in names}
    for token in tokens:
        (box.path / token).mkdir()
        (box.path / token / TESTS).write_text(text, encoding="utf-8")
    listed = {
        token: {"source": disguised(source(name)), "jumps": name == CLOCK}
        for token, name in tokens.items()
    }
    (box.path / "list.json").write_text(json.dumps(listed), encoding="utf-8")
    (box.path / "conftest.py").write_text((DATA / "in_worlds.py").read_text(encoding="utf-8"))
    (box.path / "pytest.ini").write_text(INI)
    done = box.run("pytest", "--quiet")
    lines = re.findall(r"^found (\{.*\})$", done.stdout, re.MULTILINE)
    found = checked(lines[-1] if lines else "", tokens)
    return found or {name: {"error": ENDED, "tests": {}} for name in names}


def checked(line, tokens):
    """Read the line that tells of all worlds; None where it is not of the form expected."""
    try:
        told = json.loads(line)
        return {
            name: {
                "error": str(told[token]["error"])[:300].replace(token, ""),
                "tests": {
                    str(test)[:100]: (str(how), str(said)[:300].replace(token, ""))
                    for test, (how, said) in told[token]["tests"].items()
                },
            }
            for token, name in tokens.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


@cache
def mutants():
    """Give the stored mutants: where, old and new text."""
    return tomllib.loads((DATA / "mutants.toml").read_text(encoding="utf-8"))


def source(name):
    """Give the source of the module in the world *name*."""
    if name in REWRITES:
        return (DATA / "rewrites" / f"{name}.py").read_text(encoding="utf-8")
    text = HANDED_OUT.read_text(encoding="utf-8")
    if name in (CODE, CLOCK):
        return text
    change = mutants()[name]
    assert text.count(change["old"]) == 1, f"The mutant {name} does not fit."
    return text.replace(change["old"], change["new"])


def disguised(text):
    """Give *text* with assignments of no consequence: no two worlds or runs look alike."""
    chance = random.SystemRandom()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            for _ in range(chance.randint(1, 4)):
                name, value = f"_{secrets.token_hex(4)}", chance.randrange(10**6)
                [idle] = ast.parse(f"{name} = {value}").body
                node.body.insert(chance.randrange(len(node.body)), idle)
    return ast.unparse(ast.fix_missing_locations(tree))


@cache
def differing(name):
    """Tell for each sample, in order and not, whether the mutant *name* answers unlike the code."""
    samples = {}
    exec(SAMPLES, samples)  # noqa: S102 - our own text, and our own code below
    modules = []
    for world in (CODE, name):
        modules.append({"__name__": "builtins"})  # dataclasses look their module up
        exec(compile(source(world), world, "exec"), modules[-1])  # noqa: S102
    return [
        [answers(modules[0], *case) != answers(modules[1], *case) for case in samples["cases"](of)]
        for of in (samples["IN_ORDER"], samples["OTHERS"])
    ]


def answers(module, windows, moment, margin):
    """Give what a crossing answers in one case, in plain values."""
    mine = [module["Window"](window.opens, window.closes) for window in windows]
    found = module["next_window"](mine, moment) if windows else None
    cut = module["shorten"](mine, margin)
    naive = refuses(module, mine, moment.replace(tzinfo=None))
    left = module["minutes_left"](mine, moment) if windows else None
    return str(found), str(cut), naive, left


def refuses(module, windows, moment):
    """Whether a moment without a zone is refused as the contract says."""
    try:
        module["next_window"](windows, moment)
    except ValueError:
        return True
    except TypeError:
        return False
    return None


def shown(name):
    """Show a mutant: its number, the function, and how the changed place reads now."""
    change = mutants()[name]
    return f"{name} ({change['where']}: {' '.join(change['new'].split())})"


def listed(bad):
    """List tests with what they did, a few of them."""
    shown = [f"{name} ({how})" for name, how in sorted(bad.items())][:5]
    more = len(bad) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
