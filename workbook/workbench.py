"""The `{workbench}` directive: at the end of an exercise's statement, its files and its checks."""

import html
import json

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from workbook.course import ROOT, Exercise, digest, find_exercises
from workbook.page.packs import describe

FOLDER = "[your own folder](/index.md#on-your-own-machine)"
SHOWN = 6  # files that are shown whole; of a larger tree the names are enough


class Workbench(SphinxDirective):
    """Show the files of the exercise whose README this is, its checks, and how to check them."""

    def run(self) -> list[nodes.Node]:
        exercise = self.exercise()
        for tree in (exercise.start, exercise.reference):
            for name in tree:
                base = "exercises" if tree is exercise.start else "solutions"
                self.env.note_dependency(str(ROOT / base / exercise.files_at / name))
        self.env.note_dependency(str(exercise.grader))
        return self.parse_text_to_nodes("\n".join(page(exercise)), allow_section_headings=True)

    def exercise(self) -> Exercise:
        """Find the exercise of this page."""
        for each in find_exercises(ROOT):
            if each.statement == ROOT / f"{self.env.current_document.docname}.md":
                return each
        raise self.error("{workbench} stands in exercises/MODULE/NAME/README.md only.")


def page(exercise: Exercise) -> list[str]:
    """Write what stands below the statement, in MyST."""
    where = f"exercises/{exercise.files_at}"
    in_page = not describe(exercise)["missing"]
    lines = ["## The files", "", f"They stand in `{where}` of {FOLDER}.", ""]
    if in_page or len(exercise.start) <= SHOWN:
        lines += ["::::{tab-set}"]
        for name in exercise.start:
            include = f"```{{literalinclude}} /{where}/{name}"
            lines += [f":::{{tab-item}} `{name}`", include, f":language: {language(name)}", "```"]
            lines += [":::"]
        lines += ["::::", ""]
    else:
        lines += [f"- `{name}`" for name in exercise.start]
        lines += [""]
    lines += ["## Check it", ""]
    if in_page:
        lines += ["```{raw} html", *workbench(exercise), "```", ""]
    else:
        lines += ["It needs more than a page has: check it on your own machine.", ""]
    total = sum(check.points for check in exercise.checks)
    lines += [f"The checks, {total} points in all:", "", "{.checks}"]
    lines += [f"- {check.title} ({check.points})" for check in exercise.checks]
    lines += ["", "On your own machine, in the terminal:", "", "```console"]
    lines += ["$ workbook start my-workbook  # once; it is yours, and what you hand in"]
    lines += ["$ cd my-workbook", f"$ workbook check {short_name(exercise)}", "```", ""]
    if exercise.needs:
        lines += [f"It needs {', '.join(exercise.needs)} on your machine.", ""]
    anchor = "README" if exercise.name != "project" else "/course/causeway"
    target = f"/solutions/{exercise.module}/README" if anchor == "README" else anchor
    lines += ["", f"When you have passed, compare with [the reference]({target}.md).", ""]
    return lines


def workbench(exercise: Exercise) -> list[str]:
    """Write what the page's script makes the workbench of: the exercise, and its start as data."""
    data = {"exercise": exercise.id, "start": digest(exercise.start),
            "folder": f"exercises/{exercise.files_at}"}  # fmt: skip
    attributes = "".join(f' data-{name}="{html.escape(value)}"' for name, value in data.items())
    start = json.dumps({name: text.decode("utf-8") for name, text in exercise.start.items()})
    return [
        f'<div class="workbench"{attributes}>',
        '<script type="application/json">' + start.replace("</", "<\\/") + "</script>",
        "<noscript><p>With JavaScript you edit and check the files here.</p></noscript>",
        "</div>",
    ]


def short_name(exercise: Exercise) -> str:
    """Give the name to type: a project needs its module's number with it."""
    return f"{exercise.module[:2]}/project" if exercise.name == "project" else exercise.name


def language(name: str) -> str:
    """Give the Pygments lexer for a file called *name*."""
    known = {"py": "python", "toml": "toml", "yaml": "yaml", "yml": "yaml", "json": "json",
             "md": "markdown", "diff": "diff", "flake8": "ini", "cfg": "ini", "ini": "ini",
             "Dockerfile": "docker", "robot": "robotframework", "sh": "bash"}  # fmt: skip
    return known.get(name.rpartition("/")[2].rpartition(".")[2], "text")
