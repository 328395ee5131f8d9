"""What no runner can show of the pipeline model: what it refuses, and that it bears any file.

tests/lessons/test_m4_pipelines.py compares what it plays with gitlab-ci-local.
"""

import ast
import json
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook import pipeline
from workbook.pipeline import EVENTS, holds, plan, play, problems, refusal

WORK = {"script": "make"}


@pytest.mark.parametrize("file", [None, 5, "x", [], {}, [WORK]], ids=repr)
def test_no_mapping_is_told(file):
    assert problems(file) == ["The file is no mapping of jobs."]


@pytest.mark.parametrize(
    ("job", "told"),
    [
        ({"stage": "test"}, "it has no script"),
        ({"script": []}, "script should be a command or a list of commands, and not empty"),
        ({"script": 5}, "script should be a command"),
        ({"scripts": "make"}, "GitLab knows no keyword scripts"),
        ({"script": "make", "need": ["x"]}, "GitLab knows no keyword need"),
        ({"script": "make", "stages": ["x"]}, "GitLab knows no keyword stages"),
        ({"script": "make", "stage": "ship"}, "its stage ship is not among the stages"),
        ({"script": "make", "needs": ["build"]}, "needs build, and there is no such job"),
        ({"script": "make", "needs": "build"}, "needs should be a list of jobs"),
        ({"script": "make", "needs": [{"pipeline": "x"}]}, "needs should be a list of jobs"),
        ({"script": "make", "dependencies": ["x"]}, "dependencies x, and there is no such job"),
        ({"script": "make", "when": "never"}, "when should be one of on_success"),
        ({"script": "make", "when": None}, "when should be one of on_success"),
        ({"script": "make", "allow_failure": "yes"}, "allow_failure should be true, false or"),
        ({"script": "make", "retry": 3}, "retry should be 0, 1 or 2"),
        ({"script": "make", "parallel": {"matrix": []}}, "parallel should be a number"),
        ({"script": "make", "coverage": "TOTAL"}, "coverage should be a regular expression"),
        ({"script": "make", "artifacts": ["x"]}, "artifacts should be a mapping"),
        ({"script": "make", "environment": {"url": "x"}}, "environment should be a name"),
        ({"script": "make", "variables": {"A": [1]}}, "variables should be a mapping"),
        ({"script": "make", "rules": []}, "rules should be a list of rules"),
        ({"script": "make", "rules": [{"iff": "$A"}]}, "a rule knows no iff"),
        ({"script": "make", "rules": [{"when": "nevr"}]}, "when in a rule should be one of"),
        ({"script": "make", "rules": [{"needs": ["x"]}]}, "rules:needs is beyond this model"),
        ({"script": "make", "rules": [{"if": True}]}, "if should be a text"),
        ({"script": "make", "rules": [{"if": "$A = 1"}]}, "cannot be read from '= 1' on"),
        ({"script": "make", "rules": [{"if": "${A}"}]}, "cannot be read from '${A}' on"),
        ({"script": "make", "rules": [{"if": "$A == main"}]}, "cannot be read from 'main' on"),
        ({"script": "make", "rules": [{"if": "$A =="}]}, "lacks a value"),
        ({"script": "make", "rules": [{"if": "($A"}]}, "does not close a parenthesis"),
        ({"script": "make", "rules": [{"if": "$A $B"}]}, "goes on where it should end"),
        ({"script": "make", "rules": [{"if": "$A =~ /(x/"}]}, "is no regular expression"),
        ({"script": "make", "rules": [{"if": "$A =~ /^(?!v)/"}]}, "which RE2 cannot"),
        ({"script": "make", "rules": [{"if": "$A"}], "only": ["main"]}, "only may not stand"),
        ({"script": "make", "only": {"variables": ["$A ="]}}, "cannot be read"),
        ({"script": "make", "extends": ".none"}, "extends .none, which is not there"),
        ({"trigger": "x"}, "trigger is beyond this model"),
        (5, "neither a keyword nor a job"),
    ],
    ids=str,
)  # fmt: skip
def test_job_that_gitlab_refuses_is_told(job, told):
    found = problems({"deploy": job, "other": WORK})

    assert found[0].startswith("deploy: ")
    assert told in found[0]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"include": "x.yml"}, "include is beyond this model"),
        ({"stages": "build"}, "stages should be a list"),
        ({"stages": []}, "stages should name a stage"),
        ({"default": []}, "default should be a mapping"),
        ({"default": {"script": "x"}}, "default knows no script"),
        ({"workflow": {"rule": []}}, "workflow should be a mapping of name, rules"),
        ({"workflow": {"rules": [{"when": "manual"}]}}, "when in a rule should be one of always"),
        ({"variables": ["A"]}, "variables should be a mapping"),
        ({True: WORK}, "True is no name"),
        ({None: WORK}, "None is no name"),
    ],
    ids=str,
)
def test_file_that_gitlab_refuses_is_told(more, told):
    [found] = problems({"test": WORK, **more})

    assert told in found


def test_hidden_jobs_alone_are_no_pipeline():
    assert problems({".x": WORK}) == ["The file has no job that is not hidden."]


