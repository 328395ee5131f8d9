"""Measure what grading a submission costs, here and in two graders in wide use.

The same twenty answers are graded one at a time by

- otter-grader, by `otter run` for each: what its containers run, as they are not to be had
  everywhere. Making and starting a container would come on top;
- nbgrader, by one `nbgrader autograde` of the assignment, the answers as notebooks;
- this course's judge, each evaluation in a sandbox, with one worker;
- the floor: pytest in a fork, with no isolation at all.

The points must be the same everywhere, or nothing was compared. What prepares an assignment
(`otter generate`, `nbgrader generate_assignment`) is not measured: it is done once. CPU seconds
are those of all that a tool started, user and system. Each peer gets an environment of its own:
beside nbgrader, otter would load what only JupyterLab wants, and take more than twice as long.
"""

import csv
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from assignment import START, answers, notebook, otter_tests, plain_tests, workbook_tests
from rich.console import Console
from rich.table import Table

from workbook.gradebook import Gradebook

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PINS = HERE / "peers.txt"
STUDENTS = 20
PR_SET_CHILD_SUBREAPER = 36  # of linux/prctl.h

JUDGE = """
import sys
from pathlib import Path
from workbook.batch import grade_batch
root, submissions, grades = map(Path, sys.argv[1:])
grade_batch(submissions, grades, root=root, workers=1)
"""


@dataclass(frozen=True)
class Grading:
    """A prepared run: the commands that grade, and how to read the points of each student."""

    commands: list[list[str]]
    points: Callable[[], dict[str, int]]
    cwd: Path


def floor(folder: Path, files: dict[str, str]) -> Grading:
    """Prepare the fork server without isolation."""
    tests = write(folder / "tests/test_crossing.py", plain_tests())
    for student, text in files.items():
        write(folder / "in" / student / "crossing.py", text)
    (folder / "out").mkdir()
    command = [sys.executable, str(HERE / "floor.py"), str(tests), "in", "out"]

    def points() -> dict[str, int]:
        return {each.stem: json.loads(each.read_text()) for each in (folder / "out").iterdir()}

    return Grading([[*command[:-2], *(str(folder / each) for each in command[-2:])]], points, ROOT)


def workbook(folder: Path, files: dict[str, str]) -> Grading:
    """Prepare a course of one exercise for this course's judge."""
    exercise = "m1_bench/crossing"
    write(folder / f"exercises/{exercise}/README.md", "# Cross in time\n")
    write(folder / f"exercises/{exercise}/crossing.py", START)
    write(folder / f"solutions/{exercise}/crossing.py", next(iter(files.values())))
    write(folder / "tests/m1_bench/test_crossing.py", workbook_tests())
    write(folder / "course/m1_bench.md", f"# Bench\n\n/exercises/{exercise}/README\n")
    for student, text in files.items():
        write(folder / "in" / student / exercise / "crossing.py", text)
    arguments = [str(folder), str(folder / "in"), str(folder / "out")]

    def points() -> dict[str, int]:
        with Gradebook(folder / "out") as book:
            return {entry.student: entry.points for entry in book.standing() if entry.confined}

    return Grading([[sys.executable, "-c", JUDGE, *arguments]], points, ROOT)


def otter(folder: Path, files: dict[str, str]) -> Grading:
    """Prepare otter's autograder, and a run of it for each student."""
    write(folder / "tests/crossing.py", otter_tests())
    program = environment("otter-grader") + "/otter"
    run([program, "generate", "-t", "tests", "-o", "autograder.zip"], folder)
    commands = []
    for student, text in files.items():
        file = write(folder / "in" / student / "crossing.py", text)
        (folder / "out" / student).mkdir(parents=True)
        commands.append([program, "run", "--no-logo", "-o", f"out/{student}", str(file)])

    def points() -> dict[str, int]:
        found = {each: folder / "out" / each / "results.json" for each in files}
        tests = {each: json.loads(file.read_text())["tests"] for each, file in found.items()}
        return {each: int(sum(test.get("score", 0) for test in tests[each])) for each in files}

    return Grading(commands, points, folder)


