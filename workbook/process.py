"""The learner's process on a machine: a fresh interpreter with nothing of the judge's."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

SHOWN = 1_000_000  # bytes of output that are read


@dataclass(frozen=True)
class Done:
    """How the learner's process ended: *code* is None for a run-away that was ended."""

    code: int | None
    stdout: str
    stderr: str


# The command after `workbook.learner SECONDS`, its standard input, the seconds it may compute, the
# seconds until it is ended all the same, and the folder it works in.
Process = Callable[[list[str], str, int, int, Path], Done]


def in_subprocess(command: list[str], text: str, cpu: int, wall: int, folder: Path) -> Done:
    """Run the learner's process as a child, in a session of its own that is ended with it."""
    argv = [sys.executable, "-I", "-m", "workbook.learner", str(cpu), *command]
    home = tempfile.mkdtemp(dir=folder.parent)
    # Files, not pipes: a daemon that keeps a pipe open would hold up whoever reads it.
    with (
        tempfile.TemporaryFile() as asks,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        asks.write(text.encode())
        asks.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            argv, cwd=folder, env=environment(home), stdin=asks, stdout=out, stderr=err,
            start_new_session=True,
        )  # fmt: skip
        try:
            code: int | None = process.wait(wall)
        except subprocess.TimeoutExpired:
            code = None
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if code in (-signal.SIGXCPU, -signal.SIGKILL):
            code = None
        told = (read(stream, folder).replace(home, "~") for stream in (out, err))
        return Done(code, *told)


def read(stream: IO[bytes], folder: Path) -> str:
    """Read what was written, capped, with the path of *folder* left out."""
    stream.seek(0)
    text = stream.read(SHOWN).decode("utf-8", "replace")
    return re.sub(rf"{re.escape(str(folder))}/?", "", text)


def environment(home: str) -> dict[str, str]:
    """Give the environment of a learner's process: nothing of the judge's, an empty home."""
    return {
        "COLUMNS": "80",
        "HOME": home,
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TERM": "dumb",
        "TMPDIR": home,
        "TZ": "UTC",
    }
