"""Take what is graded out of a submission, and say what is wrong with a file before any check."""

import codecs
import copy
import io
import json
import os
import stat
import tokenize
import tomllib
import warnings
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import normalize

import yaml

from workbook import values
from workbook.course import Exercise, Files

LARGEST = 500_000  # bytes of one file
# What a parser takes the square of the time for, or what Python cannot show any more.
NODES = 100_000  # of a YAML document, its aliases written out
YAML = 100_000  # characters of one
KEPT = 64  # YAML texts: each check of an answer asks about the same ones
DOTS = 100  # in a line of TOML: each may nest a table in the one before
DIGITS = 1000  # of a YAML number


@dataclass(frozen=True)
class Intake:
    """The files taken, and the first problem that keeps them from being asked, in two parts."""

    files: Files
    problem: str = ""
    detail: str = ""


def find_folder(exercise: Exercise, submission: Path) -> Path:
    """Find the exercise's files in a learner's folder, in its exercises alone, or by themselves."""
    inside = (submission / "exercises" / exercise.files_at, submission / exercise.files_at)
    for folder in inside:
        if folder.is_dir():
            return folder
    # A README.md may stand in every folder: by itself it is nobody's answer.
    whole = (submission / "exercises").is_dir()
    names = [name for name in exercise.start if name != "README.md"]
    by_itself = not whole and any((submission / name).is_file() for name in names)
    return submission if by_itself else inside[0]


def take(exercise: Exercise, submission: Path) -> Intake:
    """Take the graded files from *submission*; nothing else that stands there is looked at."""
    folder = find_folder(exercise, submission)
    if not folder.is_dir():
        return Intake({}, f"There is no folder {exercise.files_at} in what was handed in.")
    if not os.access(folder, os.R_OK | os.X_OK):
        return Intake({}, f"The folder {exercise.files_at} cannot be read.")
    for each in (folder, *folder.parents):
        if submission in each.parents and each.is_symlink():
            name = each.relative_to(submission).as_posix()
            return Intake({}, f"{name} is a link. Put the folder itself there.")
    files, problem = {}, ""
    for name in exercise.graded:
        content, wrong = read_file(folder, name)
        problem = problem or wrong
        if content is not None:
            files[name] = content
        elif name in exercise.start and not wrong:
            problem = problem or f"{name} is missing. `workbook reset` brings the start back."
        if twin := twin_of(folder, name):
            problem = f"{twin} and {name} are one name on some systems. Keep {name} alone."
    if problem:
        return Intake(files, problem)
    return inspect(files)


def read_file(folder: Path, name: str) -> tuple[bytes | None, str]:
    """Read *name* below *folder* without following a link: its content, or what is wrong."""
    path = folder
    for part in name.split("/"):
        path /= part
        if path.is_symlink():
            return None, f"{name} is a link. Put the file itself there."
    if not os.path.lexists(path):
        return None, ""
    if not stat.S_ISREG(path.stat().st_mode):
        return None, f"{name} is not a file."
    if path.stat().st_size > LARGEST:
        return None, f"{name} has more than {LARGEST} bytes."
    try:
        return path.read_bytes(), ""
    except OSError as error:
        return None, f"{name} cannot be read: {error.strerror}."


def twin_of(folder: Path, name: str) -> str:
    """Give what stands beside the file *name* and differs by case or Unicode form alone."""
    place, wanted = (folder / name).parent, name.rpartition("/")[2]
    beside = os.listdir(place) if place.is_dir() and not place.is_symlink() else []
    return next((each for each in beside if each != wanted and folded(each) == folded(wanted)), "")


def folded(name: str) -> str:
    """Give *name* without its case and Unicode form, as some file systems compare names."""
    return normalize("NFC", normalize("NFC", name).casefold())


def inspect(files: Files) -> Intake:
    """Look for what is no text or not in its file's language, before a check could stumble.

    A byte order mark, as some editors leave it, is no part of a text.
    """
    files = {name: content.removeprefix(codecs.BOM_UTF8) for name, content in files.items()}
    for name, content in files.items():
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            found = f"{name}, line {line}: the byte 0x{content[error.start]:02x} is not UTF-8. "
            return Intake(files, found + "Save the file as UTF-8.")
        place, detail = malformed(name, text)
        if place:
            return Intake(files, place, detail)
    return Intake(files)


