"""Grade one submission in this process: the judge's side, which imports nothing of the learner."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from workbook import plugin
from workbook.course import ROOT, Exercise
from workbook.verdict import Verdict

QUIET = ("no:terminal", "no:cacheprovider", "no:unraisableexception", "no:threadexception",
         "no:faulthandler", "no:logging", "no:doctest", "no:junitxml", "no:pastebin")  # fmt: skip


def grade(exercises: Sequence[Exercise], source: plugin.Source) -> list[Verdict]:
    """Judge the submission that *source* gives of each exercise; one verdict each, in order."""
    judge = plugin.Judge(list(exercises), source)
    graders = [str(each.grader) for each in exercises]
    options = [word for name in QUIET for word in ("-p", name)]
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    pytest.main(
        [*options, "-c", os.devnull, "--rootdir", str(ROOT), "--noconftest",
         "--import-mode=importlib", *graders],
        plugins=[judge],
    )  # fmt: skip
    for each in exercises:
        judge.intake(each)  # also when its grader could not even be collected
    return [judge.verdicts[each] for each in exercises]


def from_folder(folder: Path) -> plugin.Source:
    """Give the source that takes submissions out of a learner's *folder*."""
    return plugin.given(folder)
