"""Run ruff, pylint and mypy over a project and read what they found."""

import os
import subprocess
import sys
from json import loads
from pathlib import Path

from solutions.m1_static_analysis.reviewing.findings import (
    Finding,
    from_mypy,
    from_pylint,
    from_sarif,
)

# Each tool is told everything, so that the same code gives the same findings in any project.
RULES = "E,F,W,I,B,C4,DTZ,PL,RUF,S,SIM,UP"
RUFF = ("--isolated", "--no-cache", "--target-version", "py311", "--line-length", "100")
# C0301 is left to ruff's E501: inside an f-string of many lines pylint counts from 3.12 on only.
PYLINT = ("--rcfile", os.devnull, "--py-version", "3.11", "--persistent", "n", "--disable=C0301")
MYPY = ("--config-file=", "--python-version", "3.11", "--strict")

# From which exit status on it is the tool that failed, not the code. pylint's lower bits say
# which kinds of message there were.
TROUBLE = {"ruff": 2, "mypy": 2, "pylint": 32}


def ruff(root: Path, *paths: str) -> list[Finding]:
    """Give ruff's findings for *paths*, relative to *root*, by way of its SARIF report."""
    command = ["check", *RUFF, "--select", RULES, "--output-format", "sarif", *paths]
    return from_sarif(loads(_said(root, "ruff", *command)), root)


def pylint(root: Path, *paths: str) -> list[Finding]:
    """Give pylint's findings for *paths*, with its defaults but for the length of lines."""
    return from_pylint(loads(_said(root, "pylint", *PYLINT, "--output-format=json2", *paths)))


def mypy(root: Path, *paths: str) -> list[Finding]:
    """Give the errors of mypy --strict for *paths*."""
    return from_mypy(_said(root, "mypy", *MYPY, "-O", "json", *paths))


def every(root: Path, *paths: str) -> list[Finding]:
    """Give the findings of all three, in the order of the code."""
    found = [*ruff(root, *paths), *pylint(root, *paths), *mypy(root, *paths)]
    return sorted(found, key=lambda each: (each.file, each.line, each.tool, each.rule))


def _said(root: Path, tool: str, *arguments: str) -> str:
    """Run *tool* in *root* and give its standard output; findings are no failure."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, a list, no shell
        [sys.executable, "-m", tool, *arguments],
        cwd=root,
        env={**os.environ, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode >= TROUBLE[tool]:
        raise RuntimeError(f"{tool} did not report: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
