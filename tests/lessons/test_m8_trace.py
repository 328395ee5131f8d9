"""What a commit's trace is made of: a change that is taken back, and programs that are played."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from solutions.m8_full_project.trace import Line
from workbook.course import ROOT
from workbook.pipeline import EVENTS


@pytest.fixture
def line(tmp_path, monkeypatch):
    """Causeway's pipeline, image and manifest in a repository, without its lint and tests."""
    source = ROOT / "solutions/my-devops-project"
    for name in (".gitlab-ci.yml", ".dockerignore", "Dockerfile", "deployment.yaml"):
        shutil.copy(source / name, tmp_path)
    (tmp_path / "requirements.txt").write_text("blinker==1.9.0\nflask==3.1.3 \\\n", "utf-8")
    (tmp_path / "src").mkdir()
    (tmp_path / "src/app.py").write_text("OPEN = False\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return Line()


def job(script, **more):
    """Give a job as the plan of a pipeline has it."""
    known = dict(EVENTS["main"], FOUND="$CI_PROJECT_NAME")
    return {"name": "asked", "script": script, "variables": known, "allow_failure": False, **more}


def played(line, program, *words):
    """Run a program that is played; give its status."""
    done = subprocess.run([line.home / "bin" / program, *words], check=False, capture_output=True)
    return done.returncode


def test_a_change_is_committed_and_taken_back(line):
    """The fault is a commit while it is looked at, and leaves nothing behind."""
    before = Path("Dockerfile").read_text(encoding="utf-8")

    with line.change("Dockerfile", "USER", "# USER"):
        Path("left.txt").write_text("behind", encoding="utf-8")
        assert "# USER" in Path("Dockerfile").read_text(encoding="utf-8")

    assert Path("Dockerfile").read_text(encoding="utf-8") == before
    assert not Path("left.txt").exists()
    with (
        pytest.raises(ValueError, match="nothing such"),
        line.change("Dockerfile", "nothing such", ""),
    ):
        pass


def test_a_job_is_a_shell_that_stops_at_the_first_failure(line):
    """Its variables are filled in; what it had come to is told."""
    assert line.job(job(["echo $FOUND"])) == (0, "causeway\n")

    code, said = line.job(job(["echo one", "false | true", "echo 'two'"]))

    assert (code, said) == (1, "one\n")
    assert (line.home / "stopped.here").read_text(encoding="utf-8") == "false | true"


def test_the_digest_is_of_what_goes_into_the_image(line):
    """A source changes it, a manifest does not, and a file that is ignored cannot be copied."""
    before = line.digest()

    Path("deployment.yaml").write_text("{}", encoding="utf-8")
    assert line.digest() == before
    Path("src/app.py").write_text("OPEN = True\n", encoding="utf-8")
    assert line.digest() != before
    Path(".dockerignore").write_text("*\n!src\n", encoding="utf-8")
    assert played(line, "buildah", "build") == 1


def test_the_audit_knows_what_was_published(line):
    """A package with an advisory has it in the report, and the others have none."""
    asked = [
        "--strict",
        "--requirement",
        "requirements.txt",
        "--format",
        "json",
        "--output",
        "a.json",
    ]

    line.publish({"flask": [{"id": "EXAMPLE-1", "fix_versions": ["9.9"]}]})

    assert played(line, "pip-audit", *asked) == 0
    found = json.loads(Path("a.json").read_text(encoding="utf-8"))["dependencies"]
    assert [(each["name"], len(each["vulns"])) for each in found] == [("blinker", 0), ("flask", 1)]


def test_a_cluster_runs_what_was_there_before(line):
    """Until something is deployed, drivers get the image of before."""
    with line.clusters_at(staging="good"):
        assert line.runs("staging") == "the one before"
