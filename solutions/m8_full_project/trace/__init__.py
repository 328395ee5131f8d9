"""Bring a commit of Causeway's through its own pipeline, and see which gate stops a fault.

The jobs are those that .gitlab-ci.yml in the working directory has today. Each program that they
name and this course has is itself; what no desk has is played, and says so in the job's log: the
installer finds what a lock names in this environment or fails, the engine digests what it would
put into an image, the audit knows what a notebook publishes, the clusters are those of module 4,
whose clock jumps, and the browser's suite is module 2's.
"""

import importlib
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from solutions.m4_ci_cd.runner import BIN, Runner, git, missed, pipeline, read, said
from workbook.notebook import ROOT, STEADY
from workbook.pipeline import Job, plan

GREEN_IS_NOT_DEPLOYED = ROOT / "exercises/m4_ci_cd/green_is_not_deployed"
SLOW = 60  # seconds until the pods of a new image are ready, where all is well
BEFORE = [f"registry.example.com/shore/causeway@sha256:{each * 64}" for each in "ab"]
REACHED = "stopped.here"  # where a job notes the command that it has come to

# @BIN@ holds this course's programs, @HOME@ is the runner's own folder.
PLAYED = {
    "pip": """
echo "pip is played by uv: what the lock names has to be here already."
shift
exec @BIN@/uv pip install --quiet --python @BIN@/python --offline --no-index --dry-run "$@"
""",
    "kubeconform": """
echo "kubeconform is played by kubernetes-validate."
for last; do :; done
known="@HOME@/valid-$(sha256sum < "$last" | cut -c -64)" # the same file is asked about once
test -e "$known" || { @BIN@/kubernetes-validate --strict -k 1.33 "$last" && touch "$known"; }
""",
    "buildah": """
echo "buildah is a stand-in: it digests what would go into the image."
case $1 in
login) cat > /dev/null ;; # or whoever says the password is cut off
build)
    copied=$(sed -n 's/^COPY \\([^-].*\\) [^ ]*$/\\1/p' Dockerfile)
    for each in $copied; do
        grep -qx "!$each" .dockerignore || { echo "copying $each: it is ignored"; exit 1; }
    done
    find Dockerfile $copied -type f ! -name '*.pyc' | sort | xargs sha256sum |
        sha256sum | cut -c -64 > @HOME@/image ;;
push)
    while [ "$1" != --digestfile ]; do shift; done
    printf 'sha256:%s' "$(cat @HOME@/image)" > "$2" ;;
esac
""",
    "pip-audit": """
echo "pip-audit is a stand-in: it knows the advisories that the notebook publishes."
while [ "$1" ]; do
    case $1 in --requirement) lock=$2 ;; --output) report=$2 ;; esac
    shift
done
exec @BIN@/python - "$lock" "$report" @HOME@/advisories.json << 'END'
import json, pathlib, re, sys
lock, report, known = map(pathlib.Path, sys.argv[1:])
known = json.loads(known.read_text())
found = re.findall(r"^([\\w.-]+)==([\\w.]+)", lock.read_text(), re.MULTILINE)
said = [{"name": n, "version": v, "vulns": known.get(n, [])} for n, v in found]
report.write_text(json.dumps({"dependencies": said}))
END
""",
    "robot": 'echo "robot is a stand-in: module 2 runs this suite in a browser."\n',
    "chromium": 'echo "chromium is a stand-in."\n',
}


@dataclass(frozen=True)
class Stop:
    """Where a commit was stopped: how many jobs had passed, which did not, and its command."""

    passed: int
    job: str
    command: str
    said: str