def test_names_are_compared_with_what_they_mean():
    """A job may be called like a keyword of jobs; one called like a keyword of files is none."""
    assert problems({"tags": WORK, "retry": WORK, "pages": WORK}) == []
    assert problems({"image": WORK, "test": WORK}) == []  # that is an image, and no job
    assert [job["name"] for job in plan({"image": WORK, "test": WORK}, "main")] == ["test"]


def test_circle_of_needs_is_told_with_its_way():
    """The circle is named, and what only leads to it is not."""
    file = {"a": {**WORK, "needs": ["c"]}, "b": {**WORK, "needs": ["a"]},
            "c": {**WORK, "needs": ["b"]}, "d": {**WORK, "needs": ["c"]}}  # fmt: skip

    assert problems(file) == ["The needs go in a circle: a needs c needs b needs a."]
    assert problems({"a": {**WORK, "needs": ["a"]}}) == ["The needs go in a circle: a needs a."]


def test_needs_of_a_later_stage_are_told():
    file = {"a": {**WORK, "stage": "build", "needs": ["b"]}, "b": {**WORK, "stage": "deploy"}}

    assert problems(file) == ["a: needs b, which is of a later stage."]


def test_circle_of_extends_is_told():
    """So is one that is too deep; one that divides again and again is followed once."""
    deep = {f".{n}": {"extends": f".{n - 1}"} for n in range(1, 20)}
    wide = {f".{n}": {"extends": [f".{n - 1}"] * 9} for n in range(1, 10)}

    assert "a: extends a, in a circle or too deep." in problems({"a": {"extends": "a"}})
    assert "too deep" in problems({**deep, ".0": WORK, "a": {"extends": ".19"}})[0]
    assert problems({**wide, ".0": WORK, "a": {"extends": ".9"}}) == []


def test_file_that_gitlab_refuses_makes_no_pipeline():
    file = {"a": {**WORK, "needs": ["a"]}}

    assert plan(file, "main") == []
    assert play(file, "main")["created"] is False
    assert refusal(file, "main") == "The needs go in a circle: a needs a."


def test_need_that_an_event_lacks_is_told():
    rules = [{"if": "$CI_COMMIT_TAG"}]
    file = {"a": {**WORK, "rules": rules}, "b": {**WORK, "needs": ["a"]}}

    assert refusal(file, "main") == "b needs a, which this pipeline does not have."
    assert refusal(file, "tag") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('$A == "x" || $B && $C', True),
        ('($A == "x" || $B) && $C', False),
        ("$EMPTY", False),
        ("$NONE", False),
        ('$EMPTY == ""', True),
        ('$NONE == ""', False),
        ("$NONE == null", True),
        ("$A =~ /^X$/i", True),
        ("$A !~ /^X$/", True),
        ("$NONE =~ /./", False),
        ("$NONE !~ /./", True),
        ("$A =~ $PATTERN", True),
        ("$A =~ $A", False),  # no /pattern/: it matches nothing
        ("'x' == \"x\"", True),
    ],
)
def test_expression_holds_as_gitlab_evaluates_it(text, value):
    assert holds(text, {"A": "x", "EMPTY": "", "PATTERN": "/^x/"}) is value


def test_jobs_that_wait_for_a_click_hold_up_the_pipeline():
    """A manual job of a rule blocks what is after it; one of the job's own keyword does not."""
    deploy = {**WORK, "stage": "deploy"}
    gate = {"gate": {**WORK, "rules": [{"when": "manual"}]}, "deploy": deploy}
    offer = {"gate": {**WORK, "when": "manual"}, "deploy": deploy}

    blocked, passed = play(gate, "main"), play(offer, "main")
    assert blocked["status"] == "blocked"
    assert {name: job["status"] for name, job in blocked["jobs"].items()} == {
        "gate": "manual", "deploy": "skipped"}  # fmt: skip
    assert passed["status"] == "success"
    assert passed["jobs"]["deploy"]["status"] == "success"
    assert passed["jobs"]["deploy"]["after"] == []
    assert play(gate, "main", clicked=["gate"])["jobs"]["deploy"]["after"] == ["gate"]


def test_seconds_add_up_along_the_longest_chain():
    file = {
        "build": {**WORK, "stage": "build"},
        "lint": {**WORK, "needs": []},
        "test": WORK,
        "deploy": {**WORK, "stage": "deploy"},
        "docs": {**WORK, "stage": "deploy", "needs": ["lint"]},
    }

    run = play(file, "main", seconds={"build": 5, "lint": 2, "test": 3, "deploy": 1.5})
    assert {name: (job["start"], job["end"]) for name, job in run["jobs"].items()} == {
        "build": (0, 5), "lint": (0, 2), "test": (5, 8), "deploy": (8, 9.5), "docs": (2, 3),
    }  # fmt: skip
    assert run["seconds"] == 9.5


