"""The lesson on attacks: each hole is there, found by what the chapter says, and gone afterwards.

Everything runs against the course's own desk, in this process or on loopback.
"""

import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import yaml
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from packaging.specifiers import SpecifierSet

from solutions.m3_dependencies.advisories import osv
from solutions.m7_security.attacks import exploits, ground, scanners
from solutions.m7_security.supply import database, gitlab_report, policy, provenance
from workbook.course import ROOT

RECORDS = osv.read_records(ROOT / "solutions/m3_dependencies/advisories/records.json")

# What the dynamic tools find in the weak desk and must not find in the repaired one.
BY_CONTRACT = [
    "GET /search       Schema-violating request accepted",
    "GET /v1/crossing  Schema-violating request accepted",
    "GET /v1/reports   Schema-violating request accepted",
    "GET /v1/table     Server error",
    "POST /v1/table    Server error",
]
BY_CRAWLING = [
    "GET /search       Reflected Cross Site Scripting",
    "GET /v1/reports   SQL Injection",
    "GET /v1/table     Path Traversal",
]


@pytest.fixture(params=["weak", "repaired"])
def desk(request, tmp_path, monkeypatch):
    """Give which desk it is, the application and the key that it expects."""
    monkeypatch.setenv("TIDE_API_KEY_FILE", "")
    ground.furnish(tmp_path / "desk")
    return request.param, *ground.build(request.param, tmp_path / "desk")


@pytest.mark.parametrize("name", exploits.EXPLOITS)
def test_an_exploit_reaches_its_aim_at_the_weak_desk_alone(desk, name):
    which, app, key = desk

    assert exploits.EXPLOITS[name](app.test_client(), key) is (which == "weak")


def test_both_desks_answer_those_for_whom_they_were_made(desk):
    _, app, key = desk

    answers = exploits.answers(app.test_client(), key)

    assert answers == {
        "reports of the north": {"said": ["The sign is dirty."]},
        "the table of May": True,
        "its windows": {"windows": "1"},
        "a table that a sign brings": {"windows": 2},
        "open at 08:00": {"open": True},
        "open at 09:20": {"open": False},
        "a search": True,
    }


def test_a_link_does_not_lead_out_of_the_tables(tmp_path, monkeypatch):
    monkeypatch.setenv("TIDE_API_KEY_FILE", "")
    ground.furnish(tmp_path / "desk")
    (tmp_path / "desk/tables/june.yaml").symlink_to("../secret.txt")
    app, _ = ground.build("repaired", tmp_path / "desk")

    answer = app.test_client().get("/v1/table?name=june.yaml")

    assert answer.status_code == 404


@pytest.mark.parametrize("key", ["", "\n", "  "])
def test_no_key_opens_a_desk_without_one(tmp_path, monkeypatch, key):
    """A key that was forgotten fits nothing, not even nothing."""
    monkeypatch.setenv("TIDE_API_KEY_FILE", "")
    ground.furnish(tmp_path / "desk")
    (tmp_path / "desk/key").write_text(key, encoding="utf-8")
    app, _ = ground.build("repaired", tmp_path / "desk")

    for shown in ("", "tide-live-anything"):
        answer = app.test_client().post("/v1/table", data="{}", headers={"X-Api-Key": shown})
        assert answer.status_code == 401


def test_the_contract_names_every_route_but_the_forgotten_one(tmp_path):
    app, _ = ground.build("weak", tmp_path)
    promised = yaml.safe_load(scanners.CONTRACT.read_text("utf-8"))["paths"]

    served = {str(rule) for rule in app.url_map.iter_rules()}

    assert served - set(promised) == {"/", "/v1/count", "/static/<path:filename>"}


def test_schemathesis_finds_what_breaks_the_contract(desk, tmp_path):
    which, app, key = desk

    with ground.serve(app) as address:
        found = scanners.schemathesis(address, key, tmp_path)

    if which == "weak":
        assert set(BY_CONTRACT) <= set(found)
    else:
        assert found == []


