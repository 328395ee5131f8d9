"""Grade *Library or application*: both are installed, by everybody who wrote a letter.

One run installs it all, each into a folder of its own: uv asks the interpreter only once then.
"""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from workbook import wheels

pytestmark = pytest.mark.needs("uv")

DATA = Path(__file__).with_name("library_or_application")
LIBRARY, APPLICATION = "library/pyproject.toml", "application/pyproject.toml"
LOCK = "application/requirements.txt"
PROJECTS = (("tidetable", "1.0", LIBRARY), ("signboard", "4.2", APPLICATION))
UV = ("--quiet", "--no-config", "--offline", "--no-index", "--no-build")  # nothing is built
# Who installs what, from which index: of Monday or of Friday.
WAYS = {
    "harbour": ("monday", "tidetable", "sextant>=2.4"),
    "ferry": ("monday", "tidetable", "parchment>=1.6.1"),
    "quay": ("monday", "tidetable", "lunation==1.4", "parchment==1.4", "sextant==2.2"),
    # The oldest of what the library names itself, which is added: the resolver is asked for it.
    "oldest": ("monday", "tidetable", "--resolution", "lowest-direct"),
    "newest": ("friday", "tidetable"),
    "library": ("monday", "tidetable"),
    "application": ("monday", "signboard"),
    "sign": ("monday", "-r", LOCK),
    "later_sign": ("friday", "-r", LOCK),
    "both": ("monday", "signboard", "-r", LOCK),
}

# Asks both modules as they are handed out, among what was installed; says what was missing.
ASK = """
import sys

def high_water():
    import tidetable
    return tidetable.high_water("level: 5\\nday: 15")

def sign():
    import signboard
    return signboard.show("day: 15\\nsign: closed until nine")

def told(folder, ask):
    before = set(sys.modules)
    sys.path.insert(0, folder)
    try:
        return ask()
    except (AttributeError, ImportError, TypeError) as error:
        return type(error).__name__
    finally:
        sys.path.remove(folder)
        for name in set(sys.modules) - before:
            del sys.modules[name]
"""
TELL = """{"oldest": told("oldest", high_water), "newest": told("newest", high_water),
           "application": told("application", sign), "later_sign": told("later_sign", sign)}"""
SAYS = "CLOSED UNTIL NINE"


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which releases of sextant have what the library calls? Which of them does it allow?",
    "Version specifiers: https://packaging.python.org/en/latest/specifications/version-specifiers/",
)
def test_harbour_installs_it_beside_its_own(submission, advise):
    """Who needs sextant 2.4 can have the library beside it."""
    found = installed(submission, "harbour")

    advise(not found, "Who else has a say in which sextant is installed, and what if they differ?")
    assert found, "sextant 2.4 and the library cannot be installed together."


@pytest.mark.points(2)
@pytest.mark.hint("What was known against the releases that the library forbids, and by whom?")
def test_ferry_gets_the_repaired_release(submission, advise):
    """Who must have parchment 1.6.1, which is repaired, can have the library beside it."""
    found = installed(submission, "ferry")

    advise(not found, "Which bound kept the repair out, and what was it to protect from?")
    assert found, "parchment 1.6.1 and the library cannot be installed together."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What is the oldest release of each on which the library works? Install it, and see.",
    "uv pip install --resolution lowest-direct: https://docs.astral.sh/uv/concepts/resolution/",
)
def test_oldest_releases_allowed_work(submission, advise):
    """On the oldest releases that it allows, the library works; the old quay's are among them."""
    beside = installed(submission, "quay")
    advise(not beside, "The library was never tried on less. Is that a reason to forbid it?")
    assert beside, "The library refuses lunation 1.4, parchment 1.4 and sextant 2.2."
    found, works = installed(submission, "oldest"), said(submission, "oldest")

    fails = works != 5.8
    advise(fails, "Nobody told the resolver what is too old. What may it take then?")
    assert not fails, f"With {listed(found)}: high water gave {works!r}, expected 5.8."


