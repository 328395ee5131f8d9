"""Grade *Say what always holds*: the properties run in worlds that differ in merge alone.

Folders of unpredictable names hold the learner's properties; each has closures of its own, right
or faulty, and nothing there tells which. The seeds are the judge's, so that the verdict is the
same each time and no property can be lucky.
"""

import ast
import hashlib
import json
import random
import re
import secrets
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("hypothesis")

DATA = Path(__file__).with_name("properties")
HANDED_OUT = Path(__file__).parents[2] / "exercises/m2_testing/properties/closures.py"
TESTS = "test_properties.py"
# Only the folders hold tests to run: the one beside them is what was handed in.
INI = """
[pytest]
addopts = --import-mode=importlib --tb=short -p no:unraisableexception
testpaths = w*
"""
ENDED = "The run ended before its end, expected a result for each property."
# Right code: as it is and rewritten twice, each under a seed of its own.
RIGHT = {"code_as_it_is": 1, "gates_that_open": 20, "one_after_the_other": 300}
KINDS = "kinds"  # the world that fails as soon as it has met enough different tables
ENOUGH = 8  # kinds of tables, told apart by a number that looks like chance
PROPERTIES = 3


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which input does hypothesis print, and is the code wrong about it, or the property?",
    "What makes valid inputs: https://hypothesis.readthedocs.io/en/latest/reference/strategies.html",
)
def test_they_hold(submission, advise):
    """Three properties hold of right code, under three seeds: as it is, and rewritten twice.

    A rewrite answers as the code does; it has other words for its errors and its values.
    """
    found = worlds(submission)
    error = next(filter(None, map(found.error, RIGHT)), "")
    broken = {world: bad for world in RIGHT if (bad := found.not_passed(world))}
    said = found.words(*broken)

    ended = error == ENDED or "SystemExit" in said
    advise(ended, "Which of your tests ended the run, and who learns of the others?")
    advise("Unsatis" in said, "How many of a hundred inputs does your assume let pass?")
    advise("ValueError" in said, "Which closures does your strategy make that no road can have?")
    advise("skipped" in str(broken), "Who will notice when what this test skips stops working?")
    assert error != ENDED, ENDED
    assert not error, f"{TESTS} cannot be collected.\n{error}"
    told = "; ".join(f"{world.replace('_', ' ')}: {listed(bad)}" for world, bad in broken.items())
    assert not broken, f"Of right code: {told}.\n{said}"
    count = len(found.tests("code_as_it_is"))
    assert count >= PROPERTIES, f"{TESTS} holds {count} properties, expected {PROPERTIES}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Print what your property hands to merge. How many of the tables are worth asking about?",
    "Filters: https://hypothesis.readthedocs.io/en/latest/reference/api.html#hypothesis.assume",
)
def test_each_tries_many_tables(submission, advise):
    """Each property asks merge about many different tables of more than one closure.

    What assume throws away was never asked about.
    """
    found = worlds(submission)
    few = [name for name in found.counting if found.holds(name, KINDS)]

    advise(few, "Fifty inputs may be made. For how many of them was merge called at all?")
    assert found.counting, "No property holds, so none has tried anything."
    assert not few, f"Too few different tables: {', '.join(few[:5])}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What would merge have to return for this property not to hold?",
    "Ways to find properties: https://fsharpforfunandprofit.com/posts/property-based-testing-2/",
)
def test_each_can_fail(submission, advise):
    """Each property is offended by some wrong merge: one that any answer satisfies is none.

    Seven wrong ones are tried, from a subtle one to one that always answers with nothing.
    """
    found = worlds(submission)
    idle = [
        name for name in found.counting if all(found.holds(name, world) for world in wrong_code())
    ]

    asks_itself = any(not found.holds(name, "dice") for name in idle)
    advise(asks_itself, "Whose answer is the right one here, when the same function gives both?")
    advise(idle, "A merge that always returns an empty list satisfies it. What does it promise?")
    assert found.counting, "No property holds, so none can be offended."
    assert not idle, f"Satisfied by every wrong merge: {', '.join(idle[:5])}."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which sentence of merge's docstring does the fault break? Which of your properties says it?",
    "Which numbers does your strategy make, and how often do two closures come close?",
)
def test_faults_are_refused(submission, advise):
    """At least four of five faults offend a property, within fifty inputs."""
    found = worlds(submission)
    faults = [world for world in wrong_code() if not world.startswith("gross")]
    missed = [world for world in faults if all(found.holds(name, world) for name in found.counting)]

    near = {"touching", "bridging"} <= set(missed) and "contained" not in missed
    advise(near, "Of all your tables, in how many do two closures touch, or miss by a minute?")
    told = "; ".join(f"a merge that {changes()[world]['says']}" for world in missed)
    assert len(missed) <= 1, f"Not refused: {told}."


