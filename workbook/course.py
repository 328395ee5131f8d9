"""Find the course's exercises, and read what each file of one says about it."""

import ast
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RUNNING_EXAMPLE = "my-devops-project"
LEFTOVERS = re.compile(
    r"__pycache__|\.\w+_cache$|\.pyc$|\.ipynb_checkpoints|\.egg-info$|\.coverage$"
)

Files = Mapping[str, bytes]


class CourseError(Exception):
    """Something about the course or a command is wrong: what was found, expected, to do next."""


@dataclass(frozen=True)
class Check:
    """A check as its author wrote it: a test function, its docstring and its markers."""

    id: str
    title: str
    advice: str
    points: int
    hints: tuple[str, ...]


@dataclass(frozen=True, order=True)
class Exercise:
    """An exercise, found by the folder that holds its statement: *root*/exercises/*module*/*name*.

    Everything else about it stands at the same path in another tree.
    """

    root: Path
    module: str
    name: str

    @property
    def id(self) -> str:
        return f"{self.module}/{self.name}"

    @property
    def statement(self) -> Path:
        return self.root / "exercises" / self.module / self.name / "README.md"

    @property
    def files_at(self) -> str:
        """Where its files stand below exercises/ and solutions/: a project's are Causeway's."""
        return RUNNING_EXAMPLE if self.name == "project" else self.id

    @property
    def grader(self) -> Path:
        return self.root / "tests" / self.module / f"test_{self.name}.py"

    @property
    def fixtures(self) -> Path:
        return self.root / "tests" / self.module / self.name

    @cached_property
    def title(self) -> str:
        """The heading of its statement."""
        found = re.search(r"^# (.+)$", self.statement.read_text(encoding="utf-8"), re.MULTILINE)
        return found[1].strip() if found else self.name

    @cached_property
    def start(self) -> Files:
        """The files as they are handed out."""
        return read_tree(self.root / "exercises" / self.files_at, self._statement_is_apart)

    @cached_property
    def reference(self) -> Files:
        """The files of the reference answer."""
        return read_tree(self.root / "solutions" / self.files_at, self._statement_is_apart)

    @property
    def finished(self) -> Files:
        """The reference as it would be handed in: a file that it need not change is the start's.

        A project's reference is a whole tree, which may do without a file of the start.
        """
        return {**self.start, **self.reference} if self._statement_is_apart else self.reference

    @property
    def _statement_is_apart(self) -> bool:
        return self.files_at == self.id

    @cached_property
    def graded(self) -> tuple[str, ...]:
        """The names of the files that are taken from a submission: the start's, the reference's.

        And what its grader names beside them: `pytest.mark.takes(…)`.
        """
        return tuple(sorted({*self.start, *self.reference, *self.marked("takes")}))

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """The checks, in the order of the grader, read from its text before anything runs."""
        return tuple(read_checks(self.grader))

    @cached_property
    def needs(self) -> tuple[str, ...]:
        """What it cannot do without: `pytestmark = pytest.mark.needs(…)` in its grader."""
        return self.marked("needs")

    def marked(self, kind: str) -> tuple[str, ...]:
        """The words of the mark *kind* among `pytestmark = …` in its grader."""
        values = [
            node.value
            for node in parse(self.grader).body
            if isinstance(node, ast.Assign)
            and [ast.unparse(target) for target in node.targets] == ["pytestmark"]
        ]
        marks = [mark for value in values for mark in getattr(value, "elts", [value])]
        return tuple(word for mark in marks for word in literals(mark, kind, self.grader) or ())

    @cached_property
    def answers(self) -> dict[str, dict[str, dict[str, Any]]]:
        """What answers.toml says of the wrong and the right answers."""
        file = self.fixtures / "answers.toml"
        try:
            return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        except tomllib.TOMLDecodeError as error:
            raise CourseError(f"{file} is not valid TOML: {error}.") from None

    def answer(self, kind: str, name: str) -> Files:
        """Give the files of a fixture: the reference, with what the fixture changes."""
        files = dict(self.finished) | dict(read_tree(self.fixtures / kind / name, False))
        for gone in self.answers[kind][name].get("without", []):
            del files[gone]
        return files


