"""Grade *Library or application*: both are installed, by everybody who wrote a letter."""

import re
import shutil
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
UV = ("--no-config", "--offline", "--no-index", "--find-links", "index")

# Asks both modules as they are handed out, among what was installed; says what was missing.
ASK = """
import sys
sys.path.insert(0, "installed")

def told(ask):
    try:
        return ask()
    except (AttributeError, ImportError, TypeError) as error:
        return type(error).__name__

@told
def high_water():
    import tidetable
    return tidetable.high_water("level: 5\\nday: 15")

@told
def sign():
    import signboard
    return signboard.show("day: 15\\nsign: closed until nine")
"""
SAYS = "CLOSED UNTIL NINE"


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which releases of sextant have what the library calls? Which of them does it allow?",
    "Version specifiers: https://packaging.python.org/en/latest/specifications/version-specifiers/",
)
def test_harbour_installs_it_beside_its_own(submission, advise):
    """Who needs sextant 2.4 can have the library beside it."""
    found = install(submission, "tidetable", "sextant>=2.4")

    advise(not found, "Who else has a say in which sextant is installed, and what if they differ?")
    assert found, "sextant 2.4 and the library cannot be installed together."


@pytest.mark.points(2)
@pytest.mark.hint("What was known against the releases that the library forbids, and by whom?")
def test_ferry_gets_the_repaired_release(submission, advise):
    """Who must have parchment 1.6.1, which is repaired, can have the library beside it."""
    found = install(submission, "tidetable", "parchment>=1.6.1")

    advise(not found, "Which bound kept the repair out, and what was it to protect from?")
    assert found, "parchment 1.6.1 and the library cannot be installed together."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What is the oldest release of each on which the library works? Install it, and see.",
    "uv pip install --resolution lowest-direct: https://docs.astral.sh/uv/concepts/resolution/",
)
def test_oldest_releases_allowed_work(submission, advise):
    """On the oldest releases that it allows, the library works; the old quay's are among them."""
    quay = ("lunation==1.4", "parchment==1.4", "sextant==2.2")
    beside = install(submission, "tidetable", *quay)
    advise(not beside, "The library was never tried on less. Is that a reason to forbid it?")
    assert beside, "The library refuses lunation 1.4, parchment 1.4 and sextant 2.2."
    found = install(submission, "tidetable", oldest=True)
    works = submission.evaluate("high_water", setup=ASK)

    fails = works != 5.8
    advise(fails, "Nobody told the resolver what is too old. What may it take then?")
    assert not fails, f"With {listed(found)}: high water gave {works!r}, expected 5.8."


@pytest.mark.points(1)
@pytest.mark.hint("Which release is known not to work, and who keeps a user from it?")
def test_newest_releases_allowed_work(submission, advise):
    """On the newest releases that it allows, on Friday, the library works."""
    found = install(submission, "tidetable", friday=True)
    assert found, "The library cannot be installed."
    works = submission.evaluate("high_water", setup=ASK)

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
        "the library": install(submission, "tidetable"),
        "the application": install(submission, "signboard"),
        "a sign": install(submission, "-r", LOCK),
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
    monday = install(submission, "-r", LOCK)
    assert monday, f"{LOCK} cannot be installed."
    friday = install(submission, "-r", LOCK, friday=True)
    moved = [f"{name} {monday[name]}" for name in monday if friday.get(name) != monday[name]]
    named = {
        canonicalize_name(each) for each in re.findall(r"^[\w.-]+", submission.read(LOCK), re.M)
    }

    unnamed = [each for each in moved if each.split()[0] not in named]
    advise(unnamed, "Who asked for that package, if not you, and who chose its release?")
    advise(moved, "What decided which release this sign got?")
    assert not moved, f"On Friday it is no longer {', '.join(moved)}."
    says = submission.evaluate("sign", setup=ASK)
    advise(says != SAYS, "What does the application import? Is all of it there?")
    assert says == SAYS


@pytest.mark.points(1)
@pytest.mark.hint("Where is the advisory's release chosen: in a range, or in a lock?")
def test_signs_have_the_repaired_release(submission, advise):
    """On the signs runs parchment 1.6.1 or a later one."""
    found = install(submission, "-r", LOCK).get("parchment")

    advise(found, "The range allows the repaired release. Which one does a sign get?")
    assert found, f"{LOCK} installs no parchment."
    assert found == "1.6.1", f"{LOCK} installs parchment {found}, expected 1.6.1."


@pytest.mark.points(2)
@pytest.mark.hint("Change a bound in pyproject.toml. Which command brings it into the other file?")
def test_lock_answers_what_the_application_asks(submission, advise):
    """The application asks for what it imports, and the lock is an answer to just that."""
    alone = install(submission, "signboard")
    assert alone, f"What {APPLICATION} asks for cannot be installed."
    says = submission.evaluate("sign", setup=ASK)
    advise(says != SAYS, "What does signboard.py import, and which file says so?")
    assert says == SAYS
    locked = install(submission, "-r", LOCK)
    both = install(submission, "signboard", "-r", LOCK)

    advise(not both, "Two files, two answers: which of them was written from the other?")
    assert both, f"{LOCK} does not hold what {APPLICATION} asks for."
    more = sorted(set(both) - set(locked) - {"signboard"})
    advise(more, "The application asks for more than a sign gets. When would that be noticed?")
    assert not more, f"{LOCK} lacks {', '.join(more)}."
    stale = sorted(set(locked) - set(alone))
    advise(stale, "Who asks for that package? Who will update it?")
    assert not stale, f"Nothing asks for {', '.join(stale)}, which {LOCK} installs."


def install(submission, *wanted, friday=False, oldest=False):
    """Install *wanted* from the day's index into a folder; give name and release, or nothing."""
    table = tomllib.loads((DATA / "index.toml").read_text(encoding="utf-8"))
    later = tomllib.loads((DATA / "friday.toml").read_text(encoding="utf-8")) if friday else {}
    table = {name: table[name] | later.get(name, {}) for name in table}
    for name, release, place in PROJECTS:
        module = (DATA / f"{name}.py").read_text(encoding="utf-8")
        table[name] = {release: {"requires": requires(submission, place), "module": module}}
    index, target = submission.path / "index", submission.path / "installed"
    for folder in (index, target):
        shutil.rmtree(folder, ignore_errors=True)
    wheels.build_all(table, index)
    # The oldest of what the library names itself: the resolver is asked for just these.
    how = ["--resolution", "lowest-direct", *requires(submission, LIBRARY)] if oldest else []
    done = submission.run("uv", "pip", "install", *UV, "--target", "installed", *wanted, *how)
    if done.returncode:
        return {}
    # A sign has the application's code in a folder, and only what it needs from the lock.
    (target / "signboard.py").write_bytes((DATA / "signboard.py").read_bytes())
    found = sorted(path.name.removesuffix(".dist-info") for path in target.glob("*.dist-info"))
    return dict(name.split("-", 1) for name in found)


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
