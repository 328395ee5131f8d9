"""The reviewing lesson of module 1: its readers, its gate, its agent, and that its facts hold."""

import asyncio
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from solutions.m1_static_analysis.reviewing import (
    agent,
    change,
    gate,
    judging,
    linters,
    sonar,
    standin,
)
from solutions.m1_static_analysis.reviewing.findings import Finding, from_mypy, from_sarif
from workbook.course import ROOT
from workbook.submission import Submission

LESSON = ROOT / "solutions/m1_static_analysis/reviewing"
DIFF = (LESSON / "notices.diff").read_text(encoding="utf-8")
TRUTH = judging.read_truth(LESSON / "notices.toml")

EDIT = """\
--- a/tide.py
+++ b/tide.py
@@ -1,3 +1,3 @@
 high = 1
-low = 2
+low = 0
 # end
@@ -5,0 +6,1 @@
+--- = 'not a header'
"""
BEFORE = "high = 1\nlow = 2\n# end\n\nebb = 3\nflow = 4\n"


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "tide.py").write_text(BEFORE, encoding="utf-8")
    return tmp_path


def test_added_lines_are_numbered_as_in_the_new_file():
    assert change.added(EDIT) == {"tide.py": {2: "low = 0", 6: "--- = 'not a header'"}}


def test_a_change_applies_as_patch_would(tree):
    change.apply(EDIT, tree)

    after = "high = 1\nlow = 0\n# end\n\nebb = 3\n--- = 'not a header'\nflow = 4\n"
    assert (tree / "tide.py").read_text(encoding="utf-8") == after