def test_schemathesis_knows_a_bound_only_from_the_contract(tmp_path):
    ground.furnish(tmp_path / "desk")
    app, key = ground.build("weak", tmp_path / "desk")
    silent = tmp_path / "silent.yaml"
    text = scanners.CONTRACT.read_text("utf-8")
    silent.write_text(text.replace(", minimum: 15, maximum: 120", ""), encoding="utf-8")
    accepted = "GET /v1/crossing  Schema-violating request accepted"

    with ground.serve(app) as address:
        found = scanners.schemathesis(address, key, tmp_path, silent, only="/v1/crossing")

    assert accepted not in found


def test_wapiti_finds_what_a_visitor_can_reach(desk, tmp_path):
    if shutil.which("wapiti") is None:  # on a desk it may be; in CI it is found
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing("wapiti is not installed. `make tools` brings it.")
    which, app, _ = desk

    with ground.serve(app) as address:
        found = scanners.wapiti(address, tmp_path)

    if which == "weak":
        assert set(BY_CRAWLING) <= set(found)
        assert not [line for line in found if "/v1/count" in line]
    else:
        assert found == []


# The supply chain


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["id"])
def test_the_database_says_what_the_records_say(record):
    """Whatever range OSV has, Safety gets as specifiers that mean the same."""
    [affected] = record["affected"]
    ranges = [SpecifierSet(each) for each in database.specifiers(affected)]
    edges = {at for part in affected["ranges"] for event in part["events"] for at in event.values()}

    for version in {*edges, "0.1", "2.2.4", "2.3.1", "1.11.1", "99"} - {"0"}:
        assert any(version in each for each in ranges) == osv.is_affected(version, affected)


def test_an_exception_ends_after_its_last_day_and_never_covers_an_attack():
    finding = policy.Finding("A-1", "werkzeug", 7.5, repair="3.0.1")
    excuse = policy.Excuse("A-1", "werkzeug", "ann", "no forms", date(2026, 6, 30))

    assert policy.decide(finding, [excuse], date(2026, 6, 30)).startswith("pass")
    assert policy.decide(finding, [excuse], date(2026, 7, 1)).startswith("block")
    attacked = replace(finding, exploited=True)
    assert policy.decide(attacked, [excuse], date(2026, 6, 30)).startswith("block")
    another = replace(finding, id="A-2")
    assert policy.decide(another, [excuse], date(2026, 6, 30)).startswith("block")


def test_an_exception_without_an_end_is_none():
    with pytest.raises(TypeError, match="expires"):
        policy.read_excuses('exception = [{id = "A", package = "b", owner = "c", reason = "d"}]')


def test_a_signature_covers_the_type_of_what_it_signs():
    """The same bytes under another type are another message."""
    key = Ed25519PrivateKey.generate()
    expected = provenance.Expected("builder", "source")
    envelope = provenance.sign(provenance.state("a.tar", b"built", expected), key)

    assert provenance.objections(envelope, b"built", key.public_key(), expected) == []
    retyped = {**envelope, "payloadType": "text/plain"}
    assert provenance.objections(retyped, b"built", key.public_key(), expected) == ["signature"]


def test_a_finding_keeps_its_id_when_lines_are_added_above():
    found = {
        "test_id": "B602", "test_name": "shell", "issue_text": "A shell.",
        "issue_severity": "HIGH", "filename": "./src/main.py", "line_number": 7,
        "code": "7 run(command, shell=True)\n",
    }  # fmt: skip
    moved = {**found, "line_number": 8, "code": "8 run(command, shell=True)\n"}

    before, after = gitlab_report.vulnerability(found), gitlab_report.vulnerability(moved)

    assert before["id"] == after["id"]
    assert after["location"] == {"file": "src/main.py", "start_line": 8}


def test_a_file_that_was_not_read_makes_a_scan_that_failed():
    unread = {"filename": "./src/main.py", "reason": "syntax error while parsing AST from file"}
    when = datetime(2026, 5, 1, 8, tzinfo=UTC)

    statuses = [
        gitlab_report.sast({"errors": errors, "results": []}, when)["scan"]["status"]
        for errors in ([], [unread])
    ]

    assert statuses == ["success", "failure"]
