"""The finished Causeway's pipeline, run by gitlab-ci-local: its jobs, its gate, and six faults.

ruff, black, mypy, pytest, sphinx, hadolint, helm and the scanners are what they are. Five programs
are played, and say so in the log: buildah (it sees that what is copied is there, and digests it),
kubectl (the clusters of Green is not deployed), kubeconform (by kubernetes-validate, which has the
same schemas), pip (by uv, which finds what the lock names in this environment, or fails) and
pip-audit (which knows one hole). What asks a running Causeway is played too: test_m8_whole.py runs
robot with Chromium, and schemathesis. No image is pulled: each job runs in this machine's shell.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from workbook import pipeline
from workbook.course import ROOT

sys.path.insert(0, str(ROOT / "tests/m4_ci_cd/project"))
import machine  # stands beside the exercise's answers

sys.path.pop(0)

CAUSEWAY = ROOT / "solutions/my-devops-project"
BIN = Path(sys.executable).parent
REAL = ("ruff", "black", "mypy", "pytest", "hadolint", "helm", "python", "bandit", "cyclonedx-py",
        "detect-secrets-hook")  # fmt: skip
ASKS = ("robot", "chromium", "gunicorn", "curl", "schemathesis")  # or serves a running Causeway
LINTS = ["lint", "image-lint", "manifests", "chart"]
TESTS = ["test", "browser", "docs", "bandit_sast", "audit", "sbom", "contract", "policy"]
MAIN = [*LINTS, *TESTS, "build", "deploy-staging", "deploy-production"]
QUIET = ["--no-color", "--shell-isolation", "--no-artifacts-to-source", "--force-shell-executor"]
REQUEST = [*LINTS, *TESTS[:4], "secrets", *TESTS[4:], "build", "tides", "review", "stop-review"]

# @BIN@ holds the real programs, @IMAGE@ is where the image's digest is kept.
PLAYED = {
    "pip": """#!/bin/sh
echo "pip is played by uv: what the lock names has to be here already."
shift
exec @BIN@/uv pip install --quiet --python @BIN@/python --offline --no-index --dry-run "$@"
""",
    "pip-audit": """#!/bin/sh
echo "pip-audit is a stand-in: no service is asked, and one hole is known."
exec @BIN@/python -IS @AUDIT@ pip-audit "$@"
""",
    "kubeconform": """#!/bin/sh
echo "kubeconform is played by kubernetes-validate."
for last; do :; done
exec @BIN@/kubernetes-validate --strict -k 1.33 "$last"
""",
    "buildah": """#!@BIN@/python -IS
import hashlib, re, sys
from pathlib import Path

print("buildah is a stand-in: it digests what would go into the image.")
image = Path("@IMAGE@")
if sys.argv[1] == "build":
    text = Path("Dockerfile").read_text()
    lines = re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE)
    asked = [source for line in lines for source in line.split()[:-1]]
    kept = Path(".dockerignore").read_text().splitlines()
    for each in asked:
        if "!" + each not in kept or not Path(each).exists():
            sys.exit(f"Error: copying {each}: no such file or directory")
    files = {path for each in asked for path in (Path(each), *Path(each).rglob("*.*"))}
    found = hashlib.sha256(text.encode())
    for path in sorted(path for path in files if path.is_file() and path.suffix != ".pyc"):
        found.update(str(path).encode() + path.read_bytes())
    image.write_text("sha256:" + found.hexdigest())
if sys.argv[1] == "push":
    Path(sys.argv[sys.argv.index("--digestfile") + 1]).write_text(image.read_text())
