"""The `{way}` directive: the modules as a graph, out of what each chapter says of itself.

A chapter says under its objectives how long it takes and what it builds on:

    It takes about seven hours: one and a half for this chapter, two for the notebooks, …
    It builds on [module 1](/course/m1_static_analysis): you can read a finding.

Nothing of it is written twice. The graph is a picture and, beside it, a list that says the same.
"""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from workbook.course import ROOT, CourseError

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
TAKES = re.compile(r"^It takes about (\w+) hours: (.+) for this chapter.*?, (.+) for the notebooks")
BUILDS_ON = re.compile(r"^It builds on (.+)$")
EVERY = re.compile(r"\b(all|every|each)\b")
ROW, LEFT, WIDTH = 44, 84, 360  # of the picture, in its own units


@dataclass(frozen=True)
class Step:
    """A module on the way: its hours, and the numbers of the modules that it builds on."""

    module: str
    number: int
    title: str
    hours: Fraction
    reading: Fraction
    notebooks: Fraction
    after: tuple[int, ...]
    says: str  # what it builds on, in the chapter's own words


class Way(SphinxDirective):
    """Show every module with its hours and what it builds on: a picture, and a list."""

    def run(self) -> list[nodes.Node]:
        chapters = sorted((ROOT / "course").glob("m[0-9]_*.md"))
        for chapter in chapters:
            self.env.note_dependency(str(chapter))
        try:
            steps = {step.number: step for step in map(read, chapters)}
        except CourseError as error:
            raise self.error(str(error)) from None
        picture = nodes.raw("", draw(steps), format="html")
        return [picture, *self.parse_text_to_nodes("\n".join(listed(steps)))]


def read(chapter: Path) -> Step:
    """Read what *chapter* says of its time and of what it builds on."""
    text = chapter.read_text(encoding="utf-8")
    lines = text.splitlines()
    number = int(chapter.stem[1])
    takes = next(filter(None, map(TAKES.match, lines)), None)
    builds = next(filter(None, map(BUILDS_ON.match, lines)), None)
    if not takes or not builds:
        raise CourseError(
            f"{chapter.name} does not say how long it takes and what it builds on.\n"
            "Expected: It takes about four hours: one for this chapter, two for the notebooks, "
            "the rest for the exercises. And: It builds on module 1."
        )
    # What comes after a colon or a semicolon says why.
    asked = re.split(r"[:;] ", builds[1])[0]
    after = {int(each) for each in re.findall(r"module (\d)", asked)}
    if EVERY.search(asked) and not after:
        after = set(range(1, number))
    if any(each >= number for each in after):
        raise CourseError(f"{chapter.name} builds on a module that comes after it.")
    hours, reading, notebooks = map(amount, takes.groups())
    title = lines[0].removeprefix("# ")
    says = builds[0].removesuffix(".")
    return Step(chapter.stem, number, title, hours, reading, notebooks, tuple(sorted(after)), says)


def amount(words: str) -> Fraction:
    """Read an amount in words: *one*, *two and a half*."""
    whole, _, half = words.partition(" and ")
    if whole not in NUMBERS or half not in ("", "a half"):
        raise CourseError(f"{words!r} is no amount of hours. Expected words as *two and a half*.")
    return NUMBERS.index(whole) + Fraction(bool(half), 2)


def everything_before(steps: Mapping[int, Step], number: int) -> set[int]:
    """Give the modules that the module *number* builds on, directly or not."""
    after = steps[number].after
    return set(after).union(*(everything_before(steps, each) for each in after))


def direct(steps: Mapping[int, Step], number: int) -> list[int]:
    """Give what the module *number* builds on, without what those build on already."""
    after = steps[number].after
    implied = set().union(*(everything_before(steps, each) for each in after))
    return [each for each in after if each not in implied]


def written(hours: Fraction) -> str:
    """Write hours with a half as a half."""
    return f"{int(hours)}½" if hours % 1 else f"{int(hours)}"


def listed(steps: Mapping[int, Step]) -> list[str]:
    """Write the modules as a list, in MyST."""
    lines = []
    for step in steps.values():
        rest = step.hours - step.reading - step.notebooks
        before = everything_before(steps, step.number)
        total = step.hours + sum(steps[each].hours for each in before)
        lines += [
            f"{step.number}. **[{step.title}](/course/{step.module}.md)**, {written(step.hours)} "
            f"hours: {written(step.reading)} to read, {written(step.notebooks)} for the notebooks, "
            f"{written(rest)} for the exercises.",
            f"   {step.says}.",
        ]
        if before:
            lines += [f"   With all that it builds on: {written(total)} hours."]
    whole = sum((step.hours for step in steps.values()), Fraction())
    return [*lines, "", f"The whole course takes about {written(whole)} hours."]


def draw(steps: Mapping[int, Step]) -> str:
    """Draw a row for each module, and an arc from each module to those that build on it."""
    height = ROW * len(steps)
    rows = {number: ROW * place + ROW // 2 for place, number in enumerate(steps)}
    arcs, dots = [], []
    for number, step in steps.items():
        for before in direct(steps, number):
            # It leaves below a dot and ends above one; the longer, the farther out, to stay apart.
            high, low = rows[before] + 5, rows[number] - 4
            out = LEFT - 22 - (low - high) * 0.26
            curve = f"M{LEFT - 6} {high}C{out:.0f} {high} {out:.0f} {low} {LEFT - 12} {low}"
            arcs.append(f'<path class="arc" d="{curve}" marker-end="url(#arrow)"/>')
        dots.append(
            f'<circle cx="{LEFT}" cy="{rows[number]}" r="6"/>'
            f'<text x="{LEFT + 16}" y="{rows[number] + 5}">{number} {html.escape(step.title)} '
            f'<tspan class="hours">{written(step.hours)} h</tspan></text>'
        )
    label = "The modules, one below the other; an arrow leads from each to those that build on it."
    return (
        f'<svg class="way" viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{label} The list '
        'below says the same."><defs><marker id="arrow" viewBox="0 0 8 8" refX="5" refY="4" '
        'markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        f"{''.join(arcs)}{''.join(dots)}</svg>"
    )
