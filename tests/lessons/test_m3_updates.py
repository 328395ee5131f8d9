"""The lesson on updates: our model of Renovate says what Renovate says, and its data is current."""

import importlib.util
import json
import os
import random
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from workbook.course import ROOT, find_exercise
from workbook.grading import from_folder, grade
from workbook.submission import NotGradable, Submission

LESSON = ROOT / "solutions/m3_dependencies/updates"
DATA = ROOT / "tests/m3_dependencies/update_policy"
START = ROOT / "exercises/m3_dependencies/update_policy"
RENOVATE = Path(sys.prefix) / "renovate"
VALIDATOR = Path(sys.prefix) / "bin" / "renovate-config-validator"
ANSWERS = {
    "start": START / "renovate.json",
    "reference": ROOT / "solutions/m3_dependencies/update_policy/renovate.json",
    **{path.parent.name: path for path in sorted(DATA.glob("*/*/renovate.json"))},
}
# Renovate takes these; the policy does not.
TAKEN = set(ANSWERS) - {"start", "old_names", "misspelt_key"}


def data(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def imported(file):
    """Import the module in *file*, wherever it stands."""
    spec = importlib.util.spec_from_file_location(f"imported_{file.stem}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def model():
    return imported(DATA / "model.py")


def run(*words, cwd=None):
    """Run a program of Renovate's with nothing but a path; give its exit status and output."""
    if not VALIDATOR.exists():
        what = "Renovate is not installed here. `make tools` brings it."
        pytest.fail(what) if os.environ.get("CI") else pytest.skip(what)
    path = os.pathsep.join([str(VALIDATOR.parent), os.environ["PATH"]])
    done = subprocess.run(
        words, cwd=cwd, capture_output=True, text=True, timeout=120, check=False,
        env={"PATH": path, "RENOVATE_X_IGNORE_RE2": "true", "LOG_LEVEL": "error"},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def ask(verb, *words):
    """Ask Renovate's own functions."""
    status, said, error = run("node", LESSON / "renovate.mjs", RENOVATE, verb, *words)
    assert status == 0, error
    return json.loads(said)


def compared(model, configurations, folder):
    """Give, for each configuration, what Renovate says of each update, and what the model says."""
    paths = []
    for number, each in enumerate(configurations):
        paths.append(folder / f"{number}.json")
        paths[-1].write_text(json.dumps(each), encoding="utf-8")
    for each, renovates in zip(configurations, ask("requests", DATA / "updates.json", *paths),
                               strict=True):  # fmt: skip
        text = json.dumps(each)
        ours = model.plan(text, data("updates.json"), data("options.json"), data("presets.json"))
        theirs = {
            found["update"]: {
                "request": found["request"],
                "automerge": found["automerge"],
                "merges_itself": found["merges_itself"],
                "age": (model.minutes(found["age"]) or 0) / model.DAY,
                "at_once": model.texts(found["schedule"] or ["at any time"])[0]
                in ("at any time", "* * * * *"),
            }
            for found in renovates
        }
        yield text, theirs, ours


def partition(updates):
    """Give the sets of updates that share a request: its name is a matter of spelling."""
    names = {each["request"] for each in updates.values()}
    return {frozenset(u for u in updates if updates[u]["request"] == name) for name in names}


def assert_equal(text, theirs, ours):
    offered = {name: each for name, each in ours["updates"].items() if each["offered"]}
    # Two updates of one package in one request: Renovate leaves one of them out.
    flasks = {"flask_patch", "flask_major"}
    both = flasks <= set(offered) and len({offered[name]["request"] for name in flasks}) == 1
    if both:
        [out] = flasks - set(theirs)
        crowded = offered.pop(out)["request"]
    assert set(theirs) == set(offered), text
    assert partition(theirs) == partition(offered), text
    for name, found in theirs.items():
        judged = set(found) - {"request"}
        if both and offered[name]["request"] == crowded:
            judged -= {"merges_itself"}  # of other members, here and there
        mine = {key: offered[name][key] for key in judged}
        assert mine == {key: found[key] for key in judged}, (name, text)


def test_the_model_says_of_every_answer_what_renovate_says(model, tmp_path):
    answers = []
    for path in ANSWERS.values():
        answers.append(json.loads(path.read_text(encoding="utf-8")))
        if path.parent.parent.name == "wrong":  # its hundreds of rules decide none of the updates
            answers[-1]["extends"] = [
                each for each in answers[-1]["extends"] if each != "config:recommended"
            ]

    for text, theirs, ours in compared(model, answers, tmp_path):
        assert_equal(text, theirs, ours)


def test_the_model_says_what_renovate_says_of_policies_thrown_together(model, tmp_path):
    """Options, matchers and presets in every order: what no author of an answer thought of."""
    dice = random.Random(3)  # noqa: S311 - the same policies every time
    policies = [policy(dice) for _ in range(120)]

    shared = 0
    for text, theirs, ours in compared(model, policies, tmp_path):
        assert not [kind for kind, *_ in ours["problems"] if kind in ("type", "value")], text
        assert_equal(text, theirs, ours)
        shared += any(len(each) > 1 for each in partition(theirs))
    assert shared > 30  # the policies do group


def policy(dice):
    """Throw a configuration together."""
    presets = [name for name in data("presets.json") if "config:" not in name]
    config = {"extends": dice.sample(presets, dice.randrange(3)), **settings(dice)}
    if dice.random() < 0.6:
        config["osvVulnerabilityAlerts"] = dice.random() < 0.8
    if dice.random() < 0.3:
        config["vulnerabilityAlerts"] = settings(dice)
    for kind in ("major", "minor", "patch"):
        if dice.random() < 0.2:
            config[kind] = settings(dice)
    for key in ("separateMajorMinor", "separateMinorPatch"):
        if dice.random() < 0.2:
            config[key] = dice.random() < 0.5
    config["packageRules"] = [
        {**matchers(dice), **settings(dice)} for _ in range(dice.randrange(4))
    ]
    return config


def settings(dice):
    choices = {
        "groupName": ["routine", "Tools", "all the rest", None],
        "automerge": [True, False],
        "minimumReleaseAge": ["3 days", "1 week", "36 hours", None],
        "schedule": [["* 0-5 * * 1"], ["at any time"], "before 6am on monday", []],
        "enabled": [True, True, False],
    }
    return {key: dice.choice(values) for key, values in choices.items() if dice.random() < 0.3}


def matchers(dice):
    choices = {
        "matchPackageNames": [["*"], ["flask", "py*"], ["/^(mypy|ruff)$/"], ["!flask"], ["FLASK"]],
        "matchDepTypes": [["dependency-groups"], ["project.*"], ["!dependency-groups"]],
        "matchUpdateTypes": [["minor", "patch"], ["major"], ["!major"]],
        "matchManagers": [["pep621"], ["dockerfile"]],
        "matchCurrentVersion": ["!/^0/", "/^0\\./"],
        "matchFileNames": [["**/Dockerfile"], ["pyproject.toml"]],
    }
    chosen = dice.sample(sorted(choices), dice.randrange(1, 3))
    return {key: dice.choice(choices[key]) for key in chosen}


REFUSED = {
    '{"automerge": "true"}': "type",
    '{"packageRules": [{"matchPackageNames": ["/(/"], "groupName": "x"}]}': "value",
    '{"packageRules": [{"groupName": "x"}]}': "bare",
    '{"matchUpdateTypes": ["major"]}': "misplaced",
    '{"schedule": ["weekly"]}': "value",
    '{"schedule": ["0 6 * * 1"]}': "value",
    '{"schedule": ["after 10pm and before 5am every weekday"]}': "value",
    '{"packageRules": [{"matchPackagePatterns": ["^py"], "groupName": "x"}]}': "renamed",
    '{"packageRule": []}': "unknown",
    '{"extends": "config:recommended"}': "type",
}
SCHEDULES = [
    "before 6am on Monday", "before 5:00am", "after 10pm every weekday", "every weekend", "monthly",
    "* 0-5 * * MON", "after 8am and before 5pm on monday", "on sunday before 6am",
    "on the first day of the month", "every 3 months on the first day of the month",
    "on friday and saturday",
]  # fmt: skip


def test_the_model_refuses_what_the_validator_refuses(model, tmp_path):
    texts = {path.read_text(encoding="utf-8"): name for name, path in ANSWERS.items()}
    schedules = {json.dumps({"schedule": [each]}): "schedule" for each in SCHEDULES}
    cases = {**texts, **REFUSED, **schedules}
    paths = []
    for number, text in enumerate(cases):
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_text(text, encoding="utf-8")

    for (text, name), told in zip(cases.items(), ask("validate", *paths), strict=True):
        found = model.plan(text, data("updates.json"), data("options.json"), data("presets.json"))
        problems = [kind for kind, *_ in found["problems"]]
        assert bool(told) == bool(problems), (text, told, problems)
        assert not told or text in REFUSED or name not in TAKEN
        assert text not in REFUSED or REFUSED[text] in problems, text


@pytest.mark.parametrize(("name", "status"), [("reference", 0), ("misspelt_key", 1)])
def test_the_validator_itself_says_so_too(name, status, tmp_path):
    shutil.copy(ANSWERS[name], tmp_path / "renovate.json")

    assert run(VALIDATOR, "--strict", cwd=tmp_path)[0] == status


def test_the_options_are_those_of_this_renovate():
    assert data("options.json") == ask("options")


def test_the_presets_are_those_of_this_renovate():
    """Those that stand for hundreds of rules about other ecosystems are empty in the model."""
    ours = {name: each for name, each in data("presets.json").items() if "config:" not in name}

    assert ask("presets", *ours) == ours


def test_the_updates_are_those_that_the_learner_reads():
    where = {"project.dependencies": "service", "dependency-groups": "tool",
             "build-system.requires": "build", "final": "image"}  # fmt: skip
    text = (START / "updates.txt").read_text(encoding="utf-8")
    told = [line.split()[:6] for line in re.findall(r"^\w+_\w+ .*\d.*$", text, re.MULTILINE)]

    keys = ("name", "package", "from", "to", "type")
    assert told == [
        [*(each[key] for key in keys), where[each["depType"]]] for each in data("updates.json")
    ]


def test_the_lock_names_no_place_that_packages_come_from():
    lock = (ROOT / "tests/renovate/package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(lock)["packages"]

    assert len(packages) > 400
    assert all("resolved" not in each for each in packages.values())
    assert all(each.get("integrity") for name, each in packages.items() if name)


HOSTILE = {
    "no_object": "[]",
    "not_a_number": "NaN",
    "deep": "[" * 5000 + "]" * 5000,
    "deep_rules": '{"packageRules":' * 400 + "{}" + "}" * 400,
    "nothing": '{"packageRules": null, "extends": null, "major": null, "schedule": null}',
    "numbers": '{"packageRules": [1, null], "extends": [1, {}], "major": [], "schedule": [1]}',
    "old_numbers": '{"packageRules": [{"packagePatterns": "x"}, {"packagePatterns": [1, "("]}]}',
    "half_a_pair": '{"packageRules": [{"matchPackageNames": ["\\ud800"], "groupName": "\\ud800"}]}',
    "globs": '{"packageRules": [{"matchPackageNames": ["[", "{a", "**", "!"], "groupName": "x"}]}',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_breaks_the_grader(name, tmp_path):
    """Whatever is handed in, the answer is *not yet*: it is never our fault, nor a pass."""
    folder = tmp_path / "m3_dependencies" / "update_policy"
    folder.mkdir(parents=True)
    shutil.copy(START / "updates.txt", folder)
    (folder / "renovate.json").write_text(HOSTILE[name], encoding="utf-8")

    [verdict] = grade([find_exercise("update_policy")], from_folder(tmp_path))

    assert verdict.outcome == "not_yet"
    assert {check.outcome for check in verdict.checks} <= {"passed", "not_yet"}


def test_a_pattern_that_takes_for_ever_is_ended(tmp_path):
    """It runs where the learner's process runs, never in the judge's."""
    rule = {"matchPackageNames": ["/^((.|.|.|.)*)*!$/"], "groupName": "x"}
    (tmp_path / "renovate.json").write_text(json.dumps({"packageRules": [rule]}), encoding="utf-8")

    with pytest.raises(NotGradable, match="gave no answer in time"):
        imported(DATA.parent / "test_update_policy.py").played(
            Submission(tmp_path, ("renovate.json",))
        )
