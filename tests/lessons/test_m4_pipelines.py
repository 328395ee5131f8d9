"""The lesson on pipelines: our model says what gitlab-ci-local does, over a corpus of pipelines.

A file of tests/lessons/pipelines says below `.compare` in which events its jobs are listed, and
how it is run: what fails, what is clicked, how long jobs last. Below `.differs` stands where the
model follows GitLab and gitlab-ci-local does not, why, and the source.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from workbook import pipeline

CORPUS = sorted(Path(__file__).with_name("pipelines").glob("*.yml"))
RUNNER = Path(sys.prefix) / "bin" / "gitlab-ci-local"
OPTIONS = ["--shell-isolation", "--no-artifacts-to-source", "--force-shell-executor",
           "--no-color", "--no-json-schema-validation", "--concurrency", "20"]  # fmt: skip
WORDS = {"PASS": "success", "WARN": "warning", "FAIL": "failed"}
LONGEST = 120  # seconds of one run, most of them waiting

# What every job does: it says that it started and what it found, waits for those that run beside
# it in the model, leaves an artifact and a variable, and fails if it is meant to.
SCRIPT = r"""
me="${CI_JOB_NAME//[^A-Za-z0-9_]/-}"
say() { echo "$1 $me $2" >> "$BOARD/log"; }
say start
touch "$BOARD/$me.started"
found() { ls made 2>/dev/null; env | sed -n 's/^FROM_\(.*\)=1$/\1/p'; }
for each in $(found); do say found "$each"; done
for other in $(cat "$BOARD/$me.beside"); do
  for turn in {1..200}; do [ -e "$BOARD/$other.started" ] && continue 2; sleep 0.05; done
  say missed "$other"; break
done
rm -rf made; mkdir made; touch "made/$me"; echo "FROM_$me=1" > made.env
say end
test ! -e "$BOARD/$me.fails"
"""


def cases(key):
    """Give a case for each file of the corpus, and each play or all events."""
    for path in CORPUS:
        file = yaml.safe_load(path.read_text(encoding="utf-8"))
        asked = file[".compare"].get(key, [])
        for number, each in enumerate(asked if key == "plays" else [asked] if asked else []):
            yield pytest.param(file, number, each, id=f"{path.stem}-{number}")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Give what runs a file by gitlab-ci-local, in a repository of its own below a folder.

    It gives the exit status and what was printed.
    """
    if not RUNNER.exists():
        what = "gitlab-ci-local is not installed here. `make tools` brings it."
        pytest.fail(what) if os.environ.get("CI") else pytest.skip(what)
    made = tmp_path_factory.mktemp("made")
    us = ["-c", "user.name=Learner", "-c", "user.email=learner@example.com"]
    for git in (["init", "-q", "-b", "main"], [*us, "commit", "-q", "--allow-empty", "-m", "All"]):
        subprocess.run(["git", *git], cwd=made, check=True)
    path = os.pathsep.join([str(RUNNER.parent), os.environ["PATH"]])
    home = tmp_path_factory.mktemp("home")
    environment = {"PATH": path, "HOME": str(home), "NODE_COMPILE_CACHE": str(home / "node")}

    def run(below, file, *words, variables):
        folder = shutil.copytree(made, below / "repository")
        shown = {key: value for key, value in file.items() if key not in (".compare", ".differs")}
        (folder / ".gitlab-ci.yml").write_text(yaml.safe_dump(shown, sort_keys=False))
        given = [word for pair in variables.items() for word in ("--variable", "=".join(pair))]
        for absent in {"CI_COMMIT_BRANCH", "CI_COMMIT_TAG"} - set(variables):
            given += ["--unset-variable", absent]
        known = {"GCL_IGNORE_PREDEFINED_VARS": ",".join(variables)}  # it would warn of each
        with (below / "log").open("w+", encoding="utf-8") as log:
            # No pipe, which a job that outlives its runner would hold open.
            process = subprocess.Popen(
                [RUNNER, *OPTIONS, *words, *given], cwd=folder, env={**environment, **known},
                stdout=log, stderr=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
            try:
                status = process.wait(LONGEST)
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)  # it ignores SIGTERM
            log.seek(0)
            return status, log.read()

    return run


def our_name(name):
    """Give a job's name as GitLab writes it: gitlab-ci-local has `tests: [1/3]` for `tests 1/3`."""
    return re.sub(r": \[(\d+/\d+)\]", r" \1", name.strip())