def find_exercises(root: Path = ROOT) -> list[Exercise]:
    """Find all exercises: modules by name, theirs in the order of the chapter's toctree."""
    found = []
    for folder in sorted((root / "exercises").glob("m[0-9]_*")):
        chapter = root / "course" / f"{folder.name}.md"
        text = chapter.read_text(encoding="utf-8") if chapter.exists() else ""
        order = re.findall(rf"^/exercises/{folder.name}/(\w+)/README$", text, re.MULTILINE)
        names = [statement.parent.name for statement in sorted(folder.glob("*/README.md"))]
        names.sort(key=lambda name: order.index(name) if name in order else len(order))
        found += [Exercise(root, folder.name, name) for name in names]
    return found


def find_exercise(name: str, root: Path = ROOT) -> Exercise:
    """Find one exercise by its name, its module and name, or a clear beginning of these."""
    exercises = find_exercises(root)
    wanted = name.strip("/").removeprefix("exercises/")
    exact = [each for each in exercises if wanted in (each.name, each.id)]
    module, _, rest = wanted.rpartition("/")
    near = [each for each in exercises
            if each.module.startswith(module) and each.name.startswith(rest)]  # fmt: skip
    found = exact or near
    if len(found) == 1:
        return found[0]
    like = [each for each in exercises if get_close_matches(rest, [each.name], cutoff=0.75)]
    known = "\n".join(f"  {each.id}" for each in found or like or exercises)
    what = "means more than one exercise" if found else "is no exercise of this course"
    raise CourseError(f"{name} {what}. Name one of these:\n{known}")


def read_tree(folder: Path, statement_is_apart: bool) -> dict[str, bytes]:
    """Read the files below *folder* by their relative names, without what tools leave behind."""
    names = {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }
    return {
        name: path.read_bytes()
        for name, path in sorted(names.items())
        if not any(LEFTOVERS.search(part) for part in name.split("/"))
        and not (statement_is_apart and name == "README.md")
    }


def digest(files: Files) -> str:
    """Give one digest of names and contents: `sha256:` and 64 hexadecimal digits."""
    lines = [f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files)]
    return "sha256:" + hashlib.sha256("".join(lines).encode()).hexdigest()


def read_checks(grader: Path) -> list[Check]:
    """Read the test functions of *grader* without importing it."""
    checks = []
    for node in parse(grader).body:
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        title, _, advice = (ast.get_docstring(node) or node.name).partition("\n")
        marks = {
            kind: [*(literals(mark, kind, grader) or ())]
            for kind in ("points", "hint")
            for mark in node.decorator_list
            if literals(mark, kind, grader) is not None
        }
        points = marks.get("points", [1])[0]
        hints = tuple(marks.get("hint", []))
        checks.append(Check(node.name, title.strip(), advice.strip(), points, hints))
    return checks


def parse(grader: Path) -> ast.Module:
    """Read the syntax tree of *grader*."""
    try:
        return ast.parse(grader.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CourseError(f"There is no {grader}.\nEvery exercise is graded by one.") from None
    except SyntaxError as error:
        raise CourseError(f"{grader}, line {error.lineno}: {error.msg}.") from None


def literals(mark: ast.expr, kind: str, grader: Path) -> list[Any] | None:
    """Give the arguments of `pytest.mark.KIND(…)`; None when *mark* is something else."""
    if not isinstance(mark, ast.Call) or ast.unparse(mark.func) != f"pytest.mark.{kind}":
        return None
    try:
        return [ast.literal_eval(argument) for argument in mark.args]
    except ValueError:
        raise CourseError(
            f"{grader.name}, line {mark.lineno}: pytest.mark.{kind} takes plain values, "
            f"found {ast.unparse(mark)}. Write the text or number there itself."
        ) from None