class Line(Runner):
    """Causeway's repository in the working directory, and what its jobs find on their path."""

    def __init__(self) -> None:
        self.clusters: dict[str, Any] = {}
        text = Path(".gitlab-ci.yml").read_text(encoding="utf-8")
        named = set(re.findall(r"[\w.-]+", text)) & {path.name for path in BIN.iterdir()}
        super().__init__(*sorted(named - {*PLAYED, "kubectl"}))
        for name, script in PLAYED.items():
            filled = script.replace("@BIN@", str(BIN)).replace("@HOME@", str(self.home))
            self.provide(name, filled.lstrip())
        cache = f"MYPY_CACHE_DIR={self.home / 'types'}"
        self.provide("mypy", f'{cache} exec "{BIN}/mypy" "$@"\n')
        self.publish({})
        near = self.home / "near"
        near.mkdir()
        self.provide("kubectl", f'CLUSTER={near}/cluster exec {near}/kubectl "$@"\n')
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.given = {"CAUSEWAY_URL": f"http://127.0.0.1:{free.getsockname()[1]}"}

    @contextmanager
    def clusters_at(self, **scenarios: str) -> Iterator[None]:
        """Have kubectl find a cluster in each environment, in which a scenario is played."""
        sys.path.insert(0, str(GREEN_IS_NOT_DEPLOYED))
        play, cluster = map(importlib.import_module, ("play", "cluster"))
        sys.path.pop(0)
        manifests = Path("deployment.yaml").read_text(encoding="utf-8")
        [deployment] = [each for each in yaml.safe_load_all(manifests)
                        if each and each["kind"] == "Deployment"]  # fmt: skip
        self.clusters = {name: cluster.Cluster(scenario, deployment, BEFORE, deployment)
                         for name, scenario in scenarios.items()}  # fmt: skip
        for each in self.clusters.values():
            each.slow = SLOW
        desk = play.Desk(None)
        answered = desk.answered

        def in_its_environment(found: dict[str, str]) -> Any:
            desk.cluster = self.clusters[found["environment"]]
            status, said, complained, *file = answered(found)
            return status, said, f"kubectl is a stand-in: no cluster is here.\n{complained}", *file

        desk.answered = in_its_environment
        with play.on_path(self.home / "near", desk, ("kubectl",)):
            yield
        (self.home / "near/cluster").unlink()

    def publish(self, advisories: dict[str, list[dict[str, object]]]) -> None:
        """Let *advisories*, by package, be what is known, in pip-audit's form."""
        (self.home / "advisories.json").write_text(json.dumps(advisories), encoding="utf-8")

    def walk(self, event: str, *only: str, click: tuple[str, ...] = ()) -> dict[str, str]:
        """Have gitlab-ci-local run the pipeline of *event*; give how each of its jobs ended."""
        jobs = self.jobs(event)
        # One by one: each would have a machine of its own, and two of them serve at one port.
        options = ("--concurrency=1", *only, *(f"--manual={name}" for name in click))
        _, told = self.ask(*options, event=event, **self.given)
        self.logs, ends = read(told, jobs)
        return {
            name: ends.get(name) or ("never ran" if name in click else missed(job))
            for name, job in jobs.items()
            if not only or name in only
        }

    def stop(
        self, event: str, without: tuple[str, ...] = (), slow: tuple[str, ...] = ()
    ) -> Stop | None:
        """Run the jobs of *event* one by one, up to the first that builds; give what stops it.

        A job is a shell in the working directory, so what it leaves is there for the next. The
        jobs *without* are left out, and of a stage those that are *slow* are asked last.
        """
        file: Any = pipeline()
        stages = file["stages"]
        jobs = [each for each in plan(file, event) if each["name"] not in without]
        jobs.sort(key=lambda each: (stages.index(each["stage"]), each["name"] in slow))
        last = next((number for number, job in enumerate(jobs) if job["dotenv"]), len(jobs))
        for number, job in enumerate(jobs[:last]):
            code, text = self.job(job)
            if code and not job["allow_failure"]:
                reached = (self.home / REACHED).read_text(encoding="utf-8")
                return Stop(number, job["name"], reached.splitlines()[0], text)
        return None

    def job(self, job: Job) -> tuple[int, str]:
        """Run a job's script; give its status and what it said."""
        note = f"printf '%s' {{}} > {self.home / REACHED}\n"
        script = "".join(note.format(quoted(each)) + each + "\n" for each in job["script"])
        known = {**job["variables"], **self.given, "CI_PROJECT_DIR": os.getcwd(), **STEADY,
                 "CI_COMMIT_SHA": said("git", "rev-parse", "HEAD"),
                 "CI_MERGE_REQUEST_DIFF_BASE_SHA": said("git", "rev-parse", "HEAD~1"),
                 "PATH": f"{self.home / 'bin'}:/usr/bin:/bin", "HOME": str(self.home)}  # fmt: skip
        # As GitLab does, a variable may be made of others.
        known = {name: re.sub(r"\$(\w+)", lambda found: str(known.get(found[1], "")), str(value))
                 for name, value in known.items()}  # fmt: skip
        log = self.home / "log"
        with log.open("w", encoding="utf-8") as told:
            # No pipe, which a server that a job has left behind would hold open.
            done = subprocess.run(  # noqa: S603 - a job of Causeway's pipeline
                ["/bin/bash", "-eo", "pipefail", "-c", script], env=known,
                stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip
        return done.returncode, log.read_text(encoding="utf-8").replace(f"{os.getcwd()}/", "")

    @contextmanager
    def change(self, name: str, before: str, after: str) -> Iterator[None]:
        """Commit a change of the file *name*, and take the commit back afterwards."""
        path = Path(name)
        text = path.read_text(encoding="utf-8")
        if before not in text:
            raise ValueError(f"{before!r} is not in {name}")
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        self.commit()
        try:
            yield
        finally:
            git("reset", "-q", "--hard", "HEAD~1")
            git("clean", "-fdq")

    def digest(self) -> str:
        """Name the image that the engine would build of the working directory."""
        said(str(self.home / "bin/buildah"), "build")
        return "sha256:" + (self.home / "image").read_text(encoding="utf-8").strip()

    def runs(self, environment: str) -> str:
        """Name the image that drivers get in *environment*, or say that it is the one before."""
        image = self.clusters[environment].runs["spec"]["containers"][0]["image"]
        return "the one before" if image in BEFORE else str(image).rpartition("@")[2]


def quoted(text: str) -> str:
    """Quote a word for the shell."""
    return "'" + text.replace("'", "'\\''") + "'"