def test_defaults_are_inherited_as_far_as_a_job_says():
    file = {
        "default": {"before_script": ["ready"], "retry": 2},
        "variables": {"A": 1, "B": True},
        "all": WORK,
        "some": {**WORK, "inherit": {"default": ["retry"], "variables": ["A"]}},
        "none": {**WORK, "inherit": {"default": False, "variables": False}},
    }

    told = {job["name"]: job for job in plan(file, "main")}
    assert [told[name]["script"] for name in told] == [["ready", "make"], ["make"], ["make"]]
    assert [told[name]["retry"] for name in told] == [2, 2, 0]
    given = [{key: told[name]["variables"].get(key) for key in "AB"} for name in told]
    assert given == [{"A": "1", "B": "true"}, {"A": "1", "B": None}, {"A": None, "B": None}]


def test_what_a_project_sets_goes_before_what_the_file_says():
    file = {"variables": {"GO": "no"}, "a": {**WORK, "rules": [{"if": '$GO == "yes"'}]}}

    assert plan(file, "main") == []
    assert [job["name"] for job in plan(file, "main", {"GO": "yes"})] == ["a"]


def test_text_of_the_module_runs_by_itself():
    """It imports the standard library alone, and bears the odd values of YAML."""
    text = pipeline.setup(FILE={"a": {"script": "make", "timeout": float("inf")}})
    names = {alias.name.partition(".")[0] for node in ast.walk(ast.parse(text))
             if isinstance(node, ast.Import) for alias in node.names}  # fmt: skip
    names |= {(node.module or "").partition(".")[0] for node in ast.walk(ast.parse(text))
              if isinstance(node, ast.ImportFrom)}  # fmt: skip

    given = {"__name__": "setup"}
    exec(text, given)  # noqa: S102  # it is ours
    assert names <= sys.stdlib_module_names
    assert given["problems"](given["FILE"]) == ["a: timeout should be a text."]


# Any file: of the keywords with what belongs there and what does not.
WORDS = st.sampled_from(["a", "b", ".c", "build", "test", "deploy", "make", "main", "/^v/",
                         "always", "never", "$A", "$A == 'x'", "$A =~ /x", "("])  # fmt: skip
SCALARS = WORDS | st.none() | st.booleans() | st.integers(-2, 300) | st.floats()
KNOWN = {*pipeline.KEYS, *pipeline.GLOBAL, *pipeline.RULE, *pipeline.BEYOND}
NAMES = st.sampled_from([*sorted(KNOWN), "job", "optional", "paths", "reports", "dotenv", "refs"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | SCALARS, inner, max_size=4),
    max_leaves=8,
)
JOB = st.sampled_from(["a", "b", "test", "build"])
NEED = st.fixed_dictionaries(
    {"job": JOB}, optional={"optional": st.booleans(), "artifacts": st.booleans()}
)
IF = st.sampled_from(["$CI_COMMIT_BRANCH", '$CI_COMMIT_TAG =~ /^v/ || $A == "x"', "$A && ($B)"])
RULES = st.fixed_dictionaries(
    {},
    optional={
        "if": IF,
        "when": st.sampled_from([*pipeline.WHEN, "never"]),
        "allow_failure": st.booleans(),
    },
)
GOOD = {
    "stage": st.sampled_from(["build", "test", "deploy", ".pre", ".post"]),
    "needs": st.lists(JOB | NEED, max_size=2),
    "dependencies": st.lists(JOB, max_size=1),
    "rules": st.lists(RULES, min_size=1, max_size=3),
    "when": st.sampled_from(pipeline.WHEN),
    "extends": JOB,
    "parallel": st.integers(1, 3),
    "artifacts": st.just({"paths": ["x"]}) | st.just({"reports": {"dotenv": "x"}}),
    "allow_failure": st.booleans(),
    "variables": st.dictionaries(JOB, st.integers() | st.booleans(), max_size=2),
    "inherit": st.dictionaries(st.sampled_from(["default", "variables"]), st.booleans()),
}
JOBS = st.fixed_dictionaries({"script": st.just("make")}, optional=GOOD)
FILES = st.dictionaries(WORDS | NAMES, JOBS | VALUES, min_size=1, max_size=4)
often = settings(max_examples=200, deadline=None, derandomize=True, database=None,
                 suppress_health_check=list(HealthCheck))  # fmt: skip


@often
@given(FILES | VALUES)
def test_any_file_is_told_or_played(file):
    """No file makes the model fail; one without problems is played in every event."""
    told = problems(file)

    assert all(isinstance(each, str) and each.endswith(".") for each in told)
    for event in EVENTS:
        found = play(file, event, failing=["a"], clicked=["b"])
        assert found["created"] is bool(plan(file, event))
        assert not (told and found["created"])
        json.dumps(found)


@often
@given(st.dictionaries(JOB, JOBS, min_size=1))
def test_what_is_played_agrees_with_itself(file):
    """A job starts after all it waited for, once, and finds artifacts of those alone."""
    run = play(file, "main", failing=["a"])

    for name, job in run["jobs"].items():
        ends = [run["jobs"][each]["end"] or 0 for each in job["after"]]
        assert name not in job["after"]
        assert set(job["artifacts"]) <= set(job["after"])
        assert (job["start"] is None) == (job["status"] in ("manual", "skipped"))
        assert job["start"] is None or job["start"] >= max(ends, default=0)
