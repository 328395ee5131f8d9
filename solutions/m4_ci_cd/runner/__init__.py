"""Run a pipeline as gitlab-ci-local runs it, and show what it said in an order that never changes.

The jobs are processes of this machine. Each sees the programs of one folder, which plays the image
that a job would run in, and what any system has; nothing else of the course's environment.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

from workbook.notebook import STEADY, keep, remove_afterwards
from workbook.pipeline import EVENTS, plan, problems

BIN = Path(sys.executable).parent
OPTIONS = ["--shell-isolation", "--no-artifacts-to-source", "--force-shell-executor", "--no-color"]
LIMIT = 600  # seconds a pipeline may take
# In the notebooks pytest loads no plugin by itself.
NEEDS_MORE = {"pytest": " -p pytest_cov"}
# A line that names the system and the Python; and what a slow job is told every ten seconds.
UNSTEADY = re.compile(r"> (_+ coverage: platform .* _+|still running\.\.\.)$")
TOLD = {"PASS": "passed", "FAIL": "failed", "WARN": "failed, which is allowed"}
CALLS = {
    "merge request": "a merge request",
    "branch": "a push to a branch",
    "main": "a push to main",
    "tag": "a tag",
    "schedule": "a schedule",
}


class Runner:
    """A git repository in the working directory, and the programs that its jobs find."""

    def __init__(self, *programs: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="causeway-runner-"))
        remove_afterwards(self.home)
        (self.home / "bin").mkdir()
        # One log, as GitLab's: what a command says on both its outputs, in the order it said it.
        (self.home / "one-log.sh").write_text("exec 2>&1\n", encoding="utf-8")
        for program in programs:
            self.provide(program, f'exec "{BIN / program}"{NEEDS_MORE.get(program, "")} "$@"\n')
        if not Path(".git").exists():
            git("init", "-q", "-b", "main")
        Path(".git/info/exclude").write_text(".gitlab-ci-local\n", encoding="utf-8")
        self.commit()
        # What gitlab-ci-local asks a clone for, to learn its default branch; nothing is fetched.
        git("config", "remote.origin.url", "git@gitlab.com:causeway/causeway.git")
        git("update-ref", "refs/remotes/origin/main", "HEAD")
        git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")

    def provide(self, program: str, script: str) -> None:
        """Put *program*, a shell script, where the jobs find it."""
        path = self.home / "bin" / program
        path.write_text(f"#!/bin/sh\n{script}", encoding="utf-8")
        path.chmod(0o755)

    def commit(self) -> None:
        """Commit the working directory as it stands."""
        git("add", "--all")
        git("-c", "user.name=Warden", "-c", "user.email=warden@causeway.example",
            "commit", "-q", "--allow-empty", "-m", "Work")  # fmt: skip

    def ask(self, *options: str, event: str = "main", **variables: str) -> tuple[int, list[str]]:
        """Run gitlab-ci-local for *event*; give its exit status and the lines it said.

        Raises ValueError for a cycle in `needs`, over which gitlab-ci-local spins for ever.
        """
        if circles := [each for each in lint() if "circle" in each]:
            raise ValueError(circles[0])
        given = {**EVENTS[event], **variables}
        options += tuple(f"--variable={name}={value}" for name, value in given.items())
        absent = [name for name in ("CI_COMMIT_BRANCH", "CI_COMMIT_TAG") if name not in given]
        options += tuple(f"--unset-variable={name}" for name in absent)
        options += (f"--ignore-predefined-vars={','.join(given)}", f"--home={self.home}")
        program = [str(BIN / "node"), str((BIN / "gitlab-ci-local").resolve())]
        environment = {
            "PATH": os.pathsep.join([str(self.home / "bin"), "/usr/bin", "/bin"]),
            "HOME": str(self.home),
            "BASH_ENV": str(self.home / "one-log.sh"),
            "POETRY_VIRTUALENVS_IN_PROJECT": "1",
            **STEADY,
        }
        with tempfile.TemporaryFile("w+", encoding="utf-8") as log:
            # No pipe, which a job that outlives its runner would hold open.
            done = subprocess.run(  # noqa: S603 - our own runner
                [*program, *OPTIONS, *options],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                timeout=LIMIT, check=False,
            )  # fmt: skip
            log.seek(0)
            return done.returncode, log.read().splitlines()

    def jobs(self, event: str = "main", **variables: str) -> dict[str, dict[str, str]]:
        """Give what `--list-csv` says of each job that *event* creates, by its name, in order."""
        options = ("--list-csv", "--no-json-schema-validation")
        _, said = self.ask(*options, event=event, **variables)
        rows = [line.split(";") for line in said if line.count(";") >= 5]
        return {row[0]: dict(zip(rows[0], row, strict=False)) for row in rows[1:]}

    def play(
        self,
        event: str = "main",
        *only: str,
        click: tuple[str, ...] = (),
        glue: str | None = None,
        cold: bool = True,
        brief: bool = False,
        **variables: str,
    ) -> None:
        """Run the pipeline of *event*, or its jobs *only*; print their logs and how they ended.

        *click* names manual jobs that somebody starts; *cold* clears the caches first; *brief*
        leaves out what the commands of those jobs said that passed.
        """
        for left in Path(".gitlab-ci-local").glob("*"):
            if cold or left.name != "cache":
                shutil.rmtree(left) if left.is_dir() else left.unlink()
        jobs = self.jobs(event, **variables)
        jobs = {name: job for name, job in jobs.items() if not only or name in only}
        options = (*only, *(f"--manual={name}" for name in click))
        status, told = self.ask(*options, event=event, **variables)
        logs, ends = read(told, jobs)
        shown = [f"$ {' '.join(('gitlab-ci-local', *options))}    # {CALLS[event]}"]
        if not ends:
            shown += [line for line in told if not re.search(r" in [\d.]+ m?s\.?$", line)]
        width = max(map(len, jobs), default=0)
        for name in jobs:
            short = brief and ends.get(name, "").startswith("passed")
            shown += [line for line in logs[name] if not short or line[width + 1] == "$"]
        if ends:
            shown.append("")
            shown += [f"{name:{width}}  {ends.get(name) or missed(jobs[name])}" for name in jobs]
        text = "\n".join([*shown, f"[exit {status}]"])
        text = re.sub(rf"{re.escape(os.getcwd())}(/\.gitlab-ci-local/builds/[\w-]+)?/?", "", text)
        print(text)
        if glue:
            keep(glue, text)


def read(
    said: list[str], jobs: dict[str, dict[str, str]]
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Sort what gitlab-ci-local *said*: each job's log, and how it ended."""
    logs: dict[str, list[str]] = {name: [] for name in jobs}
    ends = {}
    for line in said:
        if found := re.match(r" (PASS|FAIL|WARN)\s+(\S+)\s*(.*)", line):
            covered = ", " + found[3] if "coverage" in found[3] else ""
            ends[found[2]] = TOLD[found[1]] + covered
        name, _, rest = line.partition(" ")
        if name in jobs and re.match(r"\s*[$>]( |$)", rest) and not UNSTEADY.search(rest):
            logs[name].append(line.rstrip())
    return logs, ends


