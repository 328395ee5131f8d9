"""What a grader sees of a submission: its files, and what its own process gives of them."""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workbook import tools, values
from workbook.intake import TooMuch, parse, read_file
from workbook.process import Process, in_subprocess, remove

CPU = 3  # seconds an expression may compute
WALL = 20  # seconds until it is ended all the same, when it only waits
TOOL_CPU, TOOL_WALL = 60, 300
WIDEST = 300  # characters of a value in a message
# Control characters could rewrite a terminal, some marks turn a line about, half a surrogate pair
# is no text, and an address differs from run to run: none belongs in a verdict.
NOISE = re.compile(
    r"[^\n\t -~\u00a0-\ud7ff\ue000-\U0010ffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
    r"| at 0x[0-9a-fA-F]+"
)


class NotGradable(Exception):
    """The submission cannot be asked: a fact about its files, with no concept behind it.

    The first argument is the message, the second what an interpreter or tool said of it.
    """

    @property
    def detail(self) -> str:
        return str(self.args[1]) if len(self.args) > 1 else ""


class ToolMissing(Exception):
    """A tool that the grader needs is not installed here: never the learner's fault."""


@dataclass(frozen=True, eq=False)
class Raised:
    """An exception in the learner's process, come back as a value that equals nothing.

    *error* is the name of its class, *message* what it said.
    """

    error: str
    message: str

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = None  # type: ignore[assignment]  # what equals nothing has no place in a set

    def __repr__(self) -> str:
        return f"raised {self.error}"


class ExitCode(int):
    """An exit code that knows, by being itself, which run it came from."""


@dataclass(frozen=True)
class Ran:
    """What a tool did: its exit code and, capped, what it wrote."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Asked:
    """A value that came back, for telling where it came from: *about* is what was run."""

    value: object
    about: str
    detail: str = ""

    def tell(self, operator: str, other: object) -> str:
        """Say what was run, what came back and what was expected."""
        expected = {"==": "", "is": "", "in": "one of ", "!=": "not ", "is not": "not "}
        wish = expected.get(operator, f"{operator} ") + short(other)
        if isinstance(self.value, ExitCode):
            return f"{self.about}: exit code {int(self.value)}, expected {wish}."
        gave = f"gave {short(self.value)}"
        if isinstance(self.value, Raised):
            odd = self.value.error == "NotPlain"  # it answered, with what does not cross
            gave = f"gave {self.value.message}" if odd else f"raised {self.value.error}"
        return f"{self.about} {gave}, expected {wish}."


def plain(words: object, longest: int | None = None) -> str:
    """Give *words* of the learner's process as a verdict may hold them, at most *longest* of it."""
    text = NOISE.sub("", str(words)[: longest and 4 * longest])  # enough, whatever is dropped
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def short(value: object) -> str:
    """Show *value* on one line of at most WIDEST characters; sets in one order."""
    if type(value) in (set, frozenset) and isinstance(value, set | frozenset):
        text = "{" + ", ".join(map(repr, values.in_order(value))) + "}" if value else "set()"
    else:
        text = repr(int(value)) if isinstance(value, ExitCode) else repr(value)
    return text if len(text) <= WIDEST else text[: WIDEST - 3] + "..."


