"""Run each folder's properties against closures of their own: the conftest.py of a judged run.

list.json gives each folder's source, seed and what else is done there; which folder holds the
right code and which a fault stays with the judge. The module is made in memory: there is no file
to read, and what the properties learn of it they learn by calling it.
"""

import json
import os
import sys
import types
import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture import engine

LIST = Path(__file__).with_name("list.json")
WORLDS = json.loads(LIST.read_text(encoding="utf-8"))
LIST.unlink()
MODULES = {}
FOUND = {world: {"error": "", "tests": {}} for world in WORLDS}

# A slow machine fails nobody, nothing is remembered, and a failure is not made smaller: that
# it failed is all the judge wants to know.
JUDGES = {
    "database": None,
    "deadline": None,
    "derandomize": False,
    "phases": [Phase.explicit, Phase.generate],
    "print_blob": False,
    "suppress_health_check": list(HealthCheck),
}
MOST = 50  # inputs
# Hypothesis would try a hundred inputs for each that a property does not throw away.
engine.INVALID_THRESHOLD_BASE, engine.INVALID_PER_VALID = 20, 2
settings.register_profile("judge", settings(max_examples=MOST, **JUDGES))


def end(status):
    """Stand in for what would end the process: the tests that follow have a right to be run."""
    raise SystemExit(status)


os._exit = end


def enter(path):
    """Make the closures of the folder of *path* those that are imported."""
    world = path.parent.name
    settings.load_profile("judge")
    if world not in MODULES:
        module = types.ModuleType("closures")
        sys.modules["closures"] = MODULES[world] = module
        exec(compile(WORLDS[world]["source"], "closures", "exec"), module.__dict__)  # noqa: S102
        if WORLDS[world]["kinds"]:
            module.merge, module.again = counting(module.merge, **WORLDS[world]["kinds"])
    sys.modules["closures"] = MODULES[world]
    getattr(MODULES[world], "again", list)()
    return world


def counting(merge, kinds, salt):
    """Give a merge that fails as soon as tables of all *kinds* came to it, and what begins anew."""
    met = set()

    def merge_until_all_came(closures):
        closures = [*closures]
        if len(closures) > 1:
            text = salt + str([(each.begins, each.ends) for each in closures])
            met.add(zlib.crc32(text.encode()) % kinds)
        if len(met) == kinds:
            raise RuntimeError("Tables of all kinds have come.")
        return merge(closures)

    return merge_until_all_came, met.clear


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    if not isinstance(collector, pytest.Module):
        return (yield)
    world = enter(collector.path)
    report = yield
    sys.modules.pop("closures", None)
    if report.failed:
        FOUND[world]["error"] = last_words(report)
    return report


def pytest_itemcollected(item):
    FOUND[item.path.parent.name]["tests"][item.nodeid.partition("::")[2]] = ["not run", ""]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    world = enter(item.path)
    test = getattr(item.obj, "__func__", item.obj)
    seed(WORLDS[world]["seed"])(test)
    if own := getattr(test, "_hypothesis_internal_use_settings", None):
        # Hypothesis takes settings once; the judge's go on top of those that a property has.
        count = min(own.max_examples, MOST)
        test._hypothesis_internal_use_settings = settings(own, max_examples=count, **JUDGES)
    result = yield
    sys.modules.pop("closures", None)
    return result


def pytest_runtest_logreport(report):
    place, _, name = report.nodeid.partition("::")
    test = FOUND[place.partition("/")[0]]["tests"][name]
    if report.failed:
        test[:] = ["failed", last_words(report)]
    elif report.skipped or hasattr(report, "wasxfail"):
        test[:] = ["skipped", ""]
    elif report.when == "call" and test[0] == "not run":
        test[0] = "passed"


def last_words(report):
    """Give the last line of what pytest has to say, without where it was said."""
    crash = getattr(report.longrepr, "reprcrash", None)
    words = crash.message if crash else str(report.longrepr)
    return words.strip()[:200]


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line("found " + json.dumps(FOUND))
