"""A judge that serves: `python -I -m workbook.judge ROOT confined|trusted`.

It loads pytest and what graders import once, then forks for each job, a line of JSON on standard
input: an exercise and the files taken. A line of JSON on standard output answers it with the
verdict document. It stands behind the outer wall of `workbook.sandbox` and never runs a line that
a learner wrote: that is done by processes behind the inner one.
"""

import base64
import gc
import json
import os
import select
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import yaml  # noqa: F401 - for the graders, once before the forks

from workbook import course, grading, process, sandbox, submission, verdict
from workbook.intake import Intake

CHECK = 400  # seconds of wall time that a check may take
JOB = 3600  # seconds of wall time until a judge itself is ended
MEGABYTES = 16  # of an answer
CACHE = "/dev/shm/pycache"  # noqa: S108 - a mount of the outer wall's own


class Alarm:
    """Ends a check that takes too long, by its name, and lets the others go on."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        def ring(_: int, __: FrameType | None) -> None:
            raise submission.NotGradable(f"The check did not end within {CHECK} seconds.")

        signal.signal(signal.SIGALRM, ring)
        signal.alarm(CHECK)
        try:
            return (yield)
        finally:
            signal.alarm(0)


def serve(root: Path, run: process.Process) -> None:
    """Answer the jobs on standard input until it ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what pytest prints is no answer
    exercises = {each.id: each for each in course.find_exercises(root)}
    with suppress(StopIteration):  # once before the forks, for all that pytest does at first
        judged(next(iter(exercises.values())), Intake({}, "Nothing was handed in."), run)
    gc.freeze()  # what was loaded stays shared with the forks
    for line in sys.stdin:
        job = json.loads(line)
        if job == "breaches":
            found: Any = breaches(run)
        else:
            found = answer(exercises[job["exercise"]], job, run)
        print(json.dumps(found), file=answers, flush=True)
        if any(Path(tempfile.gettempdir()).iterdir()):
            break  # something could not be removed: the next answer gets a judge without it


def answer(exercise: course.Exercise, job: dict[str, Any], run: process.Process) -> Any:
    """Judge one job in a fork; give its verdict document and the questions of open checks."""
    files = {name: base64.b64decode(content) for name, content in job["files"].items()}
    taken = Intake(files, job["problem"], job["detail"])
    _ = exercise.checks, exercise.needs  # read before the fork, for all that are to come
    receives, sends = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receives)
        with suppress(BaseException):
            os.setpgid(0, 0)
            written = json.dumps(judged(exercise, taken, run)).encode()
            with os.fdopen(sends, "wb") as pipe:
                pipe.write(written)
        os._exit(0)
    os.close(sends)
    with os.fdopen(receives, "rb") as pipe:
        written = read_until(pipe.fileno(), time.monotonic() + JOB)
    for pid in (*process.offspring(child), child):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    os.waitpid(child, 0)
    for left in Path(tempfile.gettempdir()).iterdir():
        process.remove(left)
    try:
        return json.loads(written)
    except ValueError:
        broken = verdict.unanswered(exercise, files)
        for check in broken.checks:
            check.outcome, check.message = "broken", "The judge ended before it had a verdict."
        return {"document": broken.to_json(), "questions": {}}


def judged(exercise: course.Exercise, taken: Intake, run: process.Process) -> dict[str, Any]:
    """Judge what was *taken*, in this process."""
    [found] = grading.grade([exercise], lambda _: taken, run, [Alarm()])
    open_checks = [check for check in found.checks if check.outcome != "passed"]
    questions = {check.id: check.questions for check in open_checks}
    return {"document": found.to_json(), "questions": questions}


def read_until(pipe: int, end: float) -> bytes:
    """Read *pipe* to its end, or what has come by the time *end*."""
    found = b""
    while len(found) < MEGABYTES << 20:
        ready, _, _ = select.select([pipe], [], [], max(end - time.monotonic(), 0))
        part = os.read(pipe, 1 << 20) if ready else b""
        if not part:
            break
        found += part
    return found


# What an answer must not be able to do. Each line of it is asked in the learner's process.
TRY = """
import os, socket, subprocess, sys, time

def reads(path):
    try:
        return bool(os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(1))
    except OSError:
        return False

def sees(command):
    lines = [f"/proc/{pid}/cmdline" for pid in os.listdir("/proc") if pid.isdigit()]
    return any(command in open(line).read() for line in lines)

def writes(path):
    try:
        open(os.path.join(path, "breach"), "w").close()
        os.remove(os.path.join(path, "breach"))
        return True
    except OSError:
        return False

def connects(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False

def forks(limit):
    children = []
    try:
        for _ in range(limit):
            child = os.fork()
            if child == 0:
                time.sleep(60)
                os._exit(0)
            children.append(child)
    except OSError:
        return False
    finally:
        for child in children:
            os.kill(child, 9)
    return True

def leaves(name):
    if os.fork() == 0:
        os.setsid()
        for _ in range(1000):
            with open(name, "a") as file:
                file.write("x")
            time.sleep(0.02)
        os._exit(0)
    while not os.path.exists(name):
        time.sleep(0.01)
"""


def breaches(run: process.Process) -> list[str]:
    """Try to break out of the learner's process; say what succeeded, which must be nothing."""
    folder = Path(tempfile.mkdtemp(prefix="workbook-"))
    (folder / "submission").mkdir()
    box = submission.Submission(folder / "submission", (), run)
    secret = Path(tempfile.mkdtemp()) / "secret"
    secret.write_text("of the judge")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    tests, limit = str(course.ROOT / "tests"), sandbox.EVALUATES + 64
    tries = {
        "It reads the graders.": f"reads({tests!r})",
        "It reads files of the judge.": f"reads({str(secret)!r})",
        "It sees the judge's process.": "sees('workbook.judge')",
        "It writes to the course.": f"writes({str(course.ROOT / 'workbook')!r})",
        "It writes to the system.": "writes('/usr') or writes('/etc')",
        "It reaches a server on this machine.": f"connects({port})",
        f"It starts {limit} processes.": f"forks({limit})",
    }
    answers = box.evaluate(f"[{', '.join(tries.values())}]", TRY)
    if not isinstance(answers, list) or len(answers) != len(tries):
        answers = [answers] * len(tries)
    found = dict(zip(tries, answers, strict=True))
    box.evaluate("leaves('trace')", TRY)
    trace = box.path / "trace"
    # A busy system ends the processes of a sandbox a moment after it; one that got out writes on.
    for _ in range(20):
        size = trace.stat().st_size if trace.exists() else -1
        time.sleep(0.25)
        writes_on = size < 0 or trace.stat().st_size != size
        if not writes_on:
            break
    found["A process of it outlives the run."] = writes_on
    listener.close()
    process.remove(folder)
    process.remove(secret.parent)
    # Only a plain no is a no: what could not be tried is not known to be refused.
    return [what for what, succeeded in found.items() if succeeded is not False]


def main() -> None:
    """Serve the course at ROOT, its learners' processes confined or trusted."""
    root, how = sys.argv[1:]
    if how == "confined":
        sys.pycache_prefix = CACHE
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as tempfile.tempdir:
        serve(Path(root), sandbox.in_sandbox if how == "confined" else process.in_subprocess)


if __name__ == "__main__":
    main()
