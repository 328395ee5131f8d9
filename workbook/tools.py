"""What the judge tells each tool, so that it says the same on every machine."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

PYTHON = "3.11"  # the language version of the course, whichever interpreter runs

STEADY = {
    "black": ["--target-version", "py" + PYTHON.replace(".", "")],
    "flake8": ["--jobs", "1"],
    "mypy": ["--python-version", PYTHON],
    "pylint": ["--jobs", "1", "--py-version", PYTHON, "--persistent", "n", "--score", "n"],
    "pytest": ["-p", "no:cacheprovider"],
}

# The flags that mypy is run under, by graders and by the settings of a learner who was thorough.
MYPY: tuple[tuple[str, ...], ...] = ((), ("--strict",), ("--strict", "--warn-unreachable"))

# What exercises import; checked once, so that each check of an answer finds it in the cache.
WARM = """
import abc, ast, collections, contextlib, csv, dataclasses, datetime, decimal, enum, functools
import io, itertools, json, logging, os, pathlib, re, subprocess, sys, time, tomllib, typing
import zoneinfo
import flask, flask.typing, werkzeug.exceptions, yaml
"""


def is_installed(tool: str) -> bool:
    """Whether *tool* can be run here: a module of this environment, or a program."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.defpath])
    module = tool.replace("-", "_")
    return find_spec(module) is not None or shutil.which(tool, path=search) is not None


def steady_arguments(tool: str, scratch: Path, arguments: tuple[str, ...] = ()) -> list[str]:
    """Give what *tool* is told before the grader's *arguments*; *scratch* is for its cache."""
    if tool != "mypy":
        return STEADY.get(tool, [])
    flags = [flag for flag in arguments if flag == "--strict"]
    shutil.copytree(mypy_cache(*flags), scratch, dirs_exist_ok=True)
    return [*STEADY["mypy"], "--cache-dir", str(scratch)]


def mypy_cache(*flags: str) -> Path:
    """Give mypy's cache of the standard library under *flags*, made on first use.

    It saves 1.5 s of CPU a check, and is only ever read: each run works on a copy, so that no
    answer can poison the next.
    """
    kind = "-".join(flag.strip("-") for flag in flags) or "plain"  # as the page's packs name it
    name = f"mypy-{importlib.metadata.version('mypy')}-{kind}"
    cache = Path(sys.prefix) / "var" / "workbook" / name
    if cache.is_dir():
        return cache
    cache.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache.parent) as folder:
        (Path(folder) / "warm.py").write_text(WARM)
        told = [*STEADY["mypy"], "--cache-dir", "cache", *flags]
        command = [sys.executable, "-I", "-m", "mypy", *told, "warm.py"]
        # Findings do not matter here: what mypy read is in the cache, whatever it thinks of it.
        subprocess.run(command, cwd=folder, capture_output=True, check=False)  # noqa: S603 - ours
        try:
            (Path(folder) / "cache").rename(cache)
        except OSError:  # somebody else made it meanwhile: theirs is as good
            if not cache.is_dir():
                raise
    return cache
