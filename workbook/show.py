"""Show verdicts, hints and references in the terminal."""

import difflib

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from workbook.course import Exercise, Files
from workbook.verdict import CheckVerdict, Verdict

console = Console(highlight=False)
if not console.is_terminal:
    console = Console(highlight=False, width=110)  # a log has no width of its own

MARKS = {"passed": ("✔", "green"), "not_yet": ("·", "yellow"), "broken": ("!", "red")}
WORDS = {"passed": "passed", "not_yet": "not yet", "broken": "broken"}


def verdict_view(exercise: Exercise, verdict: Verdict) -> RenderableType:
    """Show every check of *verdict*, with the message and detail of those that are open."""
    head = Text(exercise.title, style="bold")
    parts: list[RenderableType] = [head, Text(exercise.id, style="dim"), ""]
    for check in verdict.checks:
        mark, colour = MARKS[check.outcome]
        points = f"  {check.points} of {check.of}"
        parts.append(Text.assemble((f"{mark} ", colour), check.title, (points, "dim")))
        # One fact about the files explains every check: said once is enough.
        if check.message and check.message not in [c.message for c in before(verdict, check)]:
            parts.append(Padding(Text(check.message), (0, 0, 0, 4)))
            if check.detail and check.outcome != "passed":
                parts.append(Padding(Text(clipped(check.detail), style="dim"), (0, 0, 0, 4)))
    total = f"{WORDS[verdict.outcome]}, {verdict.points} of {verdict.of} points"
    return Group(*parts, "", Text(total, style=f"bold {MARKS[verdict.outcome][1]}"))


def before(verdict: Verdict, check: CheckVerdict) -> list[CheckVerdict]:
    """Give the checks that come before *check*."""
    return verdict.checks[: verdict.checks.index(check)]


def clipped(text: str, lines: int = 12) -> str:
    """Keep the first *lines* of a tool's words, and say when there are more."""
    found = text.strip().splitlines()
    more = [f"… and {len(found) - lines} lines more"] if len(found) > lines else []
    return "\n".join(found[:lines] + more)


def question_view(check: CheckVerdict, number: int) -> Text:
    """Show the hint *number* (from 1) of *check*."""
    head = Text(f"hint {number} of {len(check.questions)}: ", style="cyan")
    return head + Text(check.questions[number - 1])


def reference_view(exercise: Exercise, mine: Files | None) -> RenderableType:
    """Show the reference: beside what the learner wrote as a diff, or whole without *mine*."""
    from rich.syntax import Syntax  # a tenth of a second that only this view needs

    parts: list[RenderableType] = []
    for name, content in exercise.reference.items():
        old = (mine or {}).get(name)
        text = content.decode("utf-8", "replace")
        if old == content:
            continue
        if old is not None:
            lines = difflib.unified_diff(
                old.decode("utf-8", "replace").splitlines(), text.splitlines(),
                f"yours/{name}", f"reference/{name}", lineterm="",
            )  # fmt: skip
            parts.append(Syntax("\n".join(lines), "diff", background_color="default"))
        elif name not in exercise.start or exercise.start[name] != content:
            parts += [Text(name, style="bold"), Syntax(text, Syntax.guess_lexer(name, text))]
    return Group(*parts) if parts else Text("Your files are the reference, to the letter.")


def table(*headings: str) -> Table:
    """Give a plain table with *headings*, in the one style of the tool."""
    made = Table(box=None, pad_edge=False, header_style="dim")
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made
