"""A batch graded in parts, by GitLab's jobs or by Kubernetes's pods, is the batch graded at once.

The files of course/grading are run as they are shown: the CI file by gitlab-ci-local, the Job's
command once for each index.
"""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest
import yaml
from defusedxml import ElementTree

from workbook.batch import shard_of
from workbook.course import CourseError, find_exercises
from workbook.gradebook import Gradebook

ROOT = Path(__file__).parents[2]
GRADING = ROOT / "course" / "grading"
RUNNER = Path(sys.prefix) / "bin" / "gitlab-ci-local"
NAMES = ["ann", "ben", "cy", "dora", "Eva Lund", "fay", "gus", "hal", "ida", "jo", "kim", "léa"]
MISTAKE = "def toll(axles):\n    return max(axles, 0) * {}\n"
SHARED = r"^(CI|GITLAB|GIT|JOB)(_|$)"  # variables of the pipeline that may run these tests

# The command `workbook`, of the small course.
WORKBOOK = """\
#!{python}
import sys
from pathlib import Path

from workbook import batch, cli, course

for function in (course.find_exercises, course.find_exercise, batch.grade_batch):
    first, *others = function.__defaults__
    assert first == course.ROOT
    function.__defaults__ = (Path({root!r}), *others)
sys.exit(cli.main())
"""


def missing(what):
    """Skip, but in CI, where everything has to be there."""
    pytest.fail(what) if os.environ.get("CI") else pytest.skip(what)


def need(*programs):
    """See that *programs* are there."""
    if absent := [each for each in programs if not shutil.which(each)]:
        missing(f"Not here: {', '.join(absent)}. `make system` installs what the tests run.")


@pytest.fixture(scope="session")
def submissions(tmp_path_factory, small_course):
    """What a dozen students handed in: some all, some a part, one nothing, some as an archive."""
    folder = tmp_path_factory.mktemp("instructor") / "submissions"
    exercises = {each.name: each for each in find_exercises(small_course)}
    for number, student in enumerate(NAMES):
        there = folder / student / "exercises"
        handed_in = list(exercises.values())[: 3 - number % 3] if number else []
        for exercise in handed_in:
            files = dict(exercise.finished)
            if number % 2 and exercise.name == "toll":
                files["toll.py"] = MISTAKE.format(100 + number).encode()
            for name, content in files.items():
                place = there / exercise.files_at / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        if number % 4 == 1:
            with zipfile.ZipFile(folder / f"{student}.zip", "w") as archive:
                for path in sorted(there.rglob("*")):
                    archive.write(path, path.relative_to(there.parent))
            shutil.rmtree(there.parent)
    (folder / NAMES[0]).mkdir()
    (folder / NAMES[0] / "note.txt").write_text("I was ill.\n")  # Git keeps no empty folder
    return folder


@pytest.fixture(scope="session")
def checkout(tmp_path_factory, small_course):
    """A checkout of the course, as far as the CI file uses one: its tools are there already."""
    folder = tmp_path_factory.mktemp("checkout")
    command = folder / ".venv" / "bin" / "workbook"
    command.parent.mkdir(parents=True)
    command.write_text(WORKBOOK.format(python=sys.executable, root=str(small_course)))
    command.chmod(0o755)
    (folder / "Makefile").write_text("tools:\n")
    return folder


