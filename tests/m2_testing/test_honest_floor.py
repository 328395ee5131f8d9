"""Grade *An honest floor*: what a coverage configuration counts is tried on code that is known.

Only the configuration and the comments are the learner's: what runs is the code and the tests as
they were handed out, so that nothing in the learner's process can paint the figure.
"""

import ast
import json
import math
import re
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("coverage")

HANDED_OUT = Path(__file__).parents[2] / "exercises/m2_testing/honest_floor"
CONFIG = "pyproject.toml"
PACKAGE = "src/causeway_sign"
NOTHING = "coverage json gives no report."
PROBE, UNMET = "probe", "unmet"  # a module that a test meets, and one that nothing imports

# Two modules and a test that the judge adds: they are walked through one way, or not at all.
WALKED = '''"""Walked through one way."""

from dataclasses import dataclass
from functools import lru_cache


@dataclass
class Tide:
    """How high the water stands."""

    height: int = 0

    def __repr__(self):
        return f"Tide {self.height}"

    @property
    def is_low(self):
        return self.height < 2


@lru_cache
def table(day):
    if day < 1:
        raise ValueError("No such day.")
    found = []
    for hour in range(24):
        if hour % 12 == 0:
            found.append(hour)
    while not found:
        return None
    return found


def depth(tide, warn):
    water = tide.height
    if warn:
        water = water + 1
    assert water >= 0
    try:
        shown = str(water)
    except (TypeError, ValueError):
        shown = ""
    return shown


def never(told=False):
    if told:
        print("told")
        return True
    else:
        pass
    return False
'''
WALK = """
from causeway_sign.{probe} import Tide, depth

def test_probe():
    assert depth(Tide(1), True) == "2"
"""
# Nothing is left out under the judge's own configuration, not even what a comment names.
EVERYTHING = """
[run]
source = src
branch = {branch}
[report]
exclude_lines = {nothing}
partial_branches = {nothing}
partial_branches_always = {nothing}
"""


@pytest.mark.points(1)
@pytest.mark.hint("git diff: what else than configuration and comments did you change?")
def test_code_and_tests_are_as_before(submission):
    """Code and tests say what they said: only the configuration and comments have changed."""
    changed = [name for name in sources() if not is_unchanged(submission, name)]

    assert not changed, f"Changed: {', '.join(changed)}."


@pytest.mark.points(1)
@pytest.mark.hint("What does the last line of coverage report say, and what is its exit code?")
def test_report_passes(submission, advise):
    """The report passes today: `coverage run -m pytest` and `coverage report` exit with 0."""
    found = measured(submission)
    broken = found.today.ran.returncode == 2

    advise(broken, "Is the floor what is true today, or what you wish for?")
    assert found.ran.returncode == 0, f"coverage run -m pytest failed.\n{said(found.ran)}"
    assert not broken, "The report says: today's figure is below the floor."
    assert found.today.ran.returncode == 0, f"There is no report.\n{said(found.today.ran)}"


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which files does the report list? Which are there?",
    "What is measured: https://coverage.readthedocs.io/en/latest/source.html",
)
def test_unimported_modules_count(submission, advise):
    """Every module below src counts, those that nothing imports among them.

    One more is written there, for the check alone.
    """
    found = measured(submission)
    listed = {Path(name).stem for name in found.planted.files}
    own = {path.stem for path in (HANDED_OUT / PACKAGE).glob("[a-z]*.py")}
    missing = sorted(own - listed)

    ignored = UNMET not in listed
    advise(
        ignored and listed,
        "Nothing imports the new module, and nobody lists it. Who will write its tests?",
    )
    advise(missing, "Which setting leaves this module out, and who would notice a bug in it?")
    assert found.planted.files, NOTHING
    assert not ignored, "A module that nothing imports is not in the report, expected 0 % there."
    assert not missing, f"Not in the report: {', '.join(missing)}."
    tests = sorted(name for name in found.today.files if not name.startswith("src/"))
    advise(tests, "The tests ran, all of them. What does their own share add to your figure?")
    assert not tests, f"In the report, and not the package's: {', '.join(tests)[:200]}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which of the sign's decisions did the tests take one way only?",
    "Branches: https://coverage.readthedocs.io/en/latest/branch.html",
)
def test_both_ways_count(submission, advise):
    """Both ways out of a decision count: a test that takes one of them leaves one missing."""
    found = measured(submission)
    lines = not found.today.totals.get("num_branches")
    # Where whole lines are gone, so are ways between them: that is another check's business.
    hidden = {
        path: missed
        for path, (mine, theirs) in found.both_views().items()
        if path not in found.excluded() and (missed := lost(theirs, mine, "missing_branches"))
    }

    advise(lines, "A line was reached by way of True. Who asks about False?")
    advise(hidden, "Which comment or pattern says that one way out is enough?")
    assert found.planted.files, NOTHING
    assert not lines, "The report counts no branches."
    places = ", ".join(f"{path} line {min(first for first, _ in hidden[path])}" for path in hidden)
    assert not hidden, f"A way out of a decision is not counted: {places}."


