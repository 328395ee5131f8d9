"""Write findings in Sonar's generic issue format, and hand them to a server where there is one.

The format: https://docs.sonarsource.com/sonarqube-server/analyzing-source-code/importing-external-issues/generic-issue-import-format
"""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from solutions.m1_static_analysis.reviewing.findings import Finding, family

# Sonar files an issue under a software quality and names what the code lacks. The families are
# ours to sort: imported as SARIF, every finding would count as a security issue.
FAMILY = {"S": "SECURITY", "B": "RELIABILITY", "DTZ": "RELIABILITY", "F": "RELIABILITY"}
ATTRIBUTE = {
    "SECURITY": "TRUSTWORTHY",
    "RELIABILITY": "LOGICAL",
    "MAINTAINABILITY": "CONVENTIONAL",
}


def report(findings: Sequence[Finding]) -> dict[str, Any]:
    """Give the report: each rule once, and an issue for each finding, which names its rule."""
    rules = {rule_id(each): rule(each) for each in findings}
    return {"rules": list(rules.values()), "issues": [issue(each) for each in findings]}


def rule_id(finding: Finding) -> str:
    """Name a rule across tools, since two tools may use one code."""
    return f"{finding.tool}:{finding.rule}"


def rule(finding: Finding) -> dict[str, Any]:
    """Describe the rule of *finding*. Its severity is the rule's: an issue may not have one."""
    quality = software_quality(finding)
    return {
        "id": rule_id(finding),
        "name": rule_id(finding),
        "description": f"{finding.tool} reports {finding.rule}.",
        "engineId": finding.tool,
        "cleanCodeAttribute": ATTRIBUTE[quality],
        "impacts": [{"softwareQuality": quality, "severity": finding.severity.upper()}],
    }


def issue(finding: Finding) -> dict[str, Any]:
    """Place *finding*. Without columns, which Sonar counts from 0, the whole line is marked."""
    return {
        "ruleId": rule_id(finding),
        "primaryLocation": {
            "message": finding.message,
            "filePath": finding.file,
            "textRange": {"startLine": finding.line},
        },
    }


def software_quality(finding: Finding) -> str:
    """Sort a finding under one of the three qualities that Sonar knows."""
    if finding.tool == "mypy":
        return "RELIABILITY"
    if finding.tool == "pylint":
        return "RELIABILITY" if finding.rule[0] in "FEW" else "MAINTAINABILITY"
    return FAMILY.get(family(finding.rule), "MAINTAINABILITY")


def server(environment: Mapping[str, str] = os.environ) -> str | None:
    """Give the address of the SonarQube server to use; None when none is configured."""
    if environment.get("SONAR_HOST_URL") and environment.get("SONAR_TOKEN"):
        return environment["SONAR_HOST_URL"]
    return None