@pytest.fixture(scope="session")
def workbook(checkout, measured):
    """Give the command `workbook` words and variables; it must end well."""
    need("bwrap")
    ours = {name: text for name, text in os.environ.items() if not re.match(SHARED, name)}

    def run(*words, **variables):
        ran = subprocess.run(
            [sys.executable, *measured, checkout / ".venv/bin/workbook", *words],
            env={**ours, **variables}, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stdout + ran.stderr

    return run


@pytest.fixture(scope="session")
def undisturbed(workbook, submissions, tmp_path_factory):
    """The table of one run that graded everybody."""
    out = tmp_path_factory.mktemp("whole")
    workbook("grade", submissions, "--out", out)
    workbook("export", out, "--format", "csv")
    return (out / "grades.csv").read_text(encoding="utf-8").splitlines()


def students(out):
    """Name the students of the book in *out*."""
    with Gradebook(out) as book:
        return [name for name, _ in book.students()]


# GitLab


@pytest.fixture(scope="session")
def pipeline(checkout, submissions, tmp_path_factory):
    """Run the CI file in a repository of submissions; give the folder of each job's artifacts."""
    need("bwrap", "git", "bash", "rsync", "make")
    if not RUNNER.exists():
        missing("gitlab-ci-local is not installed. `make tools` brings it.")
    home = tmp_path_factory.mktemp("pipeline")
    repository = home / "submissions-of-spring"
    shutil.copytree(submissions, repository / "submissions")
    shutil.copy(GRADING / ".gitlab-ci.yml", repository)
    us = ["-c", "user.name=Instructor", "-c", "user.email=instructor@example.com"]
    for words in (["init", "-q", "-b", "main"], ["add", "."], [*us, "commit", "-q", "-m", "Term"]):
        subprocess.run(["git", *words], cwd=repository, check=True)
    # One job at a time: each has a judge for every core.
    options = ["--shell-isolation", "--no-artifacts-to-source", "--force-shell-executor",
               "--concurrency", "1"]  # fmt: skip
    path = f"{RUNNER.parent}:{os.environ['PATH']}"
    with (home / "log").open("w+", encoding="utf-8") as log:
        # No pipe, which a job that outlives its runner would hold open.
        ran = subprocess.run(
            [RUNNER, *options, "--home", home, "--variable", f"COURSE={checkout}"],
            cwd=repository, env={"PATH": path, "HOME": str(home)},
            stdout=log, stderr=subprocess.STDOUT, timeout=300, check=False,
        )  # fmt: skip
        log.seek(0)
        assert ran.returncode == 0, log.read()
    return repository / ".gitlab-ci-local" / "artifacts"


def test_gitlab_shards_share_out_the_students(pipeline):
    """Four jobs grade, and each student is in exactly one book."""
    books = {path.parent.name: path.parent for path in pipeline.glob("*/grades/*/gradebook.sqlite")}
    found = Counter(student for book in books.values() for student in students(book))

    assert sorted(books) == ["1", "2", "3", "4"]
    assert all(students(book) for book in books.values())
    assert found == Counter(NAMES)


def test_gitlab_report_is_that_of_one_run(pipeline, undisturbed):
    """The report's table has the rows of one run, and the other formats are there."""
    report = pipeline / "report" / "report"

    assert (report / "grades.csv").read_text(encoding="utf-8").splitlines() == undisturbed
    suites = ElementTree.parse(report / "grades.xml").getroot()
    assert [suite.get("name") for suite in suites] == sorted(NAMES)
    assert len(list((report / "html" / "students").glob("*.html"))) == len(NAMES)


# Kubernetes


@pytest.fixture(scope="session")
def job():
    """The Job as it is shown."""
    return yaml.safe_load((GRADING / "job.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def container(job):
    """The Job's one container."""
    [found] = job["spec"]["template"]["spec"]["containers"]
    return found


@pytest.fixture(scope="session")
def validate():
    """The validator of Kubernetes's objects, by the schema of its release."""
    try:
        found = importlib.import_module("kubernetes_validate")
    except ModuleNotFoundError:
        missing("kubernetes-validate is not installed. `make test` installs it.")
    return lambda data, release: found.validate(data, release, strict=True)


@pytest.mark.parametrize("release", ["1.33", "1.37"])
def test_job_is_valid(job, validate, release):
    """Kubernetes knows every field; it would not know a misspelt one."""
    misspelt = json.loads(json.dumps(job).replace("maxFailedIndexes", "maxFailedIndices"))

    validate(job, release)

    with pytest.raises(Exception, match="maxFailedIndices"):
        validate(misspelt, release)


def test_job_agrees_with_itself(job, container):
    """What no schema says of the Job: its numbers fit, and each mount has its volume."""
    spec, pod = job["spec"], job["spec"]["template"]["spec"]
    variables = {each["name"]: each["value"] for each in container["env"]}
    limits, requests = container["resources"]["limits"], container["resources"]["requests"]
    command = container["command"]

    assert variables["JOB_COMPLETIONS"] == str(spec["completions"])
    assert spec["completionMode"] == "Indexed"
    assert spec["maxFailedIndexes"] < spec["parallelism"] <= spec["completions"]
    assert limits.keys() == requests.keys() == {"cpu", "memory"}
    assert all(quantity(limits[name]) >= quantity(requests[name]) for name in limits)
    assert command[command.index("--workers") + 1] == limits["cpu"]
    assert re.fullmatch(r"[\w.-]+@sha256:[0-9a-f]{64}", container["image"])
    assert {each["name"] for each in container["volumeMounts"]} == {
        each["name"] for each in pod["volumes"]
    }


def quantity(text):
    """Give a quantity of Kubernetes as a number: CPUs or bytes."""
    found = re.fullmatch(r"(\d+)(m|Mi|Gi|)", text)
    return int(found[1]) * {"m": 0.001, "": 1, "Mi": 2**20, "Gi": 2**30}[found[2]]


def test_job_has_no_right_but_what_the_sandbox_needs(job, container):
    """The pod is nobody on its node, has no capability, and writes to its volumes alone."""
    pod, context = job["spec"]["template"]["spec"], container["securityContext"]

    assert pod["hostUsers"] is False
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert context["allowPrivilegeEscalation"] is False
    assert context["readOnlyRootFilesystem"] is True
    assert "privileged" not in context
    [given] = [each for each in container["volumeMounts"] if each["name"] == "submissions"]
    assert given["readOnly"] is True


@pytest.fixture
def index(job, container, workbook, submissions, tmp_path):
    """Run the Job's command as one of its indexes would; give the folder of the book."""
    variables = {each["name"]: each["value"] for each in container["env"]}
    mounted = {"/submissions": str(submissions), "/grades": str(tmp_path / "grades")}

    def run(number):
        own = {**variables, "JOB_COMPLETION_INDEX": str(number)}
        words = container["command"][1:]
        for path, folder in mounted.items():
            words = [re.sub(f"^{path}", folder, word) for word in words]
        workbook(*(word.replace("$(JOB_COMPLETION_INDEX)", str(number)) for word in words), **own)
        return tmp_path / "grades" / str(number)

    return run


def test_indexes_of_the_job_are_one_run(job, index, workbook, undisturbed, tmp_path):
    """The books of all indexes, one of which ran twice, are merged to those of one run."""
    books = [index(number) for number in range(job["spec"]["completions"])]
    full = next(book for book in books if students(book))
    before = content(full)
    index(books.index(full))
    after = content(full)
    workbook("export", *books, "--format", "csv", "--out", tmp_path / "merged.csv")

    assert after == before
    assert Counter(student for book in books for student in students(book)) == Counter(NAMES)
    assert (tmp_path / "merged.csv").read_text(encoding="utf-8").splitlines() == undisturbed


def content(out):
    """Give all that was ever entered in the book in *out*, and what stands there."""
    with Gradebook(out) as book:
        return list(book.students()), list(book.history()), list(book.standing())


# The shard


@pytest.mark.parametrize(
    ("text", "variables", "shard"),
    [
        ("", {}, (1, 1)),
        ("2/4", {}, (2, 4)),
        ("4/4", {}, (4, 4)),
        ("", {"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, (3, 4)),
        ("", {"CI_NODE_TOTAL": "1"}, (1, 1)),  # what GitLab tells a job without `parallel`
        ("", {"JOB_COMPLETION_INDEX": "0", "JOB_COMPLETIONS": "8"}, (1, 8)),
        ("", {"JOB_COMPLETION_INDEX": "7", "JOB_COMPLETIONS": "8"}, (8, 8)),
        ("", {"JOB_COMPLETIONS": "8"}, (1, 1)),
        ("1/2", {"CI_NODE_INDEX": "3", "CI_NODE_TOTAL": "4"}, (1, 2)),
        ("1/2", {"JOB_COMPLETION_INDEX": "7", "JOB_COMPLETIONS": "8"}, (1, 2)),
    ],
)
def test_shard_is_read(text, variables, shard):
    """What is asked for goes before what GitLab or Kubernetes tells; with neither it is all."""
    assert shard_of(text, variables) == shard


@pytest.mark.parametrize(
    ("text", "variables", "told"),
    [
        ("0/4", {}, "0/4 is no shard: give I/N, the first is 1/N."),
        ("5/4", {}, "5/4 is no shard"),
        ("x/y", {}, "x/y is no shard"),
        ("4", {}, "4 is no shard"),
        ("1/0", {}, "1/0 is no shard"),
        ("-1/4", {}, "-1/4 is no shard"),
        ("1/2/3", {}, "1/2/3 is no shard"),
        ("", {"CI_NODE_INDEX": "5", "CI_NODE_TOTAL": "4"}, "5/4 is no shard"),
        ("", {"JOB_COMPLETION_INDEX": "0"}, "set JOB_COMPLETIONS to the number of its completions"),
        ("", {"JOB_COMPLETION_INDEX": "8", "JOB_COMPLETIONS": "8"}, "9/8 is no shard"),
        ("", {"JOB_COMPLETION_INDEX": "x", "JOB_COMPLETIONS": "8"}, "x/8 is no shard"),
    ],
)
def test_what_is_no_shard_is_told(text, variables, told):
    """A part that there is not is refused, and never graded as the whole."""
    with pytest.raises(CourseError, match=re.escape(told)):
        shard_of(text, variables)