""",
}


class Desk(machine.Machine):
    """Says with each answer of kubectl that it is played."""

    def answered(self, found):
        status, said, complained, *file = super().answered(found)
        return status, said, f"kubectl is a stand-in: no cluster is here.\n{complained}", *file


def missing(what):
    """Skip, but in CI, where everything has to be there."""
    pytest.fail(what) if os.environ.get("CI") else pytest.skip(what)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("mypy")


def free_address():
    """Give an address of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def git(folder, *words):
    """Run git as the warden; give what it printed."""
    us = ["-c", "user.name=Warden", "-c", "user.email=warden@causeway.example"]
    done = subprocess.run(
        ["git", *us, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


class Pipeline:
    """A clone of Causeway with a change of *files*, and what its jobs find."""

    def __init__(self, home, cache, change=None, staging="good"):
        self.home, self.path, self.tools = home, home / "causeway", home / "bin"
        kept = shutil.ignore_patterns(
            "__pycache__", ".*_cache", "*.egg-info", ".coverage", "results"
        )
        shutil.copytree(CAUSEWAY, self.path, ignore=kept)
        for name, (before, after) in (change or {}).items():
            text = (self.path / name).read_text(encoding="utf-8")
            assert re.search(before, text), f"{before} is not in {name}"
            (self.path / name).write_text(re.sub(before, after, text, count=1), encoding="utf-8")
        manifest = (CAUSEWAY / "deployment.yaml").read_text(encoding="utf-8")
        deployment, _ = machine.deployment_of(manifest)
        scenarios = {"": "good", "staging": staging, "production": "good"}
        self.desk = Desk(
            {place: machine.cluster_of(deployment, each) for place, each in scenarios.items()}
        )
        self.lay_out()
        for words in (
            ["init", "-q", "-b", "main"], ["add", "."], ["commit", "-q", "-m", "Work"],
            ["remote", "add", "origin", "git@gitlab.com:shore/causeway.git"],
            ["update-ref", "refs/remotes/origin/main", "HEAD"],
            ["symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main"],
        ):  # fmt: skip
            git(self.path, *words)
        self.given = {"CAUSEWAY_URL": free_address(), "CONTRACT_URL": free_address(),
                      "REVIEW_SECRETS": "review.env"}  # fmt: skip
        self.known = {"MYPY_CACHE_DIR": str(cache), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
                      "PYTEST_PLUGINS": "pytest_cov.plugin", "NO_COLOR": "1"}  # fmt: skip

    def lay_out(self):
        """Put on the path what a job's image would have."""
        self.tools.mkdir()
        for name, text in PLAYED.items():
            filled = text.replace("@BIN@", str(BIN)).replace("@IMAGE@", str(self.home / "image"))
            filled = filled.replace("@AUDIT@", str(ROOT / "tests/m7_security/project/audit.py"))
            (self.tools / name).write_text(filled, encoding="utf-8")
        for name in REAL:
            (self.tools / name).write_text(f'#!/bin/sh\nexec {BIN}/{name} "$@"\n', encoding="utf-8")
        for name in ASKS:
            (self.tools / name).write_text(f"#!/bin/sh\necho '{name} is a stand-in.'\n", "utf-8")
        for path in self.tools.iterdir():
            path.chmod(0o755)

    def run(self, *options, event="main"):
        """Run gitlab-ci-local; give how each job ended, and what was said."""
        runner = BIN / "gitlab-ci-local"
        if not runner.exists():
            missing("gitlab-ci-local is not installed. `make tools` brings it.")
        given = {**pipeline.EVENTS[event], **self.given}
        words = [f"--variable={name}={value}" for name, value in given.items()]
        words += [f"--unset-variable={name}" for name in ("CI_COMMIT_BRANCH", "CI_COMMIT_TAG")
                  if name not in given]  # fmt: skip
        words += [f"--ignore-predefined-vars={','.join(given)}", f"--home={self.home}", *QUIET]
        known = {**self.known, "PATH": f"{self.tools}:/usr/bin:/bin", "HOME": str(self.home),
                 "CLUSTER": str(self.tools / "cluster")}  # fmt: skip
        with machine.play.on_path(self.tools, self.desk, ("kubectl",)):
            with (self.home / "log").open("w+", encoding="utf-8") as log:
                # No pipe, which a server that a job has left behind would hold open.
                done = subprocess.run(
                    [BIN / "node", runner.resolve(), *words, *options], cwd=self.path, env=known,
                    stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, timeout=300,
                    check=False,
                )  # fmt: skip
                log.seek(0)
                said = log.read()
            (self.tools / "cluster").unlink(missing_ok=True)
        found = re.findall(r"^ (PASS|FAIL)\s+(\S+)", said, re.MULTILINE)
        return {name: how for how, name in found}, said, done.returncode

    def images(self, place):
        """Name the images that a cluster was told to run, past ones left out."""
        revisions = self.desk.clusters[place].revisions.values()
        found = [each["spec"]["containers"][0]["image"] for each in revisions]
        return [image for image in found if image not in machine.IMAGES]


@pytest.fixture(scope="module")
def green(tmp_path_factory, cache):
    """The pipeline of main as it stands, with nobody clicking: how its jobs ended, and its log."""
    found = Pipeline(tmp_path_factory.mktemp("green"), cache)
    return found, *found.run()


def test_every_job_is_green_up_to_the_gate(green):
    """All of main's jobs pass, staging has the image that was built, and production waits."""
    found, ended, said, code = green
    digest = (found.home / "image").read_text(encoding="utf-8")

    assert ended == dict.fromkeys(MAIN[:-1], "PASS"), said
    assert code == 0
    assert found.images("staging") == [f"registry.example.com/shore/causeway@{digest}"]
    assert found.desk.clusters["staging"].is_done
    assert found.images("production") == []


def test_the_jobs_leave_what_is_drawn(green):
    """Reports of tests and scanners, and the digest, are left behind; the coverage is read.

    gitlab-ci-local hands on what `paths` names, and a dotenv; the other reports are GitLab's.
    """
    found, _, said, _ = green
    state = found.path / ".gitlab-ci-local"
    jobs = yaml.safe_load((found.path / ".gitlab-ci.yml").read_text(encoding="utf-8"))

    assert re.search(r"PASS\s+test\s+100% coverage", said)
    assert list(state.glob("artifacts/build/**/image.env"))
    reports = jobs["test"]["artifacts"]["reports"]
    for file in (reports["junit"], reports["coverage_report"]["path"]):
        assert (state / "builds/test" / file).is_file()
    reports = {"bandit_sast": "gl-sast-report.json", "audit": "audit.json",
               "sbom": "gl-sbom-pypi-pip.cdx.json"}  # fmt: skip
    for job, file in reports.items():
        assert (state / "artifacts" / job / "results" / file).is_file()


def test_the_played_programs_say_so(green):
    """Whoever reads the log sees which programs were not themselves."""
    said = green[2]

    for words in ("pip is played", "pip-audit is a stand-in", "kubeconform is played",
                  "buildah is a stand-in", "kubectl is a stand-in"):  # fmt: skip
        assert words in said


def test_a_click_takes_the_same_image_to_production(green):
    """Production gets the very image that staging has, and nothing is built for it."""
    found, *_ = green
    built = (found.home / "image").stat().st_mtime_ns

    ended, said, _ = found.run("deploy-production")

    assert ended == {"deploy-production": "PASS"}, said
    assert found.images("production") == found.images("staging")
    assert (found.home / "image").stat().st_mtime_ns == built


def test_a_merge_request_has_an_app_that_is_stopped(green):
    """A merge request's namespace is made, deployed to, and deleted again."""
    found, *_ = green
    listed = found.run("--list-csv", event="merge request")[1]

    names = [line.split(";")[0] for line in listed.splitlines() if line.count(";") >= 5][1:]
    assert names == REQUEST
    before = len(found.desk.calls)
    ended, said, _ = found.run("tides", "review", event="merge request")
    assert ended == {"tides": "PASS", "review": "PASS"}, said
    assert found.images("") == found.images("staging")
    ended, said, _ = found.run("stop-review", event="merge request")
    assert ended == {"stop-review": "PASS"}, said
    calls = [call for _, call in found.desk.calls[before:]]
    assert "kubectl create namespace causeway-mr-7 --dry-run=client --output yaml" in calls
    assert "kubectl config set-context --current --namespace causeway-mr-7" in calls
    assert calls[-1] == "kubectl delete namespace causeway-mr-7 --ignore-not-found"
    assert found.desk.clusters[""].deployment is None


FAULTS = {
    "code": (
        {"src/my_devops_project/windows.py": (r"moment < (\w+)\.closes", r"moment <= \1.closes")},
        "docs test", {"build", "deploy-staging", "deploy-production"},  # an example shows it too
    ),
    "tests": (
        {"tests/test_main.py": (r"\n\n\n", '\n\npytestmark = pytest.mark.skip("red")\n\n\n')},
        "test", {"build", "deploy-staging", "deploy-production"},
    ),
    "image": (
        {"Dockerfile": ("USER 10001:10001", "USER root")},
        "image-lint", {*TESTS, "build", "deploy-staging", "deploy-production"},
    ),
    "manifest": (
        {"deployment.yaml": ("readinessProbe", "readinesProbe")},
        "manifests", {*TESTS, "build", "deploy-staging", "deploy-production"},
    ),
    "package": (
        {"requirements.txt": (r"pyyaml==[\d.]+", "pyyaml==5.3.1")},
        "policy", {"build", "deploy-staging", "deploy-production"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("where", FAULTS)
def test_a_fault_stops_it_where_it_belongs(where, tmp_path, cache):
    """A fault is met by the job that is there for it, and nothing after that runs."""
    change, at, never = FAULTS[where]
    found = Pipeline(tmp_path, cache, change)

    ended, said, code = found.run("--manual=deploy-production")

    assert sorted(name for name, how in ended.items() if how == "FAIL") == at.split(), said
    assert not never & set(ended), said
    assert code != 0
    assert found.desk.calls == []


@pytest.mark.parametrize(
    ("line", "how"), [('API_KEY = "tide-live-31f09c2a"', "FAIL"), ('HEADER = "X-Api-Key"', "PASS")]
)
def test_a_key_that_was_taken_out_again_is_found(line, how, tmp_path, cache):
    """A merge request is asked for all that its commits brought, and for nothing else."""
    found = Pipeline(tmp_path, cache)
    found.given["CI_MERGE_REQUEST_DIFF_BASE_SHA"] = git(found.path, "rev-parse", "HEAD")
    for text in (f"{line}\n", ""):
        (found.path / "src/sign.py").write_text(text, encoding="utf-8")
        git(found.path, "add", ".")
        git(found.path, "commit", "-q", "-m", "Call the sign")
    found.given["CI_COMMIT_SHA"] = git(found.path, "rev-parse", "HEAD")

    ended, said, _ = found.run("secrets", event="merge request")

    assert ended == {"secrets": how}, said


def test_a_fault_in_the_rollout_stops_it_on_staging(green, tmp_path, cache):
    """Staging's pods crash: staging goes back, and production is not tried, click or no click."""
    found = Pipeline(tmp_path, cache, staging="crash")

    ended, said, code = found.run("build", "deploy-staging", "deploy-production")

    assert ended == {"build": "PASS", "deploy-staging": "FAIL"}, said
    assert code != 0
    staging = found.desk.clusters["staging"]
    assert len(found.images("staging")) == 1
    assert staging.template["spec"]["containers"][0]["image"] == machine.IMAGES[-1]
    assert staging.is_done
    assert not [call for job, call in found.desk.calls if job == "deploy-production"]