@pytest.mark.points(3)
@pytest.mark.hint(
    "For each line that you exclude: could it be wrong?",
    "Excluding code: https://coverage.readthedocs.io/en/latest/excluding.html",
)
def test_no_logic_is_excluded(submission, advise):
    """No line that could be wrong is excluded, by comment or by pattern.

    What only a type checker reads and what has no body may stay out.
    """
    found = measured(submission)
    gone = found.excluded()

    planted = [path for path in gone if Path(path).stem == PROBE]
    advise(planted, "Your pattern was tried on a new module. How much more than you meant fits it?")
    advise(gone, "The radio is silent, and this line decides what happens then. Who tests it?")
    assert found.planted.files, NOTHING
    places = "; ".join(
        f"{path}: {'…' if path in planted else ', '.join(map(str, sorted(gone[path])))}"
        for path in sorted(gone)
    )
    assert not gone, f"Excluded, and could be wrong: {places}."


@pytest.mark.points(2)
@pytest.mark.hint(
    "By how much may the figure fall before anybody is told?",
    "fail_under: https://coverage.readthedocs.io/en/latest/config.html#report-fail-under",
)
def test_floor_is_todays_figure(submission, advise):
    """The floor is today's figure, whole percent: code without tests breaks it.

    One module of thirty lines without a test is written, and the report must fail.
    """
    found = measured(submission)
    floor = settings(submission, "report").get("fail_under", 0)
    today = found.today.totals.get("percent_covered")

    advise(not floor, "Nothing fails when the figure falls. Who will be the one to notice?")
    assert isinstance(floor, int | float), f"fail_under is {floor!a}, expected a number."
    assert isinstance(today, int | float), NOTHING
    low = floor < math.floor(today)
    advise(low and floor, f"Between {floor} and today's figure there is room. For whose code?")
    assert not low, f"The floor is {floor}, and today's figure {today:.2f}."
    assert found.planted.ran.returncode == 2, "The report passes with a module of no tests."


@dataclass(frozen=True)
class Report:
    """What `coverage json` says: its exit code, and the document that it prints."""

    ran: object
    document: dict

    @property
    def files(self):
        """The files that it counts, by path; a judge's module goes by its role."""
        return self.document.get("files", {})

    @property
    def totals(self):
        """The sums over all files."""
        return self.document.get("totals", {})


@dataclass(frozen=True)
class Measured:
    """One run of the tests, and what is said of it.

    *today* is said of the tree as it is, *planted* with the judge's modules in it, both under the
    learner's configuration; *everything* is said of the same under the judge's own.
    """

    ran: object
    today: Report
    planted: Report
    everything: Report
    texts: dict

    def both_views(self):
        """Pair what the learner's report and the whole one say of each file that both list."""
        mine, theirs = self.planted.files, self.everything.files
        return {path: (mine[path], theirs[path]) for path in sorted(mine) if path in theirs}

    def excluded(self):
        """Give the lines that the learner's report leaves out although they could be wrong."""
        return {
            path: lines
            for path, (mine, theirs) in self.both_views().items()
            if (lines := lost(theirs, mine, "executed_lines", "missing_lines")
                - idle_lines(self.texts.get(path, "")))
        }  # fmt: skip


MEASURED = {}  # the last one only: six checks ask about the same files


def measured(submission):
    """Run the tests and ask coverage, with and without the judge's modules."""
    files = tuple((name, submission.read(name)) for name in submission.files)
    if files not in MEASURED:
        MEASURED.clear()
        MEASURED[files] = measure(submission)
    return MEASURED[files]


