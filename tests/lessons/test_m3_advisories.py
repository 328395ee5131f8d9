"""The lesson on advisories: our reader, the service made of it, and the exercise's frozen data."""

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import pytest
from packaging.version import Version

from solutions.m3_dependencies.advisories import osv, service
from workbook.course import ROOT, find_exercise
from workbook.grading import from_folder, grade

START = ROOT / "exercises/m3_dependencies/advisory_triage"
REFERENCE = ROOT / "solutions/m3_dependencies/advisory_triage"
DATA = ROOT / "tests/m3_dependencies/advisory_triage"
RECORDS = osv.read_records(DATA / "advisories.json")


@pytest.fixture(scope="module")
def grader():
    file = DATA.parent / "test_advisory_triage.py"
    spec = importlib.util.spec_from_file_location("grader_of_advisory_triage", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("events", "version", "affected"),
    [
        ("introduced 0", "0.1", True),
        ("introduced 2.0, fixed 2.3.4", "1.9", False),
        ("introduced 2.0, fixed 2.3.4", "2.0", True),
        ("introduced 2.0, fixed 2.3.4", "2.3.4", False),
        ("introduced 2.0, fixed 2.3.4", "2.3.4rc1", True),
        ("introduced 0, fixed 2.2.5, introduced 2.3.0, fixed 2.3.2", "2.2.5", False),
        ("introduced 0, fixed 2.2.5, introduced 2.3.0, fixed 2.3.2", "2.3.1", True),
        ("introduced 0, fixed 2.2.5, introduced 2.3.0, fixed 2.3.2", "2.10", False),
        ("introduced 0, last_affected 1.11.0", "1.11.0", True),
        ("introduced 0, last_affected 1.11.0", "1.11.1", False),
    ],
)
def test_a_range_is_read_as_the_format_says(grader, events, version, affected):
    pairs = [each.split() for each in events.split(", ")]
    entry = {"ranges": [{"type": "ECOSYSTEM", "events": [{kind: at} for kind, at in pairs]}]}

    assert osv.is_affected(version, entry) is affected
    assert grader.is_affected(version, entry) is affected