def nbgrader(folder: Path, files: dict[str, str]) -> Grading:
    """Prepare nbgrader's course of one assignment, and the notebooks handed in."""
    program = environment("nbgrader") + "/nbgrader"
    write(folder / "nbgrader_config.py", "")
    write(folder / "source/crossing/crossing.ipynb", json.dumps(notebook(START)))
    run([program, "generate_assignment", "crossing"], folder)
    released = json.loads((folder / "release/crossing/crossing.ipynb").read_text())
    for student, text in files.items():
        released["cells"][0]["source"] = text
        write(folder / "submitted" / student / "crossing/crossing.ipynb", json.dumps(released))

    def points() -> dict[str, int]:
        run([program, "export", "--to", "grades.csv"], folder)
        with (folder / "grades.csv").open() as lines:
            return {row["student_id"]: int(float(row["score"])) for row in csv.DictReader(lines)}

    return Grading([[program, "autograde", "crossing"]], points, folder)


def write(file: Path, text: str) -> Path:
    """Write *text* to a new *file*."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def run(command: list[str], cwd: Path) -> None:
    """Run *command* in an environment without anybody's own settings of these tools."""
    home = str(cwd / "home")
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ["PATH"]])
    own = {"HOME": home, "PATH": path, "JUPYTER_CONFIG_DIR": home, "IPYTHONDIR": home}
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | own, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")


def children() -> float:
    """Give the CPU seconds of all processes waited for so far, orphans as well."""
    try:
        while os.waitpid(-1, 0):
            pass
    except ChildProcessError:
        pass
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measure(prepare: Callable[[Path, dict[str, str]], Grading], students: int) -> tuple[float, ...]:
    """Grade *students* answers; give CPU and wall seconds, and stop where the points differ."""
    handed_in = answers(students)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # started by root, the judge is another user
        grading = prepare(folder, {each: text for each, (text, _) in handed_in.items()})
        cpu, wall = children(), time.perf_counter()
        for command in grading.commands:
            run(command, grading.cwd)
        wall = time.perf_counter() - wall
        cpu = children() - cpu
        expected = {student: points for student, (_, points) in handed_in.items()}
        if (found := grading.points()) != expected:
            sys.exit(f"{prepare.__name__} gave {found}, expected {expected}.")
    return cpu, wall


def environment(peer: str) -> str:
    """Make *peer*'s environment, anew where peers.txt has changed; give where its programs are."""
    place = ROOT / ".build" / "bench" / peer
    made = place / PINS.name
    if not made.is_file() or made.read_bytes() != PINS.read_bytes():
        print(f"Making the environment of {peer}, once", file=sys.stderr)
        shutil.rmtree(place, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        install = [f"{place}/bin/pip", "install", "--quiet", "--constraint", str(PINS)]
        subprocess.run([*install, peer, "ipykernel"], check=True)
        shutil.copy(PINS, made)
    return str(place / "bin")


def main() -> None:
    # Whoever outlives a parent comes to this process, so that its time is counted too.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    pins = dict(line.split("==") for line in PINS.read_text().split())
    tools = {
        f"the floor: pytest {version('pytest')} in a fork": floor,
        "workbook grade, in the sandbox": workbook,
        f"nbgrader {pins['nbgrader']} autograde": nbgrader,
        f"otter-grader {pins['otter-grader']}, otter run": otter,
    }
    found = {}
    for name, prepare in tools.items():
        measure(prepare, 1)  # warm: caches of bytecode and of files
        found[name] = measure(prepare, STUDENTS)
        print(".", end="", flush=True, file=sys.stderr)
    print(file=sys.stderr)

    table = Table("graded by", "CPU s each", "a minute", "to floor", box=None, pad_edge=False)
    for column in table.columns[1:]:
        column.justify = "right"
    least = next(iter(found.values()))[0]
    for name, (cpu, wall) in found.items():
        a_minute = STUDENTS * 60 / wall
        table.add_row(name, f"{cpu / STUDENTS:.3f}", f"{a_minute:.0f}", f"{cpu / least:.1f}")
    Console(width=76).print(table)
    print(f"\n{STUDENTS} answers, the same points by every tool. Python {sys.version.split()[0]}, "
          f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end")  # fmt: skip


if __name__ == "__main__":
    main()
