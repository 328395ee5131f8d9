"""The finished Causeway, copied out of the course: what its README says works there.

The one command makes an environment from the locks and runs the pipeline's jobs. Two programs are
played, and say so: pip-audit (its database is not asked) and kubeconform (by kubernetes-validate).
Of pip's answers one is kept for each lock; all the rest is what it is.
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

from workbook.course import ROOT, read_tree

CAUSEWAY = ROOT / "solutions/my-devops-project"
BIN = Path(sys.executable).parent
# Programs that Causeway's locks do not bring.
TOOLS = ("gitlab-ci-local", "node", "uv", "hadolint", "helm", "kubernetes-validate")
PLAYED = {
    "pip-audit": f"""#!/bin/sh
exec {BIN}/python -IS {ROOT}/tests/m7_security/project/audit.py pip-audit "$@"
""",
    "pip": """#!/bin/sh
set -e
for lock; do :; done
said=$KEPT/$(basename "$lock")
[ -e "$said" ] || { @VENV@/pip "$@" > "$said.$$"; mv "$said.$$" "$said"; }
cat "$said"
""",
}
JOBS = yaml.safe_load((CAUSEWAY / ".gitlab-ci.yml").read_text(encoding="utf-8"))


def commands():
    """Give the commands of the README by the heading that they stand under."""
    text = (CAUSEWAY / "README.md").read_text(encoding="utf-8")
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)[1:]
    return {
        heading: re.findall(r"^```sh\n(.*?)^```", part, re.MULTILINE | re.DOTALL)
        for heading, part in zip(parts[::2], parts[1::2], strict=True)
        if "```sh" in part
    }


README = commands()
WHOLE, TAKEN_OVER = README["Before you push"]


def missing(what):
    """Skip, but in CI, where everything has to be there."""
    pytest.fail(what) if os.environ.get("CI") else pytest.skip(what)


class Copy:
    """Causeway in a folder of its own, and a person's shell there."""

    def __init__(self, home):
        self.path, self.tools, self.played = (home / name for name in ("causeway", "bin", "played"))
        for name, content in read_tree(CAUSEWAY, False).items():
            (self.path / name).parent.mkdir(parents=True, exist_ok=True)
            (self.path / name).write_bytes(content)
        for folder in (self.tools, self.played, home / "kept"):
            folder.mkdir()
        for name in TOOLS:
            if not (BIN / name).exists():
                missing(f"{name} is not installed. `make tools` brings it.")
            (self.tools / name).symlink_to((BIN / name).absolute())
        venv = self.path / ".venv/bin"
        for name, text in PLAYED.items():
            (self.played / name).write_text(text.replace("@VENV@", str(venv)), encoding="utf-8")
            (self.played / name).chmod(0o755)
        cache = {"UV_CACHE_DIR": str(Path.home() / ".cache/uv")}
        network = re.compile(r"(UV|PIP|SSL|HTTPS?|NO|REQUESTS)_.*|https?_proxy|no_proxy")
        asked = {name: value for name, value in os.environ.items() if network.fullmatch(name)}
        self.known = {
            **cache, **asked, "HOME": str(home), "KEPT": str(home / "kept"), "NO_COLOR": "1",
            "MYPY_CACHE_DIR": str(home / "mypy"), "LANG": "C.UTF-8",
            "PATH": f"{self.played}:{venv}:{self.tools}:/usr/bin:/bin",
        }  # fmt: skip
        for who in ("AUTHOR", "COMMITTER"):
            self.known |= {f"GIT_{who}_NAME": "Warden", f"GIT_{who}_EMAIL": "warden@example.org"}
        self.log = self.path / "results/everything.log"

    def run(self, text, **more):
        """Have a shell run *text*; give its exit code and what was said."""
        with (self.path.parent / "said").open("w+", encoding="utf-8") as said:
            # No pipe, which a server that is left behind would hold open.
            done = subprocess.run(
                ["bash", "-e", "-c", text], cwd=self.path, env={**self.known, **more},
                stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, timeout=900,
                check=False,
            )  # fmt: skip
            said.seek(0)
            return done.returncode, said.read()