def test_commits_are_no_versions():
    entry = {"ranges": [{"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "f3c803b"}]}]}

    assert not osv.is_affected("1.0", entry)


def test_the_grader_and_the_reader_agree_on_every_release(grader):
    for name, version in grader.releases():
        lock = {name: version}
        ours = {(hole.id, hole.package) for hole in osv.holes(lock, RECORDS)}
        assert ours == set(grader.audit(lock, RECORDS, [], grader.TODAY)), (name, version)


def test_an_exception_ends_and_excuses_one_record():
    lock = {"moonphase": "0.9.2"}
    excuse = osv.Excuse("HBR-2026-41", "moonphase", "We read no almanac.", date(2026, 6, 30))
    new = {**RECORDS[2], "id": "NEW-1", "aliases": []}

    assert not osv.audit(lock, RECORDS, [excuse], date(2026, 6, 30))
    assert osv.audit(lock, RECORDS, [excuse], date(2026, 7, 1))
    assert [hole.id for hole in osv.audit(lock, [*RECORDS, new], [excuse], date(2026, 6, 30))] == [
        "NEW-1"
    ]


@pytest.mark.parametrize("line", ["flask", "flask>=2", "a @ https://example.org/a-1.whl", "-e ."])
def test_what_pins_nothing_is_not_passed_over(line):
    with pytest.raises(ValueError, match="not pinned"):
        osv.read_lock(f"gunicorn==23.0.0\n{line}\n")


def test_pip_audit_is_told_what_the_reader_finds(tmp_path):
    """The scanner asks, the service decides: ours decides as the reader does."""
    lock = osv.read_lock((START / "requirements.txt").read_text(encoding="utf-8"))
    with service.serve(RECORDS) as address:
        done = subprocess.run(
            [sys.executable, "-m", "pip_audit", "--requirement", START / "requirements.txt",
             "--no-deps", "--disable-pip", "--vulnerability-service", "osv", "--osv-url",
             f"{address}/v1/query", "--format", "json", "--progress-spinner", "off",
             "--cache-dir", tmp_path],
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    told = json.loads(done.stdout)["dependencies"]
    found = {(vuln["id"], each["name"]) for each in told for vuln in each["vulns"]}
    merged = {(hole.id, hole.package) for hole in osv.holes(lock, RECORDS)}
    assert done.returncode == 1
    # It calls both records of one hole by the name of one.
    assert merged - found == {("HBR-2026-41", "moonphase")}
    assert found < merged


# The exercise's data


def test_the_frozen_data_is_what_the_learner_reads(grader):
    for name in ("advisories.json", "releases.toml"):
        assert (START / name).read_bytes() == (DATA / name).read_bytes()
    project = tomllib.loads((START / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = osv.read_lock((START / "requirements.txt").read_text(encoding="utf-8"))

    assert tuple(project["dependencies"]) == grader.ASKS
    assert lock == grader.BEFORE


def test_records_have_what_the_format_asks_for():
    for record in RECORDS:
        assert {"schema_version", "id", "modified", "affected"} <= set(record)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["modified"])
        for affected in record["affected"]:
            assert affected["package"]["ecosystem"] == "PyPI"
            assert affected.get("ranges") or affected.get("versions")


def test_exactly_one_hole_has_no_repair_within_its_line(grader):
    """Of each affected package there is a clean release of the same major, but of one."""
    affected = {name for _, name in grader.audit(grader.BEFORE, RECORDS, [], grader.TODAY)}
    closed = {
        name
        for name in affected
        if any(
            Version(each).major == Version(grader.BEFORE[name]).major
            for each in grader.clean_releases(name)
        )
    }

    assert affected - closed == {grader.UNREPAIRED}
    assert grader.clean_releases(grader.UNREPAIRED) == []


HOSTILE = {
    "no_pin": ("flask\n", ""),
    "digits": ("signboard==" + "9" * 10000 + "\n", ""),
    "unknown": ("nothing==1 --hash=sha256:0\n", ""),
    "twice": ("signboard==2.3.4 \\\n  --hash=sha256:0\nSignBoard==2.3.1\n", ""),
    "options": ("--index-url https://example.org\n-r other.txt\n", ""),
    "empty": ("", ""),
    "numbers": (None, "exception = [1, 2]"),
    "one_table": (None, "[exception]\nid = 3\nexpires = 07:32:00\n"),
    "lists": (None, "[[exception]]\nid = ['*']\npackage = ['*']\nreason = 1\nexpires = []\n"),
    "end_of_time": (None, "[[exception]]\nid = '*'\nreason = 'a b c d'\nexpires = 9999-12-31\n"),
    "no_date": (None, "[[exception]]\nid = '*'\nreason = 'a b c d'\nexpires = 'never'\n"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_breaks_the_grader(name, tmp_path):
    """Whatever is handed in, the answer is *not yet*: it is never our fault, nor a pass."""
    folder = tmp_path / "m3_dependencies" / "advisory_triage"
    shutil.copytree(START, folder)
    lock, excuses = HOSTILE[name]
    reference = (REFERENCE / "requirements.txt").read_text(encoding="utf-8")
    (folder / "requirements.txt").write_text(lock or reference, encoding="utf-8")
    (folder / "exceptions.toml").write_text(excuses, encoding="utf-8")

    [verdict] = grade([find_exercise("advisory_triage")], from_folder(tmp_path))

    assert verdict.outcome == "not_yet"
    assert {check.outcome for check in verdict.checks} <= {"passed", "not_yet"}


def test_every_lock_that_proves_the_exercise_is_one():
    for file in sorted(Path(DATA).glob("*/*/requirements.txt")):
        assert osv.read_lock(file.read_text(encoding="utf-8")), file
