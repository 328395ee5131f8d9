"""The `{passed}` directive: every exercise of the course, and a place for what became of it.

The page's script fills in what the browser's progress document knows. Without scripts each
exercise has an empty box, to be ticked on paper.
"""

import html

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from workbook.course import ROOT, Exercise, digest, find_exercises

HEAD = ["| Exercise | State | Points |", "|---|---|---|"]


class Passed(SphinxDirective):
    """List the exercises of each module, in its order, with what they can give."""

    def run(self) -> list[nodes.Node]:
        exercises = find_exercises(ROOT)
        lines = []
        for module in dict.fromkeys(each.module for each in exercises):
            mine = [each for each in exercises if each.module == module]
            chapter = ROOT / "course" / f"{module}.md"
            self.env.note_dependency(str(chapter))
            title = chapter.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
            lines += [f"## {title}", "", *HEAD, *map(row, mine), ""]
            lines += ["```{raw} html", f'<p class="record" data-module="{module}"></p>', "```", ""]
        for each in exercises:
            self.env.note_dependency(str(each.grader))
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def row(exercise: Exercise) -> str:
    """Write the row of an exercise: its page, an empty box, and the points that it can give."""
    data = {"exercise": exercise.id, "start": digest(exercise.start)}
    attributes = "".join(f' data-{name}="{html.escape(value)}"' for name, value in data.items())
    of = sum(check.points for check in exercise.checks)
    return (
        f"| [{exercise.title}](/exercises/{exercise.id}/README.md) "
        f'| <span class="state-of"{attributes}>□</span> | <span class="points-of"></span> of {of} |'
    )