def free_port():
    """Give a port of this machine at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """Give the copy, made a repository as the README says."""
    if not all(map(shutil.which, ("chromium", "chromedriver", "rsync"))):
        missing("Chromium, its driver or rsync is not installed. `make system` brings them.")
    made = Copy(tmp_path_factory.mktemp("copied"))
    assert ROOT not in made.path.parents
    assert made.run(TAKEN_OVER)[0] == 0
    return made


@pytest.fixture(scope="module")
def whole(copy):
    """Give what the one command of the README ended with, and what it said."""
    code, said = copy.run(WHOLE)
    unreached = "environment: not made"
    if unreached in said and re.search("Failed to fetch|dns error|onnect|network", said):
        missing(f"The releases of Causeway's locks cannot be had here:\n{said}")
    return code, said


def jobs_of(*stages):
    """Name the jobs of the pipeline's *stages*; `extends` is followed to where the stage stands."""

    def stage(job):
        return job.get("stage") or ("extends" in job and stage(JOBS[job["extends"]]))

    named = {name: job for name, job in JOBS.items() if name[0] != "." and "script" in job}
    return [name for name, job in named.items() if stage(job) in stages]


def test_one_command_is_all_green(copy, whole):
    """Each job that lints, tests or scans is run and told with its time; the rest is named."""
    code, said = whole
    log = copy.log.read_text(encoding="utf-8") if copy.log.exists() else ""

    assert code == 0, said + log[-9000:]
    assert "PASS" in said.splitlines()[0]
    assert "environment" in said.splitlines()[0]
    told = re.findall(r"^ PASS +\[ *[\d.]+ \w+\] (\S+)", said, re.MULTILINE)
    assert sorted(told) == sorted(jobs_of("lint", "test"))
    assert "Not asked for here: build, tides, review, stop-review." in said
    assert "All green" in said


def test_nothing_was_only_said_to_be_done(copy, whole):
    """Each job's own tool reports in the log; what is played says so; the tree is as it was."""
    log = copy.log.read_text(encoding="utf-8")
    artifacts = copy.path / ".gitlab-ci-local/artifacts"

    for words in (
        "All checks passed!", "would be left unchanged", "Success: no issues found",  # lint
        "1 chart(s) linted, 0 chart(s) failed", "Total coverage: 100.00%",
        "2 tests, 2 passed, 0 failed", "build succeeded", "0 failures in tests",  # browser, docs
        "pip-audit is a stand-in", "0 findings, 0 of them block.",
        "Requirement already satisfied: flask==", "Requirement already satisfied: sphinx==",
    ):  # fmt: skip
        assert words in log, words
    assert "kubernetes-validate, which has the same schemas, plays it" in whole[1]
    for file in ("browser/results/browser.xml", "contract/results/contract.xml",
                 "bandit_sast/results/gl-sast-report.json",
                 "sbom/results/gl-sbom-pypi-pip.cdx.json"):  # fmt: skip
        assert (artifacts / file).is_file()
    assert copy.run("git status --short")[1] == ""


def test_a_fault_is_told_with_its_job(copy, whole):
    """What stops a job is shown, what comes after is not reached, and the command fails."""
    file = copy.path / "src/my_devops_project/windows.py"
    before = file.read_text(encoding="utf-8")
    file.write_text(before + "\nimport this\n", encoding="utf-8")

    code, said = copy.run(f"{WHOLE.strip()} image-lint lint test")

    file.write_text(before, encoding="utf-8")
    assert code == 1
    assert re.search(r"^ PASS .* image-lint", said, re.MULTILINE)
    assert re.search(r"^ FAIL .* lint\b", said, re.MULTILINE)
    assert "What lint said:\n$ ruff check .\n" in said
    assert "`this` imported but unused" in said
    assert "Not reached: test" in said
    assert "All green" not in said


