"""The engine of the page: judge and learner's process in one interpreter, inside Pyodide.

A browser has no processes: each run of the learner's code gets a state of its own instead, and
the judge's is put back afterwards. That keeps mistakes apart, not attacks: whoever cheats here
cheats themselves.
"""

import gc
import importlib
import io
import json
import logging
import os
import shutil
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from zipimport import zipimporter

# learner.main lowers a process's limits. A browser has none to lower, and main never runs here.
sys.modules.setdefault("resource", ModuleType("resource"))

from workbook import grading, learner  # noqa: E402 - needs what stands above
from workbook.course import ROOT, Exercise  # noqa: E402 - needs what stands above
from workbook.process import Done, environment, read  # noqa: E402 - needs what stands above

HANDED_IN = Path("/handed-in")
SUBMISSIONS = tempfile.gettempdir()  # where the judge lays out what it judges
CLOCK = 3  # one of the numbers that sys.monitoring has for tools
JUDGES = ("workbook", "tests")  # packages that the learner's process does not have
# What a tool is told here only: it stays loaded, and must not remember the last answer.
FORGET = {"pylint": ["--clear-cache-post-run", "y"]}
# What a run of each tool would import first; imported before anybody waits for it.
FIRST = {
    "base": "pytest",
    "coverage": "coverage.cmdline",
    "flake8": "flake8.main.cli",
    "hypothesis": "hypothesis",
    "kubernetes-validate": "workbook.manifests",
    "mypy": "mypy.main",
    "pylint": "pylint.lint",
}


class RanAway(BaseException):
    """The learner's code computes for longer than it may."""


class Stream(io.TextIOWrapper):
    """A standard stream, the same object from run to run: a tool keeps the one it saw first."""

    def __init__(self) -> None:
        self.written = io.BytesIO()
        super().__init__(self.written, "utf-8", "replace", write_through=True)

    def close(self) -> None:
        """Stay open, whatever a tool does to its standard output at its end."""

    def take(self, folder: Path) -> str:
        """Give what was written, as `process.read` gives it, and be empty again."""
        text = read(self.written, folder)
        self.seek(0)
        self.truncate()
        return text


OUT, ERR = Stream(), Stream()


def prepare(packs: list[str]) -> None:
    """Make freshly unpacked *packs* importable, and import what their tools import first."""
    sys.dont_write_bytecode = True
    if {"coverage", "pylint"} & {*packs}:
        unpack_library()
    importlib.invalidate_caches()
    with restored():
        sys.stdout, sys.stderr = OUT, ERR  # mypy keeps those that it sees when it is imported
        for pack in packs:
            importlib.import_module(FIRST[pack])


def unpack_library() -> None:
    """Put the standard library's sources where tools can read them: Pyodide has them zipped.

    pylint looks into them; coverage tells them from a project's, and takes the first entry of the
    path, when it is no folder, for what it was started from.
    """
    archive = next((entry for entry in sys.path if entry.endswith(".zip")), None)
    if archive is None:
        return
    folder = f"/lib/python{sys.version_info.major}.{sys.version_info.minor}"
    shutil.unpack_archive(archive, folder)
    sys.path[sys.path.index(archive)] = folder
    # Frozen modules (os, io, abc) still say that their source is in the archive.
    for module in list(sys.modules.values()):
        state = getattr(getattr(module, "__spec__", None), "loader_state", None)
        name = getattr(state, "filename", None)
        if state is not None and isinstance(name, str) and name.startswith(archive):
            state.filename = folder + name.removeprefix(archive)


def grade(job: str) -> str:
    """Grade `{"exercise": …, "files": {…}}`; give the verdict document and the open questions.

    The exercise brings all that its grader reads, as `packs.describe` wrote it down.
    """
    asked = json.loads(job)
    given = asked["exercise"]
    exercise = Exercise(ROOT, *given["id"].split("/"))
    write(ROOT / "exercises" / exercise.files_at, given["start"])
    write(ROOT / "solutions" / exercise.files_at, given["reference"])
    write(exercise.fixtures, given["data"])
    write(exercise.grader.parent, {exercise.grader.name: given["grader"]})
    write(HANDED_IN / "exercises" / exercise.files_at, asked["files"])
    with restored():
        [verdict] = grading.grade([exercise], grading.from_folder(HANDED_IN), in_page)
    for folder in (ROOT / "exercises", ROOT / "solutions", ROOT / "tests", HANDED_IN):
        shutil.rmtree(folder)
    gc.collect()
    open_checks = [check for check in verdict.checks if check.outcome != "passed"]
    questions = {check.id: check.questions for check in open_checks}
    return json.dumps({"verdict": verdict.to_json(), "questions": questions})


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write *files*, by their names relative to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def in_page(command: list[str], text: str, cpu: int, wall: int, folder: Path) -> Done:
    """Run the learner's process in this interpreter: a `workbook.process.Process`.

    An expression is ended after *cpu* seconds; a tool only with the worker that this runs in.
    """
    kind, *rest = command
    code: int | None = 0
    answer = ""
    left: list[int] = []

    def leave(status: int) -> None:
        left.append(status)
        raise SystemExit(status)

    with restored():
        home = begin(folder)
        os._exit = leave  # type: ignore[assignment]  # it would end the page's Python
        try:
            if kind == "evaluate":
                sys.stdout = ERR  # what the learner's code prints is not an answer
                answer = in_time(cpu, text)
            else:
                learner.run(rest[0], [*rest[1:], *FORGET.get(rest[0], [])])
        except RanAway:
            code = None
        except SystemExit as end:
            code = exit_code(end)
        except BaseException:  # what ends a process ends with a traceback and code 1
            traceback.print_exc(file=ERR)
            code = 1
    if left:  # even where somebody caught it
        code, answer = left[0], ""
    OUT.write(answer)
    told, complained = (stream.take(folder).replace(home, "~") for stream in (OUT, ERR))
    return Done(code, told, complained)


