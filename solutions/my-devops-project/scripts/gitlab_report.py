"""Write what bandit found as the report that GitLab shows: `gitlab_report.py BANDIT`."""

import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = "15.1.4"  # of https://gitlab.com/gitlab-org/security-products/security-report-schemas
TOOL = {"id": "bandit", "name": "Bandit", "version": "1.9.4", "vendor": {"name": "PyCQA"}}


def sast(found: dict[str, Any], when: datetime) -> dict[str, Any]:
    """Turn bandit's JSON into GitLab's, findings in the order of their places.

    A file that bandit could not read makes it a scan that failed: it looked for nothing there.
    """
    moment = f"{when:%Y-%m-%dT%H:%M:%S}"
    findings = sorted(found["results"], key=lambda one: (one["filename"], one["line_number"]))
    return {
        "version": SCHEMA,
        "scan": {
            "analyzer": TOOL,
            "scanner": TOOL,
            "type": "sast",
            "start_time": moment,
            "end_time": moment,
            "status": "failure" if found["errors"] else "success",
        },
        "vulnerabilities": [vulnerability(each) for each in findings],
    }


def vulnerability(found: dict[str, Any]) -> dict[str, Any]:
    """Give one finding; its id stays the same when lines above it come and go."""
    file = found["filename"].removeprefix("./")
    place = f"{found['test_id']} {file} {' '.join(found['code'].split()[1:])}"
    return {
        "id": hashlib.sha256(place.encode()).hexdigest(),
        "name": found["test_name"],
        "description": found["issue_text"],
        "severity": found["issue_severity"].capitalize(),
        "identifiers": [
            {"type": "bandit_test_id", "name": found["test_id"], "value": found["test_id"]}
        ],
        "location": {"file": file, "start_line": found["line_number"]},
    }


if __name__ == "__main__":
    report = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    print(json.dumps(sast(report, datetime.now(UTC)), indent=1))