@pytest.mark.points(1)
@pytest.mark.hint("Which release is known not to work, and who keeps a user from it?")
def test_newest_releases_allowed_work(submission, advise):
    """On the newest releases that it allows, on Friday, the library works."""
    found, works = installed(submission, "newest"), said(submission, "newest")
    assert found, "The library cannot be installed."

    fails = works != 5.8
    advise(fails, "Which of these releases no longer has what the library calls?")
    assert not fails, f"With {listed(found)}: high water gave {works!r}, expected 5.8."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Who needs pytest to read a tide table?",
    "Dependency groups: https://packaging.python.org/en/latest/specifications/dependency-groups/",
)
def test_tools_are_for_developers(submission, advise):
    """Who uses either project gets no pytest; who develops it still does."""
    users = {
        "the library": installed(submission, "library"),
        "the application": installed(submission, "application"),
        "a sign": installed(submission, "sign"),
    }
    served = [who for who, found in users.items() if "pytest" in found]
    advise(served, "Everything that is installed can break, or be attacked. Who runs tests there?")
    assert not served, f"pytest is installed with {' and '.join(served)}."
    lost = [name for name in (LIBRARY, APPLICATION) if "pytest" not in developers(submission, name)]

    advise(lost, "Where does the next developer learn that there are tests, and what runs them?")
    assert not lost, f"No group and no extra brings pytest in {' and '.join(lost)}."


@pytest.mark.points(3)
@pytest.mark.hint(
    "Which of the packages on a sign did you name? Which release did somebody else choose?",
    "Locking: https://docs.astral.sh/uv/pip/compile/",
)
def test_both_signs_get_the_same(submission, advise):
    """A sign that is set up on Friday gets what the one of Monday got, and says the same."""
    monday = installed(submission, "sign")
    assert monday, f"{LOCK} cannot be installed."
    friday = installed(submission, "later_sign")
    moved = [f"{name} {monday[name]}" for name in monday if friday.get(name) != monday[name]]
    named = {
        canonicalize_name(each) for each in re.findall(r"^[\w.-]+", submission.read(LOCK), re.M)
    }

    unnamed = [each for each in moved if each.split()[0] not in named]
    advise(unnamed, "Who asked for that package, if not you, and who chose its release?")
    advise(moved, "What decided which release this sign got?")
    assert not moved, f"On Friday it is no longer {', '.join(moved)}."
    says = said(submission, "later_sign")
    advise(says != SAYS, "What does the application import? Is all of it there?")
    assert says == SAYS, f"The sign says {says!r}, expected {SAYS!r}."


@pytest.mark.points(1)
@pytest.mark.hint("Where is the advisory's release chosen: in a range, or in a lock?")
def test_signs_have_the_repaired_release(submission, advise):
    """On the signs runs parchment 1.6.1 or a later one."""
    found = installed(submission, "sign").get("parchment")

    advise(found, "The range allows the repaired release. Which one does a sign get?")
    assert found, f"{LOCK} installs no parchment."
    assert found == "1.6.1", f"{LOCK} installs parchment {found}, expected 1.6.1."


@pytest.mark.points(2)
@pytest.mark.hint("Change a bound in pyproject.toml. Which command brings it into the other file?")
def test_lock_answers_what_the_application_asks(submission, advise):
    """The application asks for what it imports, and the lock is an answer to just that."""
    alone = installed(submission, "application")
    assert alone, f"What {APPLICATION} asks for cannot be installed."
    says = said(submission, "application")
    advise(says != SAYS, "What does signboard.py import, and which file says so?")
    assert says == SAYS, f"The sign says {says!r}, expected {SAYS!r}."
    locked, both = installed(submission, "sign"), installed(submission, "both")

    advise(not both, "Two files, two answers: which of them was written from the other?")
    assert both, f"{LOCK} does not hold what {APPLICATION} asks for."
    more = sorted(set(both) - set(locked) - {"signboard"})
    advise(more, "The application asks for more than a sign gets. When would that be noticed?")
    assert not more, f"{LOCK} lacks {', '.join(more)}."
    stale = sorted(set(locked) - set(alone))
    advise(stale, "Who asks for that package? Who will update it?")
    assert not stale, f"Nothing asks for {', '.join(stale)}, which {LOCK} installs."