def measure(submission):
    """Run the tests once, with modules of unpredictable names in the tree, and ask three times."""
    box = submission.copy()
    texts = {
        name: submission.read(name) if is_unchanged(submission, name) else original(name)
        for name in sources()
    }
    roles = {f"m{secrets.token_hex(6)}": role for role in (PROBE, UNMET)}
    planted = {f"{PACKAGE}/{name}.py": WALKED for name in roles}
    [probe, _] = roles
    planted[f"tests/test_{secrets.token_hex(6)}.py"] = WALK.format(probe=probe)
    for name, text in (texts | planted).items():
        (box.path / name).parent.mkdir(parents=True, exist_ok=True)
        (box.path / name).write_text(text, encoding="utf-8")
    ran = box.run("coverage", "run", *chosen(submission), "-m", "pytest")
    mine = asked(box.run("coverage", "json", "-q", "-o", "-"), roles)
    branches = bool(mine.document.get("meta", {}).get("branch_coverage"))
    own = EVERYTHING.format(nothing=secrets.token_hex(16), branch=branches)
    (box.path / "everything.cfg").write_text(own, encoding="utf-8")
    options = ["-q", "--rcfile=everything.cfg", "-o", "-"]
    everything = asked(box.run("coverage", "json", *options), roles)
    for name in planted:
        (box.path / name).unlink()
    # What is gone is in the data still: -i passes it over.
    today = asked(box.run("coverage", "json", "-q", "-i", "-o", "-"), {})
    seen = {f"{PACKAGE}/{role}.py": WALKED for role in roles.values()}
    return Measured(ran, today, mine, everything, texts | seen)


def chosen(submission):
    """Give what keeps a run without any choice of files to those of the project.

    That is what it measures in a terminal; in the page, where judge and answer share an
    interpreter, it would be the judge's files as well.
    """
    named = {"include", "source", "source_dirs", "source_pkgs"} & {*settings(submission, "run")}
    return [] if named else ["--include=src/*,tests/*"]


def settings(submission, part):
    """Give the table [tool.coverage.*part*] of the configuration; {} where there is none."""
    found = submission.toml(CONFIG)
    for name in ("tool", "coverage", part):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def asked(ran, roles):
    """Read a report in JSON, the judge's modules by their roles; {} where there is none."""
    text = ran.stdout
    for name, role in roles.items():
        text = text.replace(name, role)
    try:
        found, _ = json.JSONDecoder().raw_decode(text)  # a floor that broke is told behind it
    except ValueError:
        found = {}
    return Report(ran, found if isinstance(found, dict) else {})


def lost(theirs, mine, *keys):
    """Give what the whole view has under *keys* and the learner's has not."""
    whole, seen = (
        {
            tuple(each) if isinstance(each, list) else each
            for key in keys
            for each in of.get(key, [])
        }
        for of in (theirs, mine)
    )
    # A way to or from a line that may be excluded goes with the line.
    excluded = set(mine.get("excluded_lines", []))
    gone = whole - seen
    return {each for each in gone if not (isinstance(each, tuple) and excluded & {*each})}


def said(ran):
    """Give what a tool wrote."""
    return (ran.stdout + ran.stderr).strip()[-1500:]


@cache
def sources():
    """Name the files whose code is not the learner's."""
    found = [path.relative_to(HANDED_OUT).as_posix() for path in HANDED_OUT.rglob("*.py")]
    return tuple(sorted(found))


@cache
def original(name):
    """Give the text of a file as it was handed out."""
    return (HANDED_OUT / name).read_text(encoding="utf-8")


def is_unchanged(submission, name):
    """Whether *name* is there and says, its comments aside, what was handed out."""
    if name not in submission.files:
        return False
    try:
        return ast.dump(ast.parse(submission.read(name))) == ast.dump(ast.parse(original(name)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def idle_lines(text):
    """Give the lines in which nothing can be wrong: for a type checker alone, or without a body."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.If) and re.search(
            r"TYPE_CHECKING|__name__ == '__main__'", ast.unparse(node.test)
        ):
            found |= {*range(node.lineno, node.end_lineno + 1)}
        if isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node):
            found.add(node.lineno)
        if isinstance(node, ast.FunctionDef) and is_without_body(node):
            found |= {*range(node.lineno, node.end_lineno + 1)}
    return found


def is_without_body(node):
    """Whether a function does nothing but say that others do it."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return all(
        isinstance(each, ast.Pass)
        or (isinstance(each, ast.Expr) and isinstance(each.value, ast.Constant))
        or (isinstance(each, ast.Raise) and "NotImplementedError" in ast.unparse(each))
        for each in body
    )