@dataclass
class Submission:
    """A judged copy of the files a learner handed in.

    `path` is the folder, `files` the names of the graded files that are there, relative to it;
    `process` is how the learner's process runs in this place.
    """

    path: Path
    files: tuple[str, ...]
    process: Process = in_subprocess
    asked: list[Asked] = field(default_factory=list)

    def read(self, name: str) -> str:
        """Give the text of the file *name*."""
        if name not in self.files:
            raise NotGradable(f"{name} is missing.")
        # Taken with care once more: the learner's process may have put something else there.
        content, wrong = read_file(self.path, name)
        if content is None:
            raise NotGradable(wrong or f"{name} was removed while it was checked.")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise NotGradable(f"{name} is not UTF-8.", str(error)) from None

    def toml(self, name: str) -> dict[str, Any]:
        """Give the content of the TOML file *name*."""
        content: dict[str, Any] = self._parsed(name, "TOML", "toml")
        return content

    def yaml(self, name: str) -> Any:
        """Give the content of the YAML file *name*, with plain types only."""
        return self._parsed(name, "plain YAML", "yaml")

    def json(self, name: str) -> Any:
        """Give the content of the JSON file *name*."""
        return self._parsed(name, "JSON", "json")

    def _parsed(self, name: str, language: str, kind: str) -> Any:
        text = self.read(name)
        try:
            return parse(kind, text)
        except TooMuch as error:
            raise NotGradable(f"{name} {error}.") from None
        except Exception as error:  # PyYAML raises whatever its conversions do: KeyError as well
            raise NotGradable(f"{name} is not {language}.", plain(error)) from None

    def copy(self) -> "Submission":
        """Give the same submission over a fresh copy, for a grader that changes files."""
        return self._copied_to(Path(tempfile.mkdtemp(dir=self.path.parent)))

    @contextmanager
    def apart(self) -> "Iterator[Submission]":
        """Give a copy in a place of its own, for as long as the context lasts.

        Those that `copy` gives stand side by side: what runs in one sees the others.
        """
        place = Path(tempfile.mkdtemp(prefix="workbook-")).resolve()
        try:
            yield self._copied_to(place / "submission")
        finally:
            remove(place)

    def _copied_to(self, fresh: Path) -> "Submission":
        try:
            shutil.copytree(self.path, fresh, symlinks=True, dirs_exist_ok=True)
        except (OSError, RecursionError) as error:
            text = "What your code left among the files cannot be copied."
            raise NotGradable(text, plain(error)) from None
        return Submission(fresh, self.files, self.process, self.asked)

    def evaluate(self, expression: str, setup: str = "") -> Any:
        """Run *setup*, then evaluate *expression*, in the learner's process; give its value.

        Both are the grader's; the learner's modules are importable. An exception comes back as
        Raised. Raises NotGradable when the learner's code cannot be asked at all.
        """
        about = " ".join(expression.split())
        done = self.process(["evaluate"], f"{setup}\0{expression}", CPU, WALL, self.path)
        if done.code is None:
            ends = {
                "time": "gave no answer in time: does it ever end?",
                "memory": "took more memory than there is.",
                "killed": "gave no answer: its process was killed.",
            }
            raise NotGradable(f"{about} {ends[done.over]}")
        try:
            reply = json.loads(done.stdout)
            detail = plain(reply.get("detail", ""), WIDEST * 2)
            if "blocked" in reply:
                raise NotGradable(plain(reply["blocked"], WIDEST), detail)
            raised = Raised(plain(reply["raised"], 80), detail) if "raised" in reply else None
            value = raised or values.decode(reply["value"])
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, RecursionError):
            how = f"exit code {done.code}" if done.code >= 0 else f"signal {-done.code}"
            text = f"{about} gave no answer: it ended the process ({how})."
            raise NotGradable(text, plain(done.stderr)) from None
        odd = not isinstance(value, Raised) or value.error == "NotPlain"
        detail = "" if odd else value.message
        self.asked.append(Asked(value, about, detail))
        return value

    def run(self, tool: str, *arguments: str) -> Ran:
        """Run *tool* with *arguments* over the files, in a process of its own.

        The tool gets an empty home and the judge's environment, is told one Python version, and
        reads the learner's configuration where that stands among the files.
        """
        about = " ".join([tool, *arguments])
        if not tools.is_installed(tool):
            raise ToolMissing(f"{tool} is not installed here. `make tools` brings it.")
        scratch = Path(tempfile.mkdtemp(dir=self.path.parent))
        steady = tools.steady_arguments(tool, scratch, arguments)
        command = ["run", tool, *steady, *arguments]
        done = self.process(command, "", TOOL_CPU, TOOL_WALL, self.path)
        if done.code is None:
            ends = {
                "time": f"did not end in time: {TOOL_CPU} s of computing.",
                "memory": "did not end within its memory.",
                "killed": "was killed.",
            }
            raise NotGradable(f"{about} {ends[done.over]}")
        code = ExitCode(done.code)
        ran = Ran(code, plain(done.stdout), plain(done.stderr))
        self.asked.append(Asked(code, about, ran.stdout))
        return ran