def malformed(name: str, text: str) -> tuple[str, str]:
    """Tell where *text* breaks the rules of its language: a message, and the parser's words."""
    kind = name.rpartition(".")[2]
    try:
        if kind == "py":
            # Python alone obeys such a line: what a tool reads would be another text.
            encoding, _ = tokenize.detect_encoding(io.BytesIO(text.encode()).readline)
            if not encoding.startswith("utf-8"):
                return (
                    f"{name} declares the encoding {encoding}. Save it as UTF-8, and say none.",
                    "",
                )
            if "\0" in text:  # of which 3.11.2 says something else than later releases
                line = text.count("\n", 0, text.index("\0")) + 1
                raise SyntaxError("a null byte", (name, line, None, None))
            with warnings.catch_warnings(action="ignore"):
                compile(text, name, "exec", dont_inherit=True)  # nothing is run
        elif kind in ("toml", "json"):
            parse(kind, text)
        elif kind in ("yaml", "yml") and "templates/" not in name:  # Helm's are no YAML yet
            compose(text)  # nodes only: a tag is not run
    except TooMuch as error:
        return f"{name} {error}.", ""
    except SyntaxError as error:
        place = f"{name}, line {error.lineno}" if error.lineno else name
        return f"{place}: this is not valid Python.", str(error.msg)
    except tomllib.TOMLDecodeError as error:
        return f"{name} is not valid TOML.", str(error)
    except json.JSONDecodeError as error:
        return f"{name}, line {error.lineno}: this is not valid JSON.", error.msg
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return f"{name}, line {line}: this is not valid YAML.", str(error.problem)
    except (ValueError, RecursionError, MemoryError, yaml.YAMLError) as error:
        return f"{name} cannot be read as {kind}.", f"{type(error).__name__}: {error}"
    return "", ""


class TooMuch(ValueError):
    """A text that no answer needs, and that would hold up whoever reads or shows it."""


def parse(kind: str, text: str) -> Any:
    """Give the content of *text*, which is toml, json or yaml, of plain types.

    Raises TooMuch for more than a grader can handle, and what the language's parser raises.
    """
    if kind == "toml":
        for number, line in enumerate(text.splitlines(), 1):
            if line.count(".") > DOTS:
                raise TooMuch(f"has more than {DOTS} dots in line {number}")
        value: Any = tomllib.loads(text)
    elif kind == "json":
        value = json.loads(text)
    else:
        return copy.deepcopy(load(text))
    showable(value, values.DEPTH)
    return value


@lru_cache(KEPT)
def load(text: str) -> Any:
    """Give the content of the YAML *text*, for others to copy: it takes a while to be read."""
    compose(text)
    value = yaml.safe_load(text)
    showable(value, values.DEPTH)
    return value


@lru_cache(KEPT)
def compose(text: str) -> None:
    """Read *text* as YAML, making no values of it; raises TooMuch, and what the parser does."""
    if len(text) > YAML:
        raise TooMuch(f"has more than {YAML} characters")
    for node in yaml.compose_all(text, yaml.SafeLoader):
        if written_out(node, {}) > NODES:
            raise TooMuch(f"repeats itself by its aliases more than {NODES} times")


def showable(value: object, depth: int) -> None:
    """Raise TooMuch where *value* is deeper than *depth*, or holds a number too long to show."""
    if depth == 0:
        raise TooMuch(f"nests more than {values.DEPTH} deep")
    if isinstance(value, int) and value.bit_length() > values.BITS:
        raise TooMuch(f"has a whole number of more than {values.BITS} bits")
    if isinstance(value, dict):
        for part in (*value.keys(), *value.values()):
            showable(part, depth - 1)
    elif isinstance(value, list | tuple):
        for part in value:
            showable(part, depth - 1)


def written_out(node: yaml.Node, sizes: dict[int, int]) -> int:
    """Count the nodes below *node* as if each alias were written out; a loop counts as too many."""
    if id(node) not in sizes:
        number = isinstance(node, yaml.ScalarNode) and node.tag.endswith((":int", ":float"))
        if number and len(node.value) > DIGITS:
            raise TooMuch(f"has a number of more than {DIGITS} digits")
        sizes[id(node)] = NODES + 1  # what it counts for whoever meets it below itself
        parts = node.value if isinstance(node, yaml.CollectionNode) else ()
        pairs = [part if isinstance(part, tuple) else (part,) for part in parts]
        sizes[id(node)] = 1 + sum(written_out(each, sizes) for pair in pairs for each in pair)
    return sizes[id(node)]