def begin(folder: Path) -> str:
    """Enter the state that the learner's process begins with; give its home."""
    home = tempfile.mkdtemp(dir=folder.parent)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment(home))
    tempfile.tempdir = home
    sys.path[:] = [entry for entry in sys.path if entry not in ("", str(ROOT))]
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), OUT, ERR
    own = {path.stem for path in folder.iterdir()} - sys.stdlib_module_names
    forget({*JUDGES, *own})
    look_anew()
    return home


def look_anew() -> None:
    """Have imports look anew at what folders hold; the library's archive stays as it is.

    To list that takes longer than most checks.
    """
    kept = {
        place: finder
        for place, finder in sys.path_importer_cache.items()
        if isinstance(finder, zipimporter)
    }
    for place in kept:
        del sys.path_importer_cache[place]
    importlib.invalidate_caches()
    sys.path_importer_cache.update(kept)


def in_time(seconds: int, request: str) -> str:
    """Answer *request* within *seconds*; raises RanAway from inside a loop that takes longer."""
    end = time.monotonic() + seconds
    ringing = False

    def tick(*_: object) -> None:
        nonlocal ringing
        ringing = ringing or time.monotonic() > end
        if ringing:
            raise RanAway

    monitor = sys.monitoring  # type: ignore[attr-defined]  # 3.12 has it, and Pyodide is newer
    events = monitor.events
    monitor.use_tool_id(CLOCK, "page")
    for event in (events.JUMP, events.PY_RETURN):  # at a call, it would meet the recursion limit
        monitor.register_callback(CLOCK, event, tick)
    monitor.set_events(CLOCK, events.JUMP | events.PY_RETURN)
    try:
        answer = learner.reply(request)
    finally:
        monitor.set_events(CLOCK, 0)
        monitor.free_tool_id(CLOCK)
    if ringing:  # the alarm itself was taken for an outcome
        raise RanAway
    return answer


def exit_code(end: SystemExit) -> int:
    """Give the exit code that a process would have; a message goes to standard error."""
    if end.code is None or isinstance(end.code, int):
        return end.code or 0
    print(end.code, file=ERR)
    return 1


@contextmanager
def restored() -> Iterator[None]:
    """Put the interpreter's state back, whatever runs inside; forget the modules of the inside."""
    folder, entries, variables = Path.cwd(), sys.path[:], dict(os.environ)
    streams, argv, temporary = (sys.stdin, sys.stdout, sys.stderr), sys.argv, tempfile.tempdir
    leaving, depth = os._exit, sys.getrecursionlimit()
    root = logging.getLogger()
    handlers, level, disabled = root.handlers[:], root.level, root.manager.disable
    modules = dict(sys.modules)
    try:
        with warnings.catch_warnings():
            yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        if hasattr(time, "tzset"):
            time.tzset()
        sys.path[:], sys.argv, tempfile.tempdir = entries, argv, temporary
        sys.stdin, sys.stdout, sys.stderr = streams
        os._exit = leaving
        sys.setrecursionlimit(depth)
        root.handlers[:], root.manager.disable = handlers, disabled
        root.setLevel(level)
        forget({name.partition(".")[0] for name in sys.modules if is_passing(name)})
        sys.modules.update(modules)


def is_passing(name: str) -> bool:
    """Whether the module *name* is a grader's or the learner's, and not of a pack."""
    module = sys.modules[name]
    places = [str(getattr(module, "__file__", None) or ""), *getattr(module, "__path__", [])]
    return name.partition(".")[0] == "tests" or any(
        place.startswith(f"{SUBMISSIONS}/") for place in places
    )


def forget(packages: set[str]) -> None:
    """Take *packages* and their modules out of those that were imported."""
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
