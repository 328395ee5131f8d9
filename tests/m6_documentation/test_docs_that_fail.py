"""Grade *Documentation that can fail*: the build is run on one sound tree, and on six with a fault.

conf.py is a program of a stranger: nothing that it says of itself is believed but how the build
ends, and that only by comparison. The trees are new in each run, come one after the other in an
order that nobody can know, and the next comes only when the last one's end is told. A build that
ends with 0 on the sound one and with something else on the others has told them apart, whatever it
did inside.
"""

import json
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest

from workbook.standin import Answers, serving

pytestmark = pytest.mark.needs("sphinx", "sh")

DATA = Path(__file__).with_name("docs_that_fail")
HANDED_OUT = Path(__file__).parents[2] / "exercises/m6_documentation/docs_that_fail"
CONF, BUILD = "docs/conf.py", "build.sh"
GUIDE, TIDES, WINDOWS = "docs/guide.rst", "causeway/tides.py", "causeway/windows.py"
SHOWN = 1500  # characters of what a build said
SOUND = ""
HARBOUR = "{harbour}"  # where the links lead: filled in where the server is


@pytest.mark.points(2)
@pytest.mark.hint(
    "Run sh build.sh in what was handed out, without a fault. What does it say at last?",
    "How Sphinx is configured: https://www.sphinx-doc.org/en/master/usage/configuration.html",
)
def test_sound_tree_builds(submission, advise):
    """A tree without a fault is built: it ends with 0, and its pages are in public/."""
    run = trees(submission)[SOUND]

    advise("reference target not found" in run.said, "Which of the names that it does not find "
           "are yours to document?")  # fmt: skip
    advise(not run.code and run.missing, "It says that all is well. What will a reader find in "
           "public/?")  # fmt: skip
    advise(run.code, "A build that is always red says as little as one that is always green. What "
           "is it alarmed by?")  # fmt: skip
    said = run.said[-SHOWN:]
    assert run.code == 0, f"On a tree without a fault it ended with {run.code}.\n{said}"
    assert not run.missing, f"public/ does not tell of {run.missing}. Expected it to.\n{said}"


@pytest.mark.points(2)
@pytest.mark.hint(
    "Write import tidetables into windows.py. What does Sphinx call that, and how does it end?",
    "What -W does: https://www.sphinx-doc.org/en/master/man/sphinx-build.html",
)
def test_broken_import_is_red(submission, advise):
    """A module that cannot be imported breaks the build."""
    run = assert_told_apart(submission, "import")

    advise("ailed to import" in run.said, "Sphinx said so. What did it end with, and who "
           "reads what it says?")  # fmt: skip
    advise(run.code == 0, "The module is gone, and nobody misses it. Who keeps Sphinx from seeing "
           "that?")  # fmt: skip
    assert run.code, "With a module that cannot be imported it ends with 0."


@pytest.mark.points(2)
@pytest.mark.hint(
    "What does Sphinx do with a reference whose target it does not find, if nobody asks?",
    "Nitpicky: https://www.sphinx-doc.org/en/master/usage/configuration.html#confval-nitpicky",
)
def test_lost_reference_is_red(submission, advise):
    """A reference to a name that is not there breaks the build."""
    run = assert_told_apart(submission, "reference")

    advise("target not found" in run.said, "It found that the target is not there. What became of "
           "that?")  # fmt: skip
    advise(run.code == 0, "Which names is Sphinx to look for, and how many are excused by your "
           "configuration?")  # fmt: skip
    assert run.code, "With a reference to a class that is not there it ends with 0."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which builder counts what is documented, and when does it end with something else than 0?",
    "Coverage: https://www.sphinx-doc.org/en/master/usage/extensions/coverage.html",
)
def test_undocumented_function_is_red(submission, advise):
    """A public function without a docstring breaks the build."""
    run = assert_told_apart(submission, "undocumented")

    told = re.search(r"undocumented +py|\| +[1-9]\d* +\|", run.said)
    advise(run.code == 0 and told, "It was counted, and printed. Who compares the figure with what "
           "it should be?")  # fmt: skip
    advise(run.code == 0, "Who knows which functions there are, beside those that a page names?")
    assert run.code, "With a function that has no docstring it ends with 0."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which builder runs what stands behind >>>?",
    "Examples: https://www.sphinx-doc.org/en/master/usage/extensions/doctest.html",
)
def test_lying_example_is_red(submission, advise):
    """An example that gives something else than it says breaks the build."""
    run = assert_told_apart(submission, "example")

    ran = "Failed example" in run.said
    advise(run.code == 0 and ran, "The example failed, and was told. Whose end does build.sh end "
           "with?")  # fmt: skip
    advise(run.code == 0, "A page of code looks the same, right or wrong. Who runs it?")
    assert run.code, "With an example that lies it ends with 0."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Which builder follows the links, and which of them?",
    "Links: https://www.sphinx-doc.org/en/master/usage/builders/index.html"
    "#sphinx.builders.linkcheck.CheckExternalLinksBuilder",
)
def test_dead_link_is_red(submission, advise):
    """A link to a page that is gone breaks the build."""
    run = assert_told_apart(submission, "link")

    advise(run.code == 0 and "broken" in run.said, "The link was followed, and was broken. What "
           "happened to that?")  # fmt: skip
    advise(run.code == 0, "The harbour moved its notices. Who clicks on that link before a reader "
           "does?")  # fmt: skip
    assert run.code, "With a link to a page that is gone it ends with 0."


