"""The learner's process on a machine: a fresh interpreter with nothing of the judge's."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import IO, Literal

from workbook.course import ROOT

SHOWN = 1_000_000  # bytes of output that are read
# Bytes that all processes of a run may have in memory together, an expression's and a tool's.
MEMORY = {"evaluate": 2 << 30, "run": 3 << 30}
LOOK, PART = 0.05, 0.02  # seconds until a look at that; what part of the time looking may take

# Without site: it costs a third of the start, and an expression needs nothing of it.
BEGIN = f"""
import sys
sys.path[:0], sys.path[len(sys.path):] = [{str(ROOT)!r}], [{sysconfig.get_path("purelib")!r}]
from workbook.learner import main
main()
"""


@dataclass(frozen=True)
class Done:
    """How the learner's process ended: *code* is None for one that was ended, *over* a limit."""

    code: int | None
    stdout: str
    stderr: str
    over: Literal["time", "memory", "killed"] = "time"


# The command of `workbook.learner`, its standard input, the seconds it may compute, the
# seconds until it is ended all the same, and the folder it works in.
Process = Callable[[list[str], str, int, int, Path], Done]


def in_subprocess(command: list[str], text: str, cpu: int, wall: int, folder: Path) -> Done:
    """Run the learner's process as a child, in a session of its own that is ended with it."""
    home = tempfile.mkdtemp(dir=folder.parent)
    argv = [*interpreter(command), str(cpu), "0", *command]
    return finish(argv, environment(home), text, wall, MEMORY[command[0]], folder, home)


def interpreter(command: list[str]) -> list[str]:
    """Give what starts `workbook.learner`: a tool gets the whole of Python, an expression less."""
    start = ["-m", "workbook.learner"] if command[0] == "run" else ["-S", "-c", BEGIN]
    return [sys.executable, "-I", *start]


def finish(
    argv: list[str],
    variables: Mapping[str, str],
    text: str,
    wall: int,
    memory: int,
    folder: Path,
    home: str,
    ended: tuple[int, ...] = (-signal.SIGXCPU, -signal.SIGKILL),
) -> Done:
    """Run *argv* to its end or to a limit, and end whatever it has left running.

    *ended* are the exit codes of one that met its limit of time, and of one that was killed.
    """
    with stream() as asks, stream() as out, stream() as err:
        asks.write(text.encode())
        asks.seek(0)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, no shell
            argv, cwd=folder, env=dict(variables), stdin=asks, stdout=out, stderr=err,
            start_new_session=True,
        )  # fmt: skip
        over: Literal["time", "memory", "killed"] = "time"
        try:
            code: int | None = wait(process, wall, memory)
        except subprocess.TimeoutExpired:
            code = None
        except MemoryError:
            code, over = None, "memory"
        finally:
            end(process)
        if code in ended:
            code, over = None, "time" if code == ended[0] else "killed"
        told, complained = (read(each, folder).replace(home, "~") for each in (out, err))
        return Done(code, told, complained, over)


def stream() -> IO[bytes]:
    """Open a file for the standard streams, in memory where the system can.

    Files, not pipes: a daemon that keeps a pipe open would hold up whoever reads it.
    """
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("stream"), "w+b")
    return tempfile.TemporaryFile()


def wait(process: subprocess.Popen[bytes], wall: float, memory: int) -> int:
    """Wait for *process*; raises TimeoutExpired past *wall*, MemoryError past *memory*."""
    until, pause = time.monotonic() + wall, LOOK
    while (left := until - time.monotonic()) > 0:
        if ends_within(process, min(pause, left)):
            return process.wait()
        began = time.thread_time()
        running = [process.pid, *offspring(process.pid)]
        if sum(map(resident, running)) + nameless(running) > memory:
            raise MemoryError
        pause = max(LOOK, (time.thread_time() - began) / PART)
    raise subprocess.TimeoutExpired(process.args, wall)


def ends_within(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether *process* ends within *seconds*; told at once where the system can."""
    if not hasattr(os, "pidfd_open"):
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
        return process.returncode is not None
    watched = os.pidfd_open(process.pid)
    try:
        return bool(select.select([watched], [], [], seconds)[0])
    finally:
        os.close(watched)


def end(process: subprocess.Popen[bytes]) -> None:
    """End *process* and what came of it, and wait for it."""
    for pid in offspring(process.pid) if process.poll() is None else []:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def offspring(pid: int) -> list[int]:
    """List the processes below *pid*, the nearest first; none where the system does not tell."""
    children: dict[int, list[int]] = {}
    with suppress(OSError):
        for name in filter(str.isdecimal, os.listdir("/proc")):
            with suppress(OSError, ValueError, IndexError):
                # After the name, in which anything may stand: the state, then the parent.
                parent = int(peek(f"/proc/{name}/stat").rpartition(b")")[2].split()[1])
                children.setdefault(parent, []).append(int(name))
    found = [pid]
    for each in found:
        found += children.get(each, ())
    return found[1:]


def resident(pid: int) -> int:
    """Give the bytes that *pid* has in memory; 0 where there is no telling."""
    with suppress(OSError, ValueError, IndexError):
        return int(peek(f"/proc/{pid}/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0


def peek(path: str) -> bytes:
    """Read a small file of the system's, with as little ado as there can be."""
    file = os.open(path, os.O_RDONLY)
    try:
        return os.read(file, 4096)
    finally:
        os.close(file)


def nameless(pids: list[int]) -> int:
    """Give the bytes of the files without a name that *pids* hold: memory that nobody maps."""
    sizes: dict[tuple[int, int], int] = {}
    for pid in pids:
        with suppress(OSError):
            for file in os.scandir(f"/proc/{pid}/fd"):
                with suppress(OSError):
                    found = file.stat()
                    if found.st_nlink == 0:
                        sizes[found.st_dev, found.st_ino] = found.st_blocks * 512
    return sum(sizes.values())


def remove(folder: Path) -> None:
    """Remove *folder*, however deep the folders below it are: each is emptied into the highest."""
    with suppress(OSError, RecursionError):  # what it does not get is left for below
        shutil.rmtree(folder)
        return
    names = count()
    with suppress(OSError):
        folder.chmod(0o700)
        while inside := [*os.scandir(folder)]:
            for each in inside:
                if not each.is_dir(follow_symlinks=False):
                    os.unlink(each)
                    continue
                os.chmod(each, 0o700)
                for below in os.listdir(each):
                    os.rename(os.path.join(each, below), folder / f"{id(names)}-{next(names)}")
                os.rmdir(each)
        folder.rmdir()


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
