"""Read a unified diff: which lines it adds, and what the project looks like with it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")

Added = Mapping[str, Mapping[int, str]]


class DoesNotApply(Exception):
    """The diff speaks of a line that the project does not have: which one, and what is there."""


@dataclass(frozen=True)
class Line:
    """A line of a hunk: *sign* is a space, a plus or a minus; *old* and *new* count from 1."""

    file: str
    sign: str
    old: int
    new: int
    text: str


def lines(diff: str) -> Iterator[Line]:
    """Give the lines of all hunks of *diff*, in its order.

    A hunk's own counts say where it ends, so that a removed line that begins with two dashes is
    not taken for a header.
    """
    file, old, new, old_left, new_left = "", 0, 0, 0, 0
    for text in diff.splitlines():
        if old_left or new_left:
            sign = text[:1] or " "
            if sign == "\\":  # "\ No newline at end of file" is not a line
                continue
            yield Line(file, sign, old, new, text[1:])
            if sign != "+":
                old, old_left = old + 1, old_left - 1
            if sign != "-":
                new, new_left = new + 1, new_left - 1
        elif text.startswith("+++ "):
            file = text.split("\t")[0].removeprefix("+++ ").removeprefix("b/")
        elif start := HUNK.match(text):
            old_left, new_left = int(start[2] or 1), int(start[4] or 1)
            # A hunk that takes nothing stands after the line it names.
            old, new = int(start[1]) + (not old_left), int(start[3])


def added(diff: str) -> Added:
    """Give the lines that *diff* adds: by file, then by their number in the new file."""
    found: dict[str, dict[int, str]] = {}
    for line in lines(diff):
        if line.sign == "+":
            found.setdefault(line.file, {})[line.new] = line.text
    return found


def apply(diff: str, root: Path) -> None:
    """Change the files below *root* as *diff* says, or raise DoesNotApply and change none."""
    results: dict[Path, list[str]] = {}
    taken: dict[Path, int] = {}
    for line in lines(diff):
        path = (root / line.file).resolve()
        if not path.is_relative_to(root.resolve()):
            raise DoesNotApply(f"{line.file} is not below the project. The diff may not leave it.")
        before = content(path)
        here = line.old - 1
        result = results.setdefault(path, [])
        result += before[taken.get(path, 0) : here]
        if line.sign != "+":
            there = before[here] if here < len(before) else "the end of the file"
            if there != line.text:
                raise DoesNotApply(
                    f"{line.file}:{line.old} is {there!r}; the diff expects {line.text!r}."
                )
        if line.sign != "-":
            result.append(line.text)
        taken[path] = here + (line.sign != "+")
    for path, result in results.items():
        text = "\n".join([*result, *content(path)[taken[path] :]]) + "\n"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def content(path: Path) -> list[str]:
    """Give the lines of the file at *path*; none where there is no file yet."""
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