def missed(job: dict[str, str]) -> str:
    """Say of a job that did not run why not, as far as its own keywords tell."""
    return "waits for a click" if job["when"] == "manual" else "never ran"


def pipeline() -> object:
    """Read the pipeline in the working directory."""
    return yaml.safe_load(Path(".gitlab-ci.yml").read_text(encoding="utf-8"))


def lint() -> list[str]:
    """Give what the course's model has against the pipeline in the working directory."""
    return problems(pipeline())


def events() -> str:
    """Draw which jobs each event creates, by the course's model of GitLab."""
    plans = {event: {job["name"]: job for job in plan(pipeline(), event)} for event in EVENTS}
    names = dict.fromkeys(name for jobs in plans.values() for name in jobs)
    rows = [f"{'':15}" + "".join(f"{name:{len(name) + 2}}" for name in names)]
    for event, jobs in plans.items():
        cells = [(name, jobs[name]["when"] if name in jobs else "") for name in names]
        words = {"": "-", "on_success": "runs", "manual": "click"}
        rows.append(f"{event:15}" + "".join(f"{words.get(w, w):{len(n) + 2}}" for n, w in cells))
    return "\n".join(row.rstrip() for row in rows)


def said(*words: str, cwd: str | Path = ".") -> str:
    """Run a command of the notebook's in *cwd*; give what it says on both its outputs."""
    done = subprocess.run(  # noqa: S603 - the notebook's own command, no shell
        words, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return done.stdout.strip()


def git(*words: str) -> None:
    """Run git, which says nothing when all is well."""
    subprocess.run(["git", *words], check=True)  # noqa: S603, S607 - the notebook's own repository
