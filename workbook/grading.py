"""Grade one submission in this process: the judge's side, which imports nothing of the learner."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from workbook import plugin
from workbook.course import ROOT, Exercise
from workbook.process import Process, in_subprocess
from workbook.verdict import Verdict

# What pytest need not load or do for a check: a fifth of its time.
QUIET = (
    "cacheprovider", "debugging", "doctest", "faulthandler", "junitxml", "legacypath", "logging",
    "pastebin", "setuponly", "setupplan", "stepwise", "subtests", "terminal", "threadexception",
    "unittest", "unraisableexception", "warnings",
)  # fmt: skip


def grade(
    exercises: Sequence[Exercise],
    source: plugin.Source,
    process: Process = in_subprocess,
    plugins: Sequence[object] = (),
) -> list[Verdict]:
    """Judge the submission that *source* gives of each exercise; one verdict each, in order."""
    judge = plugin.Judge(list(exercises), source, process)
    for each in exercises:
        judge.intake(each)  # also of a grader that cannot be collected
    if not exercises:
        return []
    graders = [str(each.grader) for each in exercises]
    above = os.path.commonpath([each.grader.parent for each in exercises])  # not to be listed
    options = [word for name in QUIET for word in ("-p", f"no:{name}")]
    with pytest.MonkeyPatch.context() as environment:
        # Whoever runs this may have options and plugins of their own for pytest: not for us.
        for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
            environment.delenv(name, raising=False)
        pytest.main(
            [*options, "--disable-plugin-autoload", "-c", os.devnull, "--rootdir", str(ROOT),
             "--confcutdir", above, "--noconftest", "--import-mode=importlib",
             "--continue-on-collection-errors", *graders],
            plugins=[judge, *plugins],
        )  # fmt: skip
    judge.settle()
    return [judge.verdicts[each] for each in exercises]


def from_folder(folder: Path) -> plugin.Source:
    """Give the source that takes submissions out of a learner's *folder*."""
    return plugin.given(folder)