@dataclass(frozen=True)
class Worlds:
    """What the properties did in each world, by the name that only the judge knows."""

    found: dict

    def error(self, world):
        """Give what kept the properties from being collected there, if anything did."""
        return self.found[world]["error"]

    def tests(self, world):
        """Give the outcome of each property there."""
        return {name: outcome for name, (outcome, _) in self.found[world]["tests"].items()}

    def not_passed(self, world):
        """Give the properties that did not hold there, with what they did instead."""
        return {name: how for name, how in self.tests(world).items() if how != "passed"}

    @property
    def counting(self):
        """The properties that hold wherever the code is right: no other can refuse a fault."""
        good = [self.tests(world) for world in RIGHT]
        return [name for name in good[0] if all(how.get(name) == "passed" for how in good)]

    def holds(self, name, world):
        """Whether the property *name* does not fail in *world*."""
        return self.tests(world).get(name, "failed") != "failed"

    def words(self, *places):
        """Give what was said of the failures in *places*, each once."""
        told = {
            f"{name}: {said}": None
            for world in places
            for name, (_, said) in self.found[world]["tests"].items()
            if said
        }
        return "\n".join(told)


RUNS = {}  # the last one only: four checks ask about the same properties


def worlds(submission):
    """Run the properties in all worlds at once."""
    text = submission.read(TESTS)
    if text not in RUNS:
        RUNS.clear()
        RUNS[text] = Worlds(run(submission.copy(), text))
    return RUNS[text]


def run(box, text):
    """Lay out the worlds in an order of chance, run pytest once, and give what it found in each."""
    names = [*RIGHT, KINDS, *changes()]
    random.SystemRandom().shuffle(names)
    tokens = {f"w{secrets.token_hex(8)}": name for name in names}
    for token in tokens:
        (box.path / token).mkdir()
        (box.path / token / TESTS).write_text(text, encoding="utf-8")
    # What is of which kind depends on the answer alone: the same verdict each time.
    salt = hashlib.sha256(text.encode()).hexdigest()
    listed = {
        token: {
            "source": disguised(source(name)),
            "seed": RIGHT.get(name, 1),
            "kinds": {"kinds": ENOUGH, "salt": salt} if name == KINDS else None,
        }
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
def changes():
    """Give the stored faults: old and new text, and what it says of itself."""
    return tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))


def wrong_code():
    """Name the worlds whose merge is wrong about what a caller may know."""
    return [name for name in changes() if name != "dice"]


def source(name):
    """Give the source of the module in the world *name*."""
    if (DATA / "rewrites" / f"{name}.py").exists():
        return (DATA / "rewrites" / f"{name}.py").read_text(encoding="utf-8")
    text = HANDED_OUT.read_text(encoding="utf-8")
    if name in RIGHT or name == KINDS:
        return text
    change = changes()[name]
    assert text.count(change["old"]) == 1, f"The fault {name} does not fit."
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


def listed(bad):
    """List properties with what they did, a few of them."""
    shown = [f"{name} ({how})" for name, how in sorted(bad.items())][:5]
    more = len(bad) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")
