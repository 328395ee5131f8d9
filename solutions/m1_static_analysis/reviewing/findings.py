"""One shape for what every reviewer says: the linters, the type checker and the agent."""

from collections.abc import Mapping
from dataclasses import dataclass
from json import loads
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

Severity = Literal["low", "medium", "high"]

# Our own judgement of ruff's families: what may crash, lie or let somebody in comes first.
RUFF: Mapping[str, Severity] = {
    **dict.fromkeys(("B", "DTZ", "F", "PLE", "S", "invalid-syntax"), "high"),
    **dict.fromkeys(("C", "PLC", "PLR", "PLW", "RUF", "SIM"), "medium"),
}
PYLINT: Mapping[str, Severity] = {"F": "high", "E": "high", "W": "medium"}


@dataclass(frozen=True)
class Finding:
    """What a reviewer says about one line.

    *file* is relative to the project, *line* counts from 1. *quote* is the line as the reviewer
    read it; only the agent gives one, since only the agent has to prove that it read it.
    """

    file: str
    line: int
    rule: str
    severity: Severity
    message: str
    tool: str = "agent"
    quote: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.rule} {self.message}"


def from_sarif(report: Mapping[str, Any], root: Path) -> list[Finding]:
    """Read a SARIF report, whose addresses are those of files below *root*."""
    found = []
    for run in report["runs"]:
        tool = run["tool"]["driver"]["name"]
        for result in run["results"]:
            place = result["locations"][0]["physicalLocation"]
            path = Path(unquote(urlsplit(place["artifactLocation"]["uri"]).path))
            file = path.relative_to(root.resolve()).as_posix() if path.is_absolute() else str(path)
            rule = result["ruleId"]
            line = place["region"]["startLine"]
            text = result["message"]["text"]
            found.append(Finding(file, line, rule, RUFF.get(family(rule), "low"), text, tool))
    return found


def from_pylint(report: Mapping[str, Any]) -> list[Finding]:
    """Read what `pylint --output-format=json2` wrote."""
    return [
        Finding(
            each["path"],
            each["line"],
            each["messageId"],
            PYLINT.get(each["messageId"][0], "low"),
            each["message"].splitlines()[0],
            "pylint",
        )
        for each in report["messages"]
    ]


def from_mypy(output: str) -> list[Finding]:
    """Read what `mypy -O json` printed, one object a line, without its notes."""
    errors = [loads(line) for line in output.splitlines() if line.startswith("{")]
    return [
        Finding(each["file"], each["line"], each["code"], "high", each["message"], "mypy")
        for each in errors
        if each["severity"] == "error"
    ]


def family(rule: str) -> str:
    """Give the letters of a ruff code, which name the linter that the rule came from."""
    return rule.rstrip("0123456789")
