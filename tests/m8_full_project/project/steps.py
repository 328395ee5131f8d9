"""The seven earlier steps: their checks, asked again of the whole tree."""

import importlib
import inspect
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[2]
MODULES = ("m1_static_analysis", "m2_testing", "m3_dependencies", "m4_ci_cd", "m5_kubernetes",
           "m6_documentation", "m7_security")  # fmt: skip
# By the file's path below tests/, so that pytest rewrites the assertions as it does elsewhere.
sys.path.insert(0, str(TESTS))
STEPS = [importlib.import_module(f"{module}.test_project") for module in MODULES]
sys.path.remove(str(TESTS))

ASKED = set()  # the checks that were taken over


def asks(*checks):
    """Make a check of *checks* of earlier steps: it passes if they all do.

    Each gets a fresh copy, as it does in its own step. The first that fails ends it, with its own
    words and its own questions.
    """
    ASKED.update(checks)

    def made(outline):
        def check(submission, advise, alive):
            for earlier in checks:
                ask(earlier, submission, advise)

        check.__name__, check.__doc__ = outline.__name__, outline.__doc__
        return check

    return made


def ask(check, submission, advise):
    """Ask one check of an earlier step."""
    questions = []
    later = ("history.diff",)  # no step knew it

    def keep(condition, question):
        if condition:
            questions.append(question)

    try:
        with submission.apart() as box:
            for name in later:
                (box.path / name).unlink(missing_ok=True)
            box.files = tuple(name for name in box.files if name not in later)
            given = {"submission": box, "advise": keep}
            check(**{name: given[name] for name in inspect.signature(check).parameters})
    except (AssertionError, pytest.fail.Exception):
        hints = [hint for mark in check.pytestmark if mark.name == "hint" for hint in mark.args]
        for question in [*questions, *hints]:
            advise(True, question)
        raise


def all_of_them():
    """Give every check of the earlier steps."""
    return {
        found
        for step in STEPS
        for name, found in vars(step).items()
        if name.startswith("test_") and inspect.isfunction(found)
    }


def told_apart(checks):
    """Add the points of *checks* up by the heading, which is how their titles begin."""
    found = {}
    for name, check in checks.items():
        if name.startswith("test_"):
            heading = check.__doc__.partition(":")[0]
            [points] = [mark.args[0] for mark in check.pytestmark if mark.name == "points"]
            found[heading] = found.get(heading, 0) + points
    return found