LAST = []  # the last submission's files, and what came of them: all checks ask about one run


def installed(submission, way):
    """Give name and release of what one of the ways installed, or nothing."""
    return outcome(submission)[0][way]


def said(submission, way):
    """Give what a module said among what one of the ways installed."""
    return outcome(submission)[1][way]


def outcome(submission):
    """Give what each way installed, and what the modules said among it."""
    needs = {name: requires(submission, place) for name, _, place in PROJECTS}
    given = {name: submission.read(name) for name in submission.files}
    if given not in [each for each, _ in LAST]:
        found = install(submission, needs)
        LAST[:] = [(given, (found, submission.evaluate(TELL, setup=ASK)))]
    return LAST[0][1]


def install(submission, needs):
    """Install it all, each way into its folder; give name and release, or nothing, for each."""
    lay_index(submission, needs)
    lines = [
        shlex.join(["uv", "pip", "install", *UV, "--find-links", day, "--target", way, *wanted,
                    *(needs["tidetable"] if way == "oldest" else ())]) + f" && echo {way}"
        for way, (day, *wanted) in WAYS.items()
    ]  # fmt: skip
    (submission.path / "installs.sh").write_text("\n".join(lines), encoding="utf-8")
    done = submission.run("sh", "installs.sh").stdout.split()
    found = {}
    for way in WAYS:
        folder = submission.path / way
        names = sorted(path.name.removesuffix(".dist-info") for path in folder.glob("*.dist-info"))
        found[way] = dict(name.split("-", 1) for name in names) if way in done else {}
        if way in done:
            # A sign has the application's code in a folder, and only what it needs from the lock.
            (folder / "signboard.py").write_bytes((DATA / "signboard.py").read_bytes())
    return found


def lay_index(submission, needs):
    """Make the indexes of both days, with the two projects among them as they ask for things."""
    table, later = (
        tomllib.loads((DATA / name).read_text(encoding="utf-8"))
        for name in ("index.toml", "friday.toml")
    )
    for name, release, _ in PROJECTS:
        module = (DATA / f"{name}.py").read_text(encoding="utf-8")
        table[name] = {release: {"requires": needs[name], "module": module}}
    wheels.build_all(table, submission.path / "monday")
    wheels.build_all({name: table[name] | later.get(name, {}) for name in table},
                     submission.path / "friday")  # fmt: skip


def requires(submission, name):
    """Give what the pyproject *name* requires, each a requirement by name and version alone."""
    project = submission.toml(name).get("project")
    found = project.get("dependencies") if isinstance(project, dict) else None
    return requirements(found or [], name)


def requirements(found, name):
    """Read a list of requirements; refuse what is none, or names a place to take it from."""
    try:
        parsed = [Requirement(each) for each in found]
    except (InvalidRequirement, TypeError):
        pytest.fail(f"{name} lists something that is no requirement.")
    places = [each.name for each in parsed if each.url]
    if places:
        pytest.fail(f"{name} takes {', '.join(places)} from an address.")
    return [str(each) for each in parsed]


def developers(submission, name):
    """Name what is installed with every group and every extra of the pyproject *name*."""
    content = submission.toml(name)
    project = content.get("project") if isinstance(content.get("project"), dict) else {}
    tables = [content.get("dependency-groups"), project.get("optional-dependencies")]
    lists = [each for table in tables if isinstance(table, dict) for each in table.values()]
    plain = [one for each in lists if isinstance(each, list) for one in each if type(one) is str]
    return {canonicalize_name(Requirement(each).name) for each in requirements(plain, name)}


def listed(found):
    """Name releases in one line."""
    return ", ".join(f"{name} {version}" for name, version in found.items() if name != "tidetable")