@pytest.mark.points(2)
@pytest.mark.hint(
    "Add a page, and name it nowhere. What does Sphinx say, and how would a reader get there?",
    "toctree: https://www.sphinx-doc.org/en/master/usage/restructuredtext/directives.html#directive-toctree",
)
def test_forgotten_page_is_red(submission, advise):
    """A page that stands in no table of contents breaks the build."""
    run = assert_told_apart(submission, "orphan")

    advise("included in any toctree" in run.said, "Sphinx noticed. What did it end with?")
    advise(run.code == 0, "Somebody wrote this page for readers. Which of them will find it, and "
           "who was told to look away?")  # fmt: skip
    assert run.code, "With a page that no table of contents holds it ends with 0."


def assert_told_apart(submission, fault):
    """Give the run with a *fault*; a build that fails without one notices nothing by failing."""
    found = trees(submission)
    assert not found[SOUND].code, "The sound tree does not build, so nothing is known of this one."
    return found[fault]


@dataclass(frozen=True)
class Run:
    """How the build of a tree ended, what it said, and what public/ lacked of its functions."""

    code: int
    said: str
    missing: str


def tree(fault):
    """Make a tree of which nobody knows the words: its files, and what is to be told of them."""
    word, page, note, gone = (
        f"{name}{secrets.token_hex(3)}" for name in ("is_", "at_", "no_", "x")
    )
    files = {
        path.relative_to(HANDED_OUT).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(HANDED_OUT.rglob("*"))
        if path.suffix in (".py", ".rst", ".txt")
    }
    low, high = secrets.randbelow(40) + 1, secrets.randbelow(40) + 60
    answer = low < 50 if fault != "example" else not low < 50
    files[TIDES] += (
        f"\n\ndef {word}(metres: float) -> bool:\n"
        f'    """Tell whether {low} metres are less, at {page}.\n\n'
        f"    >>> from causeway.tides import {word}\n    >>> {word}({low}), {word}({high})\n"
        f'    ({answer}, False)\n    """\n    return metres < 50\n'
    )
    files[GUIDE] = files[GUIDE].replace("notices.txt", f"{HARBOUR}/{note}")
    files[GUIDE] += f"\nSee :py:func:`causeway.tides.{word}`.\n"
    files[f"docs/{page}.rst"] = f"At the harbour {page}\n{'=' * 30}\n\nBoats, and :doc:`guide`.\n"
    if fault != "orphan":
        files["docs/index.rst"] += f"   {page}\n"
    if fault == "import":
        files[WINDOWS] = files[WINDOWS].replace("\n\n\n", f"\n\nimport {gone}\n\n\n", 1)
    if fault == "reference":
        files[GUIDE] += f"\nIt gives a :py:class:`causeway.windows.{gone.title()}`.\n"
    if fault == "undocumented":
        files[TIDES] += f"\n\ndef {gone}(metres: float) -> bool:\n    return metres > {low}\n"
    if fault == "link":
        files[GUIDE] += f"\nRead `the old ones <{HARBOUR}/{gone}>`_ too.\n"
    wanted = {f"causeway.tides.{word}": word, "causeway.windows.can_cross": "can_cross"}
    return {"files": files, "known": note, "wanted": wanted}


FAULTS = ("import", "reference", "undocumented", "example", "link", "orphan")
RUNS = {}  # the last two files only: the checks ask about the same runs


def trees(submission):
    """Build each tree once, and give how that ended."""
    given = {name: submission.read(name) for name in (BUILD, CONF)}
    key = tuple(given.values())
    if key not in RUNS:
        RUNS.clear()
        RUNS[key] = build(submission, given)
    return RUNS[key]


def build(submission, given):
    """Hand out one tree after the other to a process of the learner's that builds them."""
    order = secrets.SystemRandom().sample([SOUND, *FAULTS], 7)
    found, left = {}, list(order)

    def desk(asks):
        if "code" in asks.form and len(found) < len(order) - len(left):
            found[order[len(found)]] = told(asks.form)
        hopeless = SOUND in found and found[SOUND].code  # nothing can be learned from the others
        if hopeless or not left or len(found) < len(order) - len(left):
            return Answers("null")
        one = tree(left.pop(0))
        return Answers(json.dumps({**one, "files": one["files"] | given}))

    with submission.apart() as alone:
        (alone.path / "builder.py").write_text((DATA / "builder.py").read_text(encoding="utf-8"))
        with serving(desk, alone.path / "desk.sock"):
            alone.run("python", "builder.py")
    # What was not built to its end has not been told apart, on whichever side it is.
    return {fault: found.get(fault, Run(int(fault == SOUND), "", "")) for fault in order}


def told(form):
    """Read how a build ended; whatever else was sent counts as a failure."""
    code = form.get("code", "")
    code = int(code) if code.isdecimal() and len(code) < 4 else 1
    missing = "" if form.get("missing") == "0" else "the functions of both modules"
    return Run(code, form.get("said", ""), missing)
