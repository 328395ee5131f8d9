"""Run each folder's tests against a crossing of their own: the conftest.py of a judged run.

list.json gives the source of each folder's crossing, and whether its clock jumps; which of them
are right and which are mutants stays with the judge. The module is made in memory: there is no
file to read, and what the tests learn of it they learn by calling it.
"""

import datetime
import json
import os
import sys
import time
import types
from pathlib import Path

import pytest

LIST = Path(__file__).with_name("list.json")
WORLDS = json.loads(LIST.read_text(encoding="utf-8"))
LIST.unlink()
MODULES = {}
FOUND = {world: {"error": "", "tests": {}} for world in WORLDS}
CLOCK = {"datetime": datetime.datetime, "time": time.time}


class Jumping(datetime.datetime):
    """A clock of another year, on which seven hours pass between two looks."""

    looks = 0

    @classmethod
    def now(cls, tz=None):
        Jumping.looks += 1
        moment = cls(2031, 1, 17, 3, 33, 33, tzinfo=datetime.UTC)
        moment += datetime.timedelta(hours=7 * Jumping.looks)
        return moment.astimezone(tz) if tz else moment.replace(tzinfo=None)

    @classmethod
    def utcnow(cls):
        return cls.now()

    @classmethod
    def today(cls):
        return cls.now()


Jumping.__name__ = Jumping.__qualname__ = "datetime"


def end(status):
    """Stand in for what would end the process: the tests that follow have a right to be run."""
    raise SystemExit(status)


os._exit = end


def enter(path):
    """Make the crossing of the folder of *path* the one that is imported, and set its clock."""
    world = path.parent.name
    jumps = WORLDS[world]["jumps"]
    datetime.datetime = Jumping if jumps else CLOCK["datetime"]
    time.time = (lambda: Jumping.now(datetime.UTC).timestamp()) if jumps else CLOCK["time"]
    if world in MODULES:
        sys.modules["crossing"] = MODULES[world]
        return world
    module = types.ModuleType("crossing")
    sys.modules["crossing"] = MODULES[world] = module
    exec(compile(WORLDS[world].pop("source"), "crossing", "exec"), module.__dict__)  # noqa: S102
    return world


def leave():
    """Set the clock right, and forget the module."""
    datetime.datetime, time.time = CLOCK["datetime"], CLOCK["time"]
    sys.modules.pop("crossing", None)


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    if not isinstance(collector, pytest.Module):
        return (yield)
    world = enter(collector.path)
    try:
        report = yield
    finally:
        leave()
    if report.failed:
        FOUND[world]["error"] = last_words(report)
    return report


def pytest_itemcollected(item):
    FOUND[item.path.parent.name]["tests"][item.nodeid.partition("::")[2]] = ["not run", ""]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    enter(item.path)
    try:
        return (yield)
    finally:
        leave()


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
