"""What the tests of the tool share: a small course, answers to it, and processes of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import coverage
import pytest
from click.testing import CliRunner, Result

from workbook import cli, course, folder, update
from workbook.course import Exercise
from workbook.grading import from_folder, grade
from workbook.verdict import Verdict

ROOT = Path(__file__).resolve().parents[2]
COURSE = Path(__file__).parent / "course"

collect_ignore = ["course"]  # its graders are judged by the tests here, and run by them


@pytest.fixture(scope="session")
def small_course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small course in a folder of its own, which no test changes."""
    root = tmp_path_factory.mktemp("courses") / "small"
    shutil.copytree(COURSE, root)
    return root


@pytest.fixture
def broken_course(small_course: Path, tmp_path: Path) -> Path:
    """A copy of the small course, for a test to break."""
    return Path(shutil.copytree(small_course, tmp_path / "broken"))


@pytest.fixture(scope="session")
def toll(small_course: Path) -> Exercise:
    """The exercise of the small course that has files of every kind."""
    return course.find_exercise("toll", small_course)


Changes = Mapping[str, str | bytes | None]


def lay_out(exercise: Exercise, changes: Changes, folder: Path) -> Path:
    """Make a learner's folder of the reference with *changes*; None takes a file away."""
    there = folder / "exercises" / exercise.files_at
    for name, content in {**exercise.reference, **changes}.items():
        if content is not None:
            (there / name).parent.mkdir(parents=True, exist_ok=True)
            (there / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@pytest.fixture
def hand_in(toll: Exercise, tmp_path: Path) -> Callable[[Changes], Path]:
    """Make a learner's folder that holds the toll exercise, with some changes."""
    return lambda changes: lay_out(toll, changes, tmp_path / "handed-in")


@pytest.fixture
def judged(toll: Exercise, hand_in: Callable[[Changes], Path]) -> Callable[[Changes], Verdict]:
    """Judge the reference of the toll exercise with some changes."""

    def judge(changes: Changes) -> Verdict:
        [verdict] = grade([toll], from_folder(hand_in(changes)))
        return verdict

    return judge


@pytest.fixture
def at_small_course(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the commands serve the small course: the root that they take when none is named."""
    for function in (course.find_exercises, course.find_exercise, folder.start, update.update):
        assert function.__defaults__ == (course.ROOT,)
        monkeypatch.setattr(function, "__defaults__", (small_course,))
    return small_course


@pytest.fixture
def mine(
    at_small_course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> folder.LearnerFolder:
    """A learner's folder of the small course, and the current folder."""
    made = folder.start(tmp_path / "mine")
    monkeypatch.chdir(made.path)
    return made


@pytest.fixture
def run() -> Callable[..., Result]:
    """Give a command to `workbook`, in this process."""

    def command(*words: str, answer: str = "") -> Result:
        return CliRunner().invoke(cli.main, words, input=answer, catch_exceptions=False)

    return command


@pytest.fixture(scope="session")
def measured(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What to say to an interpreter so that its coverage counts where this process's does."""
    counts = coverage.Coverage.current()
    if counts is None:
        return []
    settings = tmp_path_factory.mktemp("coverage") / "settings.toml"
    settings.write_text(
        "[tool.coverage.run]\nbranch = true\nsource = ['workbook']\nparallel = true\n"
        # The learner's process ends itself in a way that would lose the figures.
        f"patch = ['_exit']\ndata_file = '{ROOT / counts.config.data_file}'\n",
        encoding="utf-8",
    )
    return ["-m", "coverage", "run", f"--rcfile={settings}"]


@pytest.fixture
def python(measured: list[str], tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run `python -m WORDS` in a process of its own, as a person would."""

    def run(
        *words: str, cwd: Path = tmp_path, stdin: str = "", flags: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *flags, *measured, "-m", *words],
            cwd=cwd, input=stdin, capture_output=True, text=True, timeout=120, check=False,
            env={**os.environ, "COLUMNS": "100"},
        )  # fmt: skip

    return run