def mark(name):
    """Give a job's name as its script writes it on the board."""
    return re.sub(r"\W", "-", re.sub(r" (\d+/\d+)$", r": [\1]", name))


def test_corpus_is_large_enough():
    assert len(CORPUS) >= 40
    assert not [path.stem for path in CORPUS if "\t" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_model_takes_every_pipeline(path):
    assert pipeline.problems(yaml.safe_load(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(("file", "number", "events"), [*cases("events")])
def test_events_create_the_jobs_that_the_runner_lists(file, number, events, run, tmp_path):
    names = list(pipeline.EVENTS) if events == "all" else events
    more = file[".compare"].get("variables", {})
    stages = file.get("stages", ["build", "test", "deploy"])

    def compare(event):
        below = tmp_path / event
        below.mkdir()
        variables = {**pipeline.EVENTS[event], **more}
        _, said = run(below, file, "--list-json", variables=variables)
        listed = [each for each in json.loads(said) if each["when"] != "never"]
        listed.sort(key=lambda each: stages.index(each["stage"]))  # it has the file's order
        keys = ("name", "stage", "when", "allow_failure")
        ours = [[each[key] for key in keys] for each in pipeline.plan(file, event, more)]
        return ours, [[our_name(each["name"]), *(each[key] for key in keys[1:])] for each in listed]

    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(names, pool.map(compare, names), strict=True))

    differing = file.get(".differs", {}).get("created", [])
    assert {event: theirs for event, (ours, theirs) in found.items() if event not in differing} == {
        event: ours for event, (ours, theirs) in found.items() if event not in differing
    }
    for event in differing:  # once they agree the mark has to go
        assert found[event][0] != found[event][1], event


@pytest.mark.parametrize(("file", "number", "how"), [*cases("plays")])
def test_play_is_what_the_runner_does(file, number, how, run, tmp_path):
    event = how.get("event", "main")
    failing, clicked = how.get("failing", []), how.get("clicked", [])
    ours = pipeline.play(file, event, failing, clicked)
    board = tmp_path / "board"
    board.mkdir()
    (board / "log").touch()
    ran = {name: job for name, job in ours["jobs"].items() if job["start"] is not None}
    for job in pipeline.plan(file, event):
        name = job["name"]
        beside = [mark(other) for other in ran
                  if name in ran and ran[other]["start"] < ran[name]["end"]]  # fmt: skip
        (board / f"{mark(name)}.beside").write_text("\n".join(beside))
        if {name, name.partition(" ")[0]} & set(failing):
            (board / f"{mark(name)}.fails").touch()
    jobs = [name for name in file if name[0] != "." and name not in pipeline.GLOBAL]
    played = {**file, **{name: {**file[name], "script": [SCRIPT]} for name in jobs}}

    manual = [word for name in clicked for word in ("--manual", name)]
    variables = {**pipeline.EVENTS[event], "BOARD": str(board)}
    status, said = run(tmp_path, played, *manual, variables=variables)

    log = [line.split() for line in (board / "log").read_text(encoding="utf-8").splitlines()]
    theirs = {
        "fails": status != 0,
        "status": {our_name(name): WORDS[word] for word, name in
                   re.findall(r"^ (PASS|WARN|FAIL) +(.+?)(?:  +pre_script)?$", said, re.MULTILINE)},
        "found": sorted([words[1], words[2]] for words in log if words[0] == "found"),
        "missed": [words[1:] for words in log if words[0] == "missed"],
        "early": sorted([name, before] for name, job in ran.items() for before in job["after"]
                        if before in ran and place(log, "start", name) < place(log, "end", before)),
    }  # fmt: skip
    expected = {
        "fails": ours["status"] == "failed" or not ours["created"],
        "status": {name: job["status"] for name, job in ran.items()},
        "found": sorted([mark(name), mark(each)] for name, job in ran.items()
                        for each in job["artifacts"]),
        "missed": [],
        "early": [],
    }  # fmt: skip
    if number in file.get(".differs", {}).get("plays", []):
        assert theirs != expected  # once they agree the mark has to go
    else:
        assert theirs == expected, said


def place(log, word, name):
    """Give the place in the log at which a job said *word*."""
    return next((at for at, words in enumerate(log) if words[:2] == [word, mark(name)]), len(log))
