"""Build documentation as a notebook shows it: the command, its complaints, its exit status."""

import os
import re
import subprocess
import sys
from pathlib import Path

from workbook.notebook import LIMIT, STEADY, keep

# A traceback differs between releases and names the machine; its last line tells what happened.
TRACEBACK = re.compile(r"^Traceback .*\n(?:[ \t].*\n)+", re.MULTILINE)
# Sphinx tells the authors of extensions what will change; here it speaks to those who write pages.
QUIET = {"PYTHONWARNINGS": "ignore"}


def build(words: str, *, glue: str | None = None, show: bool = True) -> int:
    """Run `sphinx-build -q -E` with *words*, from the working directory; give its exit status.

    What it complained about is printed without tracebacks, and without the folder's own name.
    """
    done = subprocess.run(  # noqa: S603 - Sphinx, in this interpreter
        [sys.executable, "-m", "sphinx", "-q", "-E", *words.split()],
        env={**os.environ, **STEADY, **QUIET},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
        check=False,
    )
    said = plain(done.stdout)
    text = "\n".join(
        part
        for part in (f"$ sphinx-build -q -E {words}", said, f"[exit {done.returncode}]")
        if part
    )
    if show:
        sys.stdout.write(f"{text}\n")
    if glue:
        keep(glue, text)
    return done.returncode


def plain(said: str) -> str:
    """Leave out of what Sphinx *said* where it ran, repeats, and tracebacks but their last lines.

    A list of modules comes in the order of a set: it is sorted.
    """
    here = re.sub(rf"(/private)?{re.escape(os.getcwd())}/?", "", TRACEBACK.sub("", said))
    here = re.sub(r"^<unknown>:\d+: ", "", here, flags=re.MULTILINE)  # a signature has no place
    here = re.sub(r"(?<=not documented: ).*", in_order, here)
    lines: list[str] = []
    for line in map(str.rstrip, here.splitlines()):
        if line and not ("WARNING" in line and line in lines):
            lines.append(line)
    return "\n".join(lines)


def in_order(names: re.Match[str]) -> str:
    """Give a list of names, parted by commas, in order."""
    return ", ".join(sorted(names[0].split(", ")))


def page(name: str, *, glue: str | None = None) -> None:
    """Print the page *name* that the text builder made."""
    text = Path(name).read_text(encoding="utf-8").rstrip()
    sys.stdout.write(f"{text}\n")
    if glue:
        keep(glue, text)