@pytest.mark.parametrize(
    ("diff", "word"),
    [
        (EDIT.replace("-low = 2", "-low = 7"), "the diff expects 'low = 7'"),
        (EDIT.replace("b/tide.py", "b/../tide.py"), "not below the project"),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing(tree, diff, word):
    with pytest.raises(change.DoesNotApply, match=word):
        change.apply(diff, tree)

    assert (tree / "tide.py").read_text(encoding="utf-8") == BEFORE


def test_the_lessons_diff_is_what_git_applies(tmp_path):
    (tmp_path / "ours").mkdir()
    (tmp_path / "gits").mkdir()

    change.apply(DIFF, tmp_path / "ours")
    subprocess.run(
        ["git", "apply"], input=DIFF, cwd=tmp_path / "gits", text=True, check=True, timeout=60
    )

    for file in change.added(DIFF):
        ours, gits = tmp_path / "ours" / file, tmp_path / "gits" / file
        assert ours.read_bytes() == gits.read_bytes()


def test_every_planted_defect_stands_where_the_truth_says():
    new = change.added(DIFF)

    for defect in TRUTH:
        assert defect.code in new[defect.file][defect.lines[0]], defect.name
        assert defect.lines[-1] in new[defect.file], defect.name


@pytest.mark.parametrize(
    ("name", "expression", "wrong"),
    [
        (
            "never_stale",
            "is_fresh({'fetched': str(datetime.now() - timedelta(days=7))})",
            True,
        ),
        ("fails_open", "load(Path('nothing'))['open']", "all day"),
        ("shared_default", "fetch.__defaults__[0].append('x') or fetch.__defaults__", (["x"],)),
        ("closing_minute_open", "current([(noon, noon)], noon) is not None", True),
        ("none_unpacked", "raises(TypeError, lambda: minutes_left([], noon))", True),
        (
            "number_in_text",
            "raises(TypeError, lambda: message('+1', [(noon, noon)], noon))",
            True,
        ),
        ("removes_while_reading", "recipients(['+1'] * 4)", ["+1", "+1"]),
        ("seconds_for_minutes", "(noon - warn_at(noon)).total_seconds()", 30.0),
    ],
)
def test_a_planted_defect_does_the_harm_it_is_said_to_do(tmp_path, name, expression, wrong):
    assert name in {defect.name for defect in TRUTH}
    change.apply(DIFF, tmp_path)
    program = f"""
from datetime import datetime, timedelta
from pathlib import Path
from feed import *
from notices import *
noon = datetime(2026, 5, 1, 12)
def raises(error, act):
    try:
        act()
    except error:
        return True
print(repr({expression}))
"""

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path / "src/my_devops_project",
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == repr(wrong)


def test_sarif_gives_file_line_and_rule(tmp_path):
    (tmp_path / "a file.py").write_text("import os\n\n\ndef tide(of=[]):\n    return of\n")

    found = {(each.file, each.line, each.rule, each.severity) for each in linters.ruff(tmp_path)}

    assert {("a file.py", 1, "F401", "high"), ("a file.py", 4, "B006", "high")} <= found


def test_relative_addresses_in_sarif_stay_as_they_are(tmp_path):
    region = {"artifactLocation": {"uri": "src/a.py"}, "region": {"startLine": 3}}
    result = {
        "ruleId": "E501",
        "message": {"text": "long"},
        "locations": [{"physicalLocation": region}],
    }
    run = {"tool": {"driver": {"name": "ruff"}}, "results": [result]}

    assert from_sarif({"runs": [run]}, tmp_path) == [
        Finding("src/a.py", 3, "E501", "low", "long", "ruff")
    ]


def test_mypys_notes_are_no_findings():
    error = {"file": "a.py", "line": 1, "message": "m", "code": "misc", "severity": "error"}
    output = f"{json.dumps(error)}\n{json.dumps(error | {'severity': 'note'})}\nFound 1 error\n"

    assert from_mypy(output) == [Finding("a.py", 1, "misc", "high", "m", "mypy")]


def test_a_tool_that_cannot_report_is_not_silent(tmp_path):
    with pytest.raises(RuntimeError, match="mypy did not report"):
        linters.mypy(tmp_path, "nothing.py")


def test_an_old_finding_that_moved_is_not_new():
    old = Finding("a.py", 3, "F401", "high", "unused", "ruff")
    moved = Finding("a.py", 30, "F401", "high", "unused", "ruff")

    answer = gate.judge([moved], gate.baseline([old]), changed={"a.py": {1: "import os"}})

    assert answer.passed


@pytest.mark.parametrize(
    ("finding", "reason"),
    [
        (Finding("a.py", 1, "F401", "high", "unused", "ruff"), "high, on a changed line: a.py:1"),
        (Finding("a.py", 9, "E501", "low", "long", "ruff"), "1 findings more than the baseline"),
    ],
)
def test_what_is_new_closes_the_gate(finding, reason):
    answer = gate.judge([finding], Counter(), changed={"a.py": {1: "import os"}})

    assert not answer.passed
    assert answer.reasons[0].startswith(reason)


def test_a_high_finding_on_a_changed_line_closes_the_gate_though_it_was_there_before():
    old = Finding("a.py", 1, "S602", "high", "shell", "ruff")

    answer = gate.judge([old], gate.baseline([old]), changed={"a.py": {1: "run(x, shell=True)"}})

    assert answer.reasons == ("high, on a changed line: a.py:1 S602 shell",)


def test_sonars_report_keeps_the_rules_that_its_reader_enforces():
    findings = [
        Finding("a.py", 1, "S602", "high", "shell", "ruff"),
        Finding("b.py", 2, "S602", "high", "shell", "ruff"),
        Finding("b.py", 3, "W0102", "medium", "default", "pylint"),
        Finding("b.py", 4, "C0114", "low", "docstring", "pylint"),
        Finding("b.py", 5, "misc", "high", "none", "mypy"),
        Finding("b.py", 6, "E501", "low", "long", "ruff"),
    ]

    report = sonar.report(findings)

    ids = [rule["id"] for rule in report["rules"]]
    assert len(ids) == len(set(ids)) == 5
    for rule in report["rules"]:
        assert rule["name"]
        assert rule["description"]
        assert rule["engineId"]
        assert rule["cleanCodeAttribute"] in {"CONVENTIONAL", "LOGICAL", "TRUSTWORTHY"}
    for issue in report["issues"]:
        assert issue["ruleId"] in ids
        assert not {"severity", "type"} & set(issue)
        assert set(issue["primaryLocation"]) == {"message", "filePath", "textRange"}
    qualities = {rule["id"]: rule["impacts"][0]["softwareQuality"] for rule in report["rules"]}
    assert qualities == {
        "ruff:S602": "SECURITY",
        "pylint:W0102": "RELIABILITY",
        "pylint:C0114": "MAINTAINABILITY",
        "mypy:misc": "RELIABILITY",
        "ruff:E501": "MAINTAINABILITY",
    }


def test_a_server_needs_address_and_token():
    address = {"SONAR_HOST_URL": "http://127.0.0.1:9000"}

    assert sonar.server(address) is None
    assert sonar.server({**address, "SONAR_TOKEN": "t"}) == "http://127.0.0.1:9000"


def test_the_scanner_knows_every_property_of_the_projects_file():
    from pysonar_scanner.configuration.properties import PROPERTIES  # noqa: PLC0415 - slow

    file = ROOT / "solutions/my-devops-project/sonar-project.properties"
    text = file.read_text(encoding="utf-8")
    names = {line.split("=")[0] for line in text.splitlines() if not line.startswith("#")}

    assert names <= {each.name for each in PROPERTIES}


def test_without_an_endpoint_the_stand_in_answers_and_says_so():
    review = asyncio.run(agent.review(DIFF, {}))

    assert review.by == "scripted stand-in, no model was asked"
    assert list(review.findings) == standin.review(DIFF)


def test_the_stand_in_reads_the_diff_it_is_given():
    changed = EDIT.replace("+low = 0", "+assert low")

    assert [(each.file, each.line, each.rule) for each in standin.review(changed)] == [
        ("tide.py", 2, "assert")
    ]


def test_the_lessons_figures():
    """What the notebook's text says of the stand-in."""
    score = judging.score("agent", standin.review(DIFF), TRUTH)

    assert (score.findings, score.hits, len(score.found), score.planted) == (8, 6, 6, 12)
    assert (score.precision, score.recall) == (0.75, 0.5)
    assert sum(len(lines) for lines in change.added(DIFF).values()) == 73


def test_who_says_nothing_is_precise_and_of_no_use():
    score = judging.score("nobody", [], TRUTH)

    assert (score.precision, score.recall) == (1.0, 0.0)


class Endpoint(BaseHTTPRequestHandler):
    """Answers like an OpenAI-compatible endpoint, always with its server's findings."""

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.headers["Authorization"], body))
        name = body["tools"][0]["function"]["name"]
        arguments = json.dumps({"response": [asdict(each) for each in self.server.findings]})
        call = {"id": "1", "type": "function", "function": {"name": name, "arguments": arguments}}
        message = {"role": "assistant", "content": None, "tool_calls": [call]}
        choice = {"index": 0, "finish_reason": "tool_calls", "message": message}
        answer = {"id": "1", "object": "chat.completion", "created": 1, "model": body["model"]}
        content = json.dumps(answer | {"choices": [choice]}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        """Say nothing: the test asks the server what it was asked."""


@pytest.fixture
def endpoint():
    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        server.asked, server.findings = [], []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def ask(server):
    """Have the lesson's diff reviewed by the model behind *server*."""
    environment = {
        "CAUSEWAY_AGENT_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1",
        "CAUSEWAY_AGENT_MODEL": "ebb",
        "CAUSEWAY_AGENT_API_KEY": "k",
    }
    return asyncio.run(agent.review(DIFF, environment))


def test_a_configured_endpoint_is_asked(endpoint):
    real = standin.review(DIFF)[0]
    endpoint.findings = [real]

    review = ask(endpoint)

    [(key, body)] = endpoint.asked
    assert (key, body["model"]) == ("Bearer k", "ebb")
    assert DIFF in str([message["content"] for message in body["messages"]][-1])
    assert review == agent.Review("ebb", (real,))


def test_an_invented_finding_is_sent_back_and_at_last_left_out(endpoint):
    real = standin.review(DIFF)[0]
    invented = Finding(real.file, 88, "leak", "high", "Never closed.", quote="open(path)")
    endpoint.findings = [real, invented]

    review = ask(endpoint)

    assert review.findings == (real,)
    assert len(endpoint.asked) == 3
    assert "adds no such lines" in endpoint.asked[1][1]["messages"][-1]["content"]


def test_the_site_can_read_the_agent_without_its_tools():
    program = "import sys; sys.modules['pydantic_ai'] = None\n"
    program += "from solutions.m1_static_analysis.reviewing import agent; print(agent.Review)"

    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "Review" in done.stdout


TRIAGE = ROOT / "exercises/m1_static_analysis/triage"
FINDING = re.compile(r"^(\w+) +(\S+):(\d+) +(\w+)[ ,]+(\S+).*\n {4}(.+)$", re.MULTILINE)


def grader(name):
    """Import a grader's constants and functions, as nothing but a module."""
    file = ROOT / f"tests/m1_static_analysis/test_{name}.py"
    spec = importlib.util.spec_from_file_location(f"grader_of_{name}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_linters_findings_to_triage_are_those_of_a_run(tmp_path):
    told = FINDING.findall((TRIAGE / "findings.txt").read_text(encoding="utf-8"))
    for file in TRIAGE.glob("*.py"):
        shutil.copy(file, tmp_path)

    found = linters.every(tmp_path, "sign.py", "tide_feed.py", "warden.py")

    run = {(each.tool, each.rule, each.file, each.line, each.message.strip()) for each in found}
    linters_own = [each for each in told if each[3] in ("ruff", "pylint", "mypy")]
    assert [each[0] for each in told] == list(grader("triage").VERDICTS)
    assert len(linters_own) == 6
    for name, file, line, tool, rule, message in linters_own:
        assert (tool, rule, file, int(line), message) in run, name


def test_the_evidence_that_triage_takes_holds():
    judge = grader("triage")
    code = {file.name: file.read_text(encoding="utf-8") for file in TRIAGE.glob("*.py")}
    findings = (TRIAGE / "findings.txt").read_text(encoding="utf-8")
    words = {
        "token_header": "TIDE_API_KEY",
        "unclosed_file": "with urlopen",
        "sql_query": "CLOSED_DAYS",
    }

    for name, absent in judge.ABSENT.items():
        for each in absent:
            assert each in findings, name
            assert not any(each in text for text in code.values()), name
    for name, places in judge.SHOWS.items():
        for place in places:
            file, _, line = place.partition(":")
            assert words[name] in code[file].splitlines()[int(line) - 1], name
    assert len(code["tide_feed.py"].splitlines()) < 88


@pytest.fixture(scope="module")
def told_apart(tmp_path_factory):
    """What every rule of the three tools says of the twins of *who_enforces_it*: before, after."""
    judge = grader("who_enforces_it")
    box = tmp_path_factory.mktemp("who").resolve() / "submission"
    box.mkdir()
    (box / "enforcers.toml").write_text("", encoding="utf-8")
    command = [sys.executable, "-m", "pylint", "--rcfile=", "--list-msgs-enabled"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    every_rule = re.findall(r"\(([A-Z]\d{4})\)", listed)
    assert len(every_rule) > 300
    # All three tools run, and pylint looks for everything: not only what an answer names.
    judge.like = lambda pattern, codes: every_rule
    submission = Submission(box, ("enforcers.toml",))
    return judge, judge.tried(submission, "-"), judge.tried(submission, "+")


def test_no_rule_tells_apart_what_is_left_to_people(told_apart):
    judge, before, after = told_apart

    for name in judge.HUMAN:
        assert before[name] == after[name], name


def test_a_rule_tells_apart_what_is_not(told_apart):
    judge, before, after = told_apart

    for name in judge.REVIEWED.keys() - judge.HUMAN:
        assert before[name] - after[name], name
