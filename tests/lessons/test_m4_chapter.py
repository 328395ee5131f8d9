"""The chapter on pipelines: its files are what it says they are, and its runner tells no more."""

import shutil
from pathlib import Path

import pytest
import yaml

from solutions.m4_ci_cd.runner import Runner, events, read
from workbook.course import ROOT
from workbook.pipeline import EVENTS, plan, problems

REPAIRS = ROOT / "solutions" / "m4_ci_cd" / "repairs"
FILES = {path.name: path for path in sorted(REPAIRS.glob("*.yml"))}


def loaded(name):
    return yaml.safe_load(FILES[name].read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_only_the_circle_is_refused(name):
    """What the chapter shows is a pipeline that GitLab takes, but the one that it calls none."""
    refused = problems(loaded(name))

    assert bool(refused) == (name == "cycle.yml"), refused


def test_the_repaired_file_deploys_a_push_to_main_and_nothing_else():
    """From the third step on, and not before."""
    before = {event: "deploy" in names(loaded("1_image.yml"), event) for event in EVENTS}
    after = {event: "deploy" in names(loaded("6_reports.yml"), event) for event in EVENTS}

    assert [event for event in EVENTS if before[event]] == ["branch", "main", "tag", "schedule"]
    assert [event for event in EVENTS if after[event]] == ["main"]


def names(file, event):
    return [job["name"] for job in plan(file, event)]


def test_a_circle_is_told_and_never_run(tmp_path, monkeypatch):
    """gitlab-ci-local would spin over it for ever."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(FILES["cycle.yml"], ".gitlab-ci.yml")
    runner = Runner()

    with pytest.raises(ValueError, match="build needs test needs build"):
        runner.play()

    assert not Path(".gitlab-ci-local").exists()


def test_the_table_has_a_row_for_each_event(tmp_path, monkeypatch):
    """An event that creates nothing has its row too."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(FILES["3_events.yml"], ".gitlab-ci.yml")

    head, *rows = events().splitlines()

    assert head.split() == ["lint", "test", "deploy"]
    assert [row[:15].strip() for row in rows] == list(EVENTS)


def test_what_differs_from_desk_to_desk_is_left_out():
    """Times, the platform and the runner's own remarks are no part of a log."""
    said = [
        "parsing and downloads finished in 61 ms.",
        "test   starting shell (test)",
        "test   $ pytest --cov",
        "test   > still running...",
        "test   > _______ coverage: platform linux, python 3.11.7-final-0 _______",
        "test   > TOTAL   10   1   90%",
        "test   finished in 2.66 s",
        " PASS  test   90% coverage",
        " WARN  lint   pre_script",
    ]

    logs, ends = read(said, {"test": {}, "lint": {}})

    assert logs == {"test": ["test   $ pytest --cov", "test   > TOTAL   10   1   90%"], "lint": []}
    assert ends == {"test": "passed, 90% coverage", "lint": "failed, which is allowed"}