def test_what_is_missing_is_named_with_where_it_comes_from(copy, tmp_path):
    """Nothing is started without a program that a job needs, nor outside a repository."""
    shutil.copytree(copy.path / "scripts", tmp_path / "scripts")

    code, said = copy.run(f"cd {tmp_path} && {WHOLE}", PATH="/usr/bin:/bin")

    assert code == 2
    assert said.startswith("Nothing was started. Missing here:\n")
    for words in ("helm: https://", "hadolint: https://", "gitlab-ci-local: npm install",
                  "kubeconform: https://", "a commit, in a repository"):  # fmt: skip
        assert words in said
    assert not (tmp_path / ".venv").exists()


def served(block, port):
    """Give *block* with its server in the background, at a free port, and gone at the end."""
    text = block.replace(":8000", f":{port}")
    waits = f"curl --silent --retry 40 --retry-delay 1 --retry-connrefused 127.0.0.1:{port}/livez"
    end = f" &\ntrap 'kill %%' EXIT\n{waits} > /dev/null\n"
    return re.sub(r"^(.*gunicorn --bind.*)\n", rf"\1{end}", text, flags=re.MULTILINE)


def test_it_runs_as_the_readme_says(copy, whole):
    """Installed from the lock it answers a driver, and with a new table it is ready."""
    (install,), (table,) = README["Run it"], README["When the table has expired"]

    code, said = copy.run(served(install, free_port()))
    assert code == 0, said
    assert '"open":true' in said.replace(" ", "")

    code, said = copy.run(served(table, free_port()), TIDE_API_KEY="k")
    assert code == 0, said


def test_the_suite_runs_in_a_browser_as_the_readme_says(copy, whole):
    """The README's own commands log in as the warden in Chromium."""
    (block,) = README["In a browser"]
    port = free_port()
    waits = f"curl --silent --retry 40 --retry-delay 1 --retry-connrefused 127.0.0.1:{port}/livez"

    code, said = copy.run(block.replace(":8000", f":{port}").replace("robot", f"{waits}\nrobot", 1))

    assert code == 0, said
    assert "2 tests, 2 passed, 0 failed" in said


def test_the_hooks_pass_as_the_readme_says(copy, whole):
    """The developers' lock installs, and the hooks are green for the whole tree."""
    (block,) = README["Before you commit"]
    first, last = block.strip().rsplit("\n", 1)

    code, said = copy.run(first)

    assert code == 0, said
    assert said.count("Passed") == 3
    assert JOBS["test"]["script"][0].startswith(last)  # and was run with the jobs


def test_the_locks_are_what_their_commands_write(copy, whole):
    """Locked again as the README says, each release and each hash stays what it is."""
    (block,) = README["When what it needs changes"]
    names = ("requirements.txt", "requirements-dev.txt", "requirements-ci.txt")

    def locked():
        texts = [(copy.path / name).read_text(encoding="utf-8") for name in names]
        return [re.sub(r"(?m)^#.*\n", "", text) for text in texts]

    before = locked()
    code, said = copy.run(block)

    assert code == 0, said
    assert locked() == before


def test_the_readme_has_no_command_besides():
    """What was not run above a job runs in these words, or it needs a cluster or containers."""
    (docs,) = README["Documentation"]
    ran = {"Run it", "When the table has expired", "When what it needs changes",
           "Before you commit", "Before you push", "In a browser"}  # fmt: skip

    assert docs.splitlines() == JOBS["docs"]["script"]
    assert set(README) == ran | {"Documentation", "From a push to drivers", "On Kubernetes"}


def test_the_script_is_clean():
    """shellcheck finds nothing in what the one command runs."""
    done = subprocess.run(
        [BIN / "shellcheck", CAUSEWAY / "scripts/everything.sh"], capture_output=True, check=False
    )

    assert done.returncode == 0, done.stdout.decode()
